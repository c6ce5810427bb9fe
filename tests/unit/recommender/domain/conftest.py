"""A copy of the tables that a test may break."""

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from recommender.domain import DataError, Problem, load_reference


@dataclass(frozen=True)
class Tables:
    """A copy of `data/` with the means to break it."""

    folder: Path

    def line_of(self, file: str, key: str) -> int:
        """Return the line on which the row with this first cell stands."""
        lines = (self.folder / file).read_text("utf-8").splitlines()
        return next(n for n, line in enumerate(lines, start=1) if line.startswith(f"{key},"))

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands in the file exactly once."""
        text = (self.folder / file).read_text("utf-8")
        assert text.count(old) == 1
        (self.folder / file).write_text(text.replace(old, new), "utf-8")

    def set_cell(self, file: str, line: int, column: str, text: str) -> None:
        """Change one cell; no other line changes."""
        lines = (self.folder / file).read_text("utf-8").splitlines(keepends=True)
        header = next(csv.reader([lines[0]]))
        cells = next(csv.reader([lines[line - 1]]))
        cells[header.index(column)] = text
        row = io.StringIO()
        csv.writer(row, lineterminator="\n").writerow(cells)
        lines[line - 1] = row.getvalue()
        (self.folder / file).write_text("".join(lines), "utf-8")

    def edit_line(self, file: str, line: int, new: str | None) -> None:
        """Put something else in the place of a line, or delete it."""
        lines = (self.folder / file).read_text("utf-8").splitlines(keepends=True)
        lines[line - 1 : line] = [] if new is None else [new + "\n"]
        (self.folder / file).write_text("".join(lines), "utf-8")

    def drop_column(self, file: str, column: str) -> None:
        """Leave out one column of a table."""
        rows = list(csv.reader(io.StringIO((self.folder / file).read_text("utf-8"))))
        number = rows[0].index(column)
        text = io.StringIO()
        csv.writer(text).writerows([row[:number] + row[number + 1 :] for row in rows])
        (self.folder / file).write_text(text.getvalue(), "utf-8")

    def problems(self) -> list[Problem]:
        """Load the copy, which must fail, and return what is wrong with it."""
        with pytest.raises(DataError) as caught:
            load_reference(self.folder)
        assert str(caught.value) == "\n".join(map(str, caught.value.problems))
        return caught.value.problems

    def problem(self) -> Problem:
        """Return the one fault."""
        problems = self.problems()
        assert len(problems) == 1, problems
        return problems[0]


@pytest.fixture
def tables(data_dir: Path, tmp_path: Path) -> Tables:
    return Tables(shutil.copytree(data_dir, tmp_path / "data"))
