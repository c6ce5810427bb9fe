"""How an operation ends: told in every answer, in good time (RFC 9745, RFC 8594)."""

import datetime as dt
from dataclasses import dataclass
from email.utils import format_datetime

NOTICE = dt.timedelta(days=180)
"""How long an operation goes on working once it was said that it ends, at least."""


@dataclass(frozen=True)
class Retirement:
    """What is said of an operation that ends.

    Attributes:
        since: When it was first said, with offset.
        sunset: When it ends, at least `NOTICE` later.
        see: Address of a page that says what to use instead.
    """

    since: dt.datetime
    sunset: dt.datetime
    see: str

    def __post_init__(self) -> None:
        """Refuse to end sooner than was promised.

        Raises:
            ValueError: If there is too little time.
        """
        if self.sunset - self.since < NOTICE:
            raise ValueError(f"expected a sunset at least {NOTICE.days} days after {self.since}")

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """The headers of every answer, errors included."""
        sunset = format_datetime(self.sunset.astimezone(dt.UTC), usegmt=True)
        return (
            (b"deprecation", f"@{int(self.since.timestamp())}".encode()),
            (b"sunset", sunset.encode()),
            (b"link", f'<{self.see}>; rel="deprecation"'.encode()),
        )
