"""Which model is in service, and the record of how it came there: by whom, why, instead of what."""

import datetime as dt
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from recommender.training.registry_record import Record, named, sync, utf8, written_beside


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the record: a version was put into service."""

    at: dt.datetime
    version: str
    previous: str | None
    who: str
    why: str


class History(Record[Promotion]):
    """The pointer to the version in service, and the record of its moves.

    The file `current` holds the pointer; `history.jsonl` has a line of JSON for each promotion.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "history.jsonl", Promotion)
        self.folder = folder

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
            who=named(who),
            why=utf8(why),
        )
        pointer = self.folder / "current"
        with written_beside(pointer, version.encode() + b"\n") as draft:
            # First the record, then the pointer. A crash between them leaves a line too many, of a
            # version that the pointer does not name: nobody asks what was before that one. The
            # other way round, the pointer would name a version of which no line tells what it
            # replaced, and nobody could go back.
            self.append(promotion)
            draft.replace(pointer)
            sync(self.folder)
        return promotion
