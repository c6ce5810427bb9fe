"""The folder of the data tables, read again whenever it has changed."""

import logging
import time
from pathlib import Path

from recommender.domain import DataError, Reference, load_reference
from recommender.domain.checks import DATA_SUFFIXES

logger = logging.getLogger(__name__)

SETTLING_SECONDS = 0.25
"""How long the files must stay as they are: they are seldom replaced all at once."""


class DataFolder:
    """Holds the tables as they were last read without a fault.

    Args:
        path: Where they are.

    Attributes:
        newest: The tables.
        problem: Why those that are in the folder now are not these, or None.

    Raises:
        DataError: If they have faults; each is named by file, row and column.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._marks() if path.is_dir() else {}
        self.newest: Reference = load_reference(path)
        self.problem: str | None = None

    def look(self) -> None:
        """Read the tables again if a file is not the one that was read.

        Files that still change are left for the next look. Takes a quarter of a second if there is
        something new: not for an event loop.
        """
        try:
            marks = self._marks()
            if marks == self._seen:
                return
            time.sleep(SETTLING_SECONDS)
            found = self._load()
            if self._marks() != marks:
                return
        except OSError as error:
            marks, found = {}, f"the folder cannot be read: {error}"
        self._seen = marks
        self._take(found)

    def _load(self) -> Reference | str:
        """Return the tables, or what is wrong with them."""
        try:
            return load_reference(self._path)
        except DataError as error:
            first, *others = map(str, error.problems)
            return first + (f" (and {len(others)} more)" if others else "")

    def _take(self, found: Reference | str) -> None:
        if isinstance(found, str):
            if found != self.problem:
                logger.error("the data tables are not taken over: %s", found)
            self.problem = found
            return
        self.problem = None
        if found.version != self.newest.version:
            self.newest = found

    def _marks(self) -> dict[str, tuple[int, ...]]:
        """Return what of a file changes when it is written or replaced, by name."""
        marks: dict[str, tuple[int, ...]] = {}
        for path in self._path.iterdir():
            if path.suffix in DATA_SUFFIXES:
                of = path.stat()
                marks[path.name] = (of.st_ino, of.st_size, of.st_mtime_ns, of.st_ctime_ns)
        return marks
