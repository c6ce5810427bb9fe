"""How the files of the registry are written: whole or not at all, lines added and never changed."""

import getpass
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

Line = TypeVar("Line", bound=msgspec.Struct)


class Record(Generic[Line]):
    """A file with a line of JSON for each thing that happened; lines are only ever added."""

    def __init__(self, path: Path, kind: type[Line]) -> None:
        self.path = path
        self._kind = kind

    def read(self) -> list[Line]:
        """Return all lines, oldest first.

        A line that was not written to its end is left out: what it was to tell did not happen.
        """
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(msgspec.json.decode(line, type=self._kind))
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
        return found

    def append(self, line: Line) -> None:
        """Add a line; it is on the disk when this returns."""
        with self.path.open("a+b") as file:
            encoded = msgspec.json.encode(line) + b"\n"
            if file.tell() == 0:  # a new file: its name, too, must be on the disk
                sync(self.path.parent)
            else:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # a line that was not written to its end
                    encoded = b"\n" + encoded
            file.write(encoded)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def written_beside(place: Path, content: bytes) -> Iterator[Path]:
    """Write a file beside its place, on the disk, for who is given its path to rename it.

    Nothing is left of it if it is not renamed.
    """
    handle, name = tempfile.mkstemp(prefix=f".{place.name}-", dir=place.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def named(who: str | None) -> str:
    """Return who is to be recorded: the login name where nobody is named."""
    return utf8(who or login_name())


def utf8(text: str) -> str:
    """Replace what a terminal with another encoding made of an argument."""
    return text.encode("utf-8", "replace").decode("utf-8")


def login_name() -> str:
    """Return who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}"
