"""Which model is in service, and the record of how it came there: by whom, why, instead of what."""

import datetime as dt
import fcntl
import getpass
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the record: a version was put into service."""

    at: dt.datetime
    version: str
    previous: str | None
    who: str
    why: str


class History:
    """The pointer to the version in service, and the record of its moves.

    The file `current` holds the pointer; `history.jsonl` has a line of JSON for each promotion, and
    lines are only ever added.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "history.jsonl"

    @property
    def current(self) -> str | None:
        """The version in service, or None before the first one."""
        try:
            return (self.folder / "current").read_text("utf-8", errors="replace").strip() or None
        except FileNotFoundError:
            return None

    @property
    def before(self) -> str | None:
        """The version in service before the present one, or None if the record tells of none."""
        current = self.current
        told = (line.previous for line in reversed(self.read()) if line.version == current)
        return next(told, None)

    def read(self) -> list[Promotion]:
        """Return all promotions, oldest first.

        A line that was not written to its end is left out: what it was to tell did not happen.
        """
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(msgspec.json.decode(line, type=Promotion))
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
        return found

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time, and one thread, change what is in service."""
        with self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the system lets go when the file is closed
            yield

    def put(self, version: str, why: str, who: str | None) -> Promotion:
        """Move the pointer and record it; both are on the disk when this returns.

        Call it in `locked` only. The pointer is written beside its place and then renamed.

        Args:
            version: What the pointer is to name.
            why: What the record says of the reason.
            who: What the record says of the person; the login name where left out.
        """
        promotion = Promotion(
            at=dt.datetime.now(dt.UTC).replace(microsecond=0),
            version=version,
            previous=self.current,
            who=_utf8(who or login_name()),
            why=_utf8(why),
        )
        handle, name = tempfile.mkstemp(prefix=".current-", dir=self.folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(version + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            # First the record, then the pointer. A crash between them leaves a line too many, of a
            # version that the pointer does not name: nobody asks what was before that one. The
            # other way round, the pointer would name a version of which no line tells what it
            # replaced, and nobody could go back.
            self._append(promotion)
            Path(name).replace(self.folder / "current")
            sync(self.folder)
        finally:
            Path(name).unlink(missing_ok=True)
        return promotion

    def _append(self, promotion: Promotion) -> None:
        with self.path.open("a+b") as file:
            line = msgspec.json.encode(promotion) + b"\n"
            if file.tell() == 0:  # a new file: its name, too, must be on the disk
                sync(self.folder)
            else:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # a line that was not written to its end
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def login_name() -> str:
    """Return who runs this process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}"


def _utf8(text: str) -> str:
    """Replace what a terminal with another encoding made of an argument."""
    return text.encode("utf-8", "replace").decode("utf-8")
