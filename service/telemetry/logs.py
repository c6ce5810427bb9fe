"""The log: a line of JSON for each record, or text on a terminal.

By the standard library, as Uvicorn, SQLAlchemy and Alembic log by it anyway: what a library such
as structlog would add is this formatter, and it would tell what errors say. This one lets no
personal data through: of a record the first line is told, of an error its type and where it was
raised, never its message, which may repeat what was sent or stored.
"""

import datetime as dt
import logging
import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Literal

import msgspec

from service.telemetry.current import CURRENT

Format = Literal["auto", "json", "text"]

TOLD = ("status", "duration_ms")
"""What a record may tell beside its message, given as `extra`."""

DEEPEST = 30
"""Calls that are told of an error: the last ones."""


class JsonLines(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        return msgspec.json.encode(_facts(record)).decode()


class Text(logging.Formatter):
    """A line for people for each record, and a few more for an error."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines, without the last end."""
        facts = _facts(record)
        clock = dt.datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        line = f"{clock} {record.levelname:<7} {facts['message']}"
        about = [facts[name] for name in ("method", "route", "status") if name in facts]
        if "duration_ms" in facts:
            about.append(f"{facts['duration_ms']:.1f} ms")
        about.append(facts.get("request_id", facts["logger"]))
        lines = [f"{line}  [{' '.join(map(str, about))}]"]
        for error in facts.get("errors", ()):
            lines += [f"    {error['type']}", *(f"      {place}" for place in error["at"])]
        return "\n".join(lines)


def log_config(wanted: Format) -> dict[str, Any]:
    """Return how this process and those that it starts log, for `logging.config.dictConfig`.

    Args:
        wanted: `auto` means text on a terminal and JSON elsewhere.
    """
    text = wanted == "text" or (wanted == "auto" and sys.stderr.isatty())
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Text if text else JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"service": {"level": "INFO"}, "recommender": {"level": "INFO"}},
    }


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is told of a record."""
    facts: dict[str, Any] = {
        "time": dt.datetime.fromtimestamp(record.created, dt.UTC),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage().partition("\n")[0],
        "process": record.process,
    }
    if request := CURRENT.get():
        facts |= {"request_id": request.id, "method": request.method, "route": request.route}
    facts |= {name: getattr(record, name) for name in TOLD if hasattr(record, name)}
    if record.exc_info and record.exc_info[1]:
        facts["errors"] = list(_errors(record.exc_info[1]))
    return facts


def _errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Yield an error, and what it came from, without their messages."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        yield {"type": f"{kind.__module__}.{kind.__qualname__}", "at": _places(error.__traceback__)}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _places(trace: TracebackType | None) -> list[str]:
    """Return where an error passed: module, line and function of each call, the last ones."""
    calls = [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]
    return calls[-DEEPEST:]
