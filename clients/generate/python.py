"""The Python client: structs for msgspec, and a method for each operation, twice."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Set
from typing import Any

from clients.generate.document import (
    Operation,
    Parameter,
    Schema,
    operations,
    reference,
    references,
    schemas,
    sent,
    topics,
    unwrapped,
)

HEAD = '"""{}\n\nWritten by `make clients` from the OpenAPI document: change nothing here."""\n\n'
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
FORMATS = {"date": "dt.date", "date-time": "dt.datetime"}
WIDTH = 96


def package(document: Schema) -> dict[str, str]:
    """Return the text of each module of the package that is made, by its path in the package."""
    return {
        "client.py": _client(document, "Client", "Transport"),
        "async_client.py": _client(document, "AsyncClient", "AsyncTransport"),
        **{f"models/{name}.py": text for name, text in _models(document).items()},
    }


def _client(document: Schema, name: str, transport: str) -> str:
    found = operations(document)
    used = sorted({name for each in found for name in (each.body, each.answer) if name})
    of_coroutines = transport == "AsyncTransport"
    needed = ", ".join(sorted((transport, "Call", "path")))
    about = "Calls the API from coroutines." if of_coroutines else "Calls the API, and waits."
    lines = [
        HEAD.format(f"The operations of the API, for {'asyncio' if of_coroutines else 'threads'}."),
        "from types import NoneType\nfrom typing import Literal\n\n",
        f"from smedx_client.models import {', '.join(used)}\n",
        f"from smedx_client.transport import {needed}\n\n\n",
        f'class {name}({transport}):\n    """{about}"""\n\n',
        *(_method(each, of_coroutines) for each in found),
    ]
    return "".join(lines)


def _models(document: Schema) -> dict[str, str]:
    """Return the module of each topic, and the one that hands all of them out.

    What is only answered takes any code for an enumeration, as there may be more one day.
    """
    known = schemas(document)
    topic_of = topics(document)
    strict = sent(document)
    told = {
        topic: [name for name in known if topic_of[name] == topic] for topic in topic_of.values()
    }
    texts = {}
    for topic, names in told.items():
        classes = "\n\n".join(_struct(name, known[name], name in strict) for name in names)
        needed = {name for each in names for name in references(known[each])} - set(names)
        imports = {module: needed & set(names) for module, names in told.items()}
        head = HEAD.format(f"What is sent and answered: {topic}.")
        texts[topic] = head + _imports(classes) + _from_models(imports) + "\n\n" + classes
    gathered = _from_models({topic: set(names) for topic, names in told.items()})
    listed = "".join(f'    "{name}",\n' for name in sorted(known))
    head = HEAD.format("What is sent and answered.")
    texts["__init__"] = f"{head}{gathered}\n__all__ = [\n{listed}]\n"
    return texts


def _imports(classes: str) -> str:
    """Return the imports that the text of some classes needs from elsewhere."""
    typing = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b", classes)]
    new_id = "default_factory=new_id" in classes
    return "\n".join(
        [
            *["import datetime as dt"] * ("dt." in classes),
            *[f"from typing import {', '.join(typing)}"] * bool(typing),
            "",
            f"from msgspec import Struct{', field' * new_id}",
            "",
            *["from smedx_client.ids import new_id"] * new_id,
            "",
        ]
    )


def _from_models(names: Mapping[str, Set[str]]) -> str:
    listed = {module: ", ".join(sorted(names[module], key=str.lower)) for module in sorted(names)}
    return "".join(
        f"from smedx_client.models.{module} import {text}\n"
        for module, text in listed.items()
        if text
    )


def _struct(name: str, schema: Schema, strict: bool) -> str:
    needed = schema.get("required", ())
    properties = sorted(schema["properties"].items(), key=lambda each: each[0] not in needed)
    notes = [f"{key}: {told['description']}" for key, told in properties if "description" in told]
    text = schema.get("description", name)
    if notes:
        text += "\n\nAttributes:\n" + textwrap.indent("\n".join(notes), "    ")
    lines = [
        f"class {name}(Struct, frozen=True, kw_only=True, omit_defaults=True):",
        _docstring(text, "    "),
        "",
        *(
            f"    {key}: {_type(told, strict)}{_default(told, key in needed)}"
            for key, told in properties
        ),
        "",
    ]
    return "\n".join(lines)


def _type(schema: Schema, strict: bool) -> str:
    """Return the annotation of a schema.

    Raises:
        ValueError: If there is none yet.
    """
    if name := reference(schema):
        return name
    match schema:
        case {"anyOf": [*options]} | {"oneOf": [*options]}:
            return " | ".join(_type(option, strict) for option in options)
        case {"enum": [*codes]}:
            return f"Literal[{', '.join(map(repr, codes))}]" if strict else "str"
        case {"type": "array", "items": items}:
            return f"tuple[{_type(items, strict)}, ...]"
        case {"type": "array"}:
            return "tuple[Any, ...]"
        case {"type": "object", "additionalProperties": Mapping() as values}:
            key = _type(schema.get("propertyNames", {"type": "string"}), strict)
            return f"dict[{key}, {_type(values, strict)}]"
        case {"type": "object"}:
            return "dict[str, Any]"
        case {"type": "string", "format": str(known)} if known in FORMATS:
            return FORMATS[known]
        case {"type": str(known)} if known in PLAIN:
            return PLAIN[known]
    raise ValueError(f"nothing is known for {schema}")


def _default(schema: Schema, needed: bool) -> str:
    if schema.get("x-chosen-by") == "sender":
        return " = field(default_factory=new_id)"
    if needed:
        return ""
    value: Any = schema["default"]
    if name := reference(schema):
        return f" = {name}()"
    return f" = {tuple(value) if isinstance(value, list) else value!r}"


def _method(operation: Operation, of_coroutines: bool) -> str:
    before, wait = ("async ", "await ") if of_coroutines else ("", "")
    takes = [f"{each.name}: str" for each in operation.in_path]
    takes += [f"body: {operation.body}"] if operation.body else []
    if operation.in_query:
        takes += ["*", *(f"{each.name}: {_optional(each)} = None" for each in operation.in_query)]
    answer = operation.answer or "None"
    filled = ", ".join(f"{each.name}={each.name}" for each in operation.in_path)
    path = f"path({operation.path!r}, {filled})" if filled else repr(operation.path)
    call = [repr(operation.method.upper()), path, operation.answer or "NoneType"]
    call += [f"accepts={operation.accepts}"] if operation.accepts != (200,) else []
    call += ["body=body"] if operation.body else []
    if operation.in_query:
        query = ", ".join(f"{each.name!r}: {each.name}" for each in operation.in_query)
        call += [f"query={{{query}}}"]
    call += ["repeatable=True"] if operation.repeatable else []
    arguments = ", ".join(["self", *takes])
    lines = [
        f"    {before}def {operation.id}({arguments}) -> {answer}:",
        _docstring(_about(operation), "        "),
        f"        return {wait}self.call(Call({', '.join(call)}))",
        "\n",
    ]
    return "\n".join(lines)


def _optional(parameter: Parameter) -> str:
    known = _type({key: v for key, v in parameter.schema.items() if key != "default"}, True)
    return known if known.endswith("| None") else f"{known} | None"


def _about(operation: Operation) -> str:
    ends = "\n\nIt ends: `Sunset` says when." if operation.deprecated else ""
    return f"{operation.about}{ends}"


def _docstring(text: str, indent: str) -> str:
    lines = list(_wrapped(text, WIDTH - len(indent)))
    if len(lines) == 1:
        return f'{indent}"""{lines[0]}"""'
    return textwrap.indent('"""' + "\n".join(lines) + '\n"""', indent, lambda line: line != "\n")


def _wrapped(text: str, width: int) -> Iterator[str]:
    for line in unwrapped(text).splitlines():
        start = line[: len(line) - len(line.lstrip())]
        following = start + "    " * bool(start)
        yield from textwrap.wrap(
            line, width, subsequent_indent=following, break_long_words=False
        ) or [""]
