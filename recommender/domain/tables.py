"""Read the dated tables of `data/` and say exactly what is wrong with a broken one."""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

Locale = Literal["vi", "en"]
IN_WORDS = "x-expected"
"""Where a schema with a `pattern` says for people what matches it."""

Row = TypeVar("Row", bound=msgspec.Struct)
Content = TypeVar("Content")


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in a data file: where it stands, and what would be right."""

    file: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" if self.row else self.file
        return (
            f"{place}, column {self.column}: {self.message}"
            if self.column
            else (f"{place}: {self.message}")
        )


class DataError(Exception):
    """The data files cannot be used; `problems` lists every fault found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Bilingual(msgspec.Struct, frozen=True):
    """A row whose texts stand in columns that end in `_vi` and `_en`."""

    def say(self, field: str, locale: Locale) -> str:
        """Return the text of `field` (such as `"name"`) in the reader's language."""
        return str(getattr(self, f"{field}_{locale}"))


def read_table(path: Path, row_type: type[Row], problems: list[Problem]) -> list[tuple[int, Row]]:
    """Read a CSV file into typed rows, adding what is wrong to `problems`.

    Empty cells are None (or an empty tuple), `|` separates several values.

    Args:
        path: The CSV file, UTF-8 with a header.
        row_type: The struct that a row must fit; its field names are the columns.
        problems: Every fault found is appended here.

    Returns:
        The line number and the struct of each sound row.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(row_type)}
    rows: list[tuple[int, Row]] = []
    for line, cells in _lines(path, set(fields), problems):
        values: dict[str, Any] = {}
        for column, text in cells.items():
            try:
                values[column] = convert_cell(text, fields[column].type)
            except msgspec.ValidationError:
                right = describe(fields[column].type)
                problems.append(
                    Problem(path.name, line, column, f"expected {right}, found {text!r}")
                )
        if len(values) == len(fields):
            rows.append((line, row_type(**values)))
    return rows


def read_toml(path: Path, file_type: type[Content], problems: list[Problem]) -> Content | None:
    """Read a TOML file into a typed value; on a fault add it to `problems` and return None."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), file_type)
    except FileNotFoundError:
        problems.append(Problem(path.name, 0, "", "the file is missing"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(path.name, 0, "", f"is not valid UTF-8 TOML: {error}"))
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        problems.append(Problem(path.name, 0, where.strip("`$."), message))
    return None


def convert_cell(text: str, kind: Any) -> Any:
    """Turn the text of a cell into a value of the type `kind`, or raise ValidationError."""
    if _json_type(kind) == "array":
        return msgspec.convert(tuple(text.split("|")) if text else (), kind, strict=False)
    if text == "":
        return msgspec.convert(None, kind)
    return msgspec.convert(text, kind, strict=False)


def describe(kind: Any) -> str:
    """Say in words which values a cell of the type `kind` takes."""
    schema = msgspec.json.schema(kind)
    if schema.get("type") == "array":
        return f"{describe_schema(schema['items'])}, several separated by |"
    options = schema.get("anyOf", [schema])
    return " or ".join(describe_schema(option) for option in options)


def describe_schema(schema: dict[str, Any]) -> str:
    """Say in words which values a JSON schema takes."""
    if "properties" in schema:
        return "an object with " + ", ".join(schema["properties"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "null":
        return "nothing"
    if schema.get("type") == "array":
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        length = f" of {least} to {most}" if most is not None else ""
        return f"a list{length}, each {describe_schema(schema.get('items', {}))}"
    words = {
        "string": "text",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "true or false",
        "object": "an object",
    }
    text = schema.get(IN_WORDS) or words.get(str(schema.get("type")), "a value")
    if schema.get("format") == "date":
        text = "a date YYYY-MM-DD"
    if schema.get("format") == "date-time":
        text = "a time with offset, such as 2026-11-23T09:00:00+07:00"
    if "examples" in schema:
        text += " like " + " or ".join(map(str, schema["examples"]))
    if schema.get("minLength"):
        text = "a text that is not empty"
    if "minimum" in schema and "maximum" in schema:
        text += f" from {schema['minimum']} to {schema['maximum']}"
    elif "minimum" in schema:
        text += f" of at least {schema['minimum']}"
    elif "exclusiveMinimum" in schema:
        text += f" above {schema['exclusiveMinimum']:g}"
        text += f", {schema['maximum']} at most" if "maximum" in schema else ""
    return text


@cache
def _json_type(kind: Any) -> str:
    return str(msgspec.json.schema(kind).get("type", ""))


def _lines(
    path: Path, columns: set[str], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = Counter(reader.fieldnames or ())
            for column in sorted(columns - set(found)):
                problems.append(Problem(path.name, 1, column, "the column is missing"))
            for column in sorted(set(found) - columns):
                problems.append(Problem(path.name, 1, column, "no such column is known"))
            for column in sorted(column for column, count in found.items() if count > 1):
                message = "the column stands here for the second time"
                problems.append(Problem(path.name, 1, column, message))
            if found != Counter(columns):
                return
            for cells in reader:
                if None in cells or None in cells.values():
                    message = f"expected {len(columns)} cells"
                    problems.append(Problem(path.name, reader.line_num, "", message))
                else:
                    yield reader.line_num, cells
    except FileNotFoundError:
        problems.append(Problem(path.name, 0, "", "the file is missing"))
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(path.name, 0, "", f"is not valid UTF-8 CSV: {error}"))
