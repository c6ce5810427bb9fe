"""What a run of the simulation is asked for."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class SimulationSettings:
    """Settings of one simulated world.

    Attributes:
        businesses: How many businesses to draw; each is shown one list.
        seed: Seed of everything drawn. Same settings and data, same bytes.
        household_share: Share of household businesses, 0 to 1; the rest are enterprises and about
            2 % co-operatives.
        shown: Platforms in a list.
        chunk: Businesses held in memory at a time. Part of the seed: chunk `k` of a given size
            comes out the same however many chunks follow.
        days: Length of the observed window, in days.
        until: The day on which the window ends; nothing happens from its midnight (UTC) on.
    """

    businesses: int = 20_000
    seed: int = 1
    household_share: float = 0.30
    shown: int = 10
    chunk: int = 10_000
    days: int = 365
    until: dt.date = dt.date(2026, 11, 1)

    def __post_init__(self) -> None:
        """Refuse settings that describe no world.

        Raises:
            ValueError: Naming the setting and what it may be.
        """
        for name in ("businesses", "shown", "chunk"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, not {self.seed}")
        if self.days < 2:
            raise ValueError(f"days must be at least 2, not {self.days}")
        if not 0 <= self.household_share <= 1:
            raise ValueError(f"household_share must be from 0 to 1, not {self.household_share}")

    @property
    def window(self) -> tuple[dt.datetime, dt.datetime]:
        """First and last moment of the observed window, UTC."""
        end = dt.datetime.combine(self.until, dt.time(), tzinfo=dt.UTC)
        return end - dt.timedelta(days=self.days), end
