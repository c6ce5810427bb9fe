"""How fast the service answers, beside a handler that does nothing. `make bench-serving`.

Starts the real service, with a key and a database of its own, and a handler of the same framework
that takes the same body and gives the same answer; asks both in turn, a few seconds each, several
rounds, from the same machine. Of each figure the median of the rounds is told, and of the ratio the
median of what each round found: what else the machine does meanwhile slows both. Fails if an event
that was answered is not stored. Writes `benchmarks/serving.md`; the last line printed is JSON.
"""

import argparse
import json
import os
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select

from benchmarks import access
from benchmarks.load import HAS_WRK, NUMBER, Figures, Target, drive
from benchmarks.machine import machine_and_commit
from benchmarks.page import write_part
from benchmarks.server import Server, start_server
from benchmarks.small_model import train_small
from recommender.domain import load_reference
from recommender.profiles import FUNCTION_COLUMNS
from recommender.simulation import draw_population
from service.access.bucket import Limit
from service.access.key_store import create_key
from service.settings import packaged_data
from service.store import migrate
from service.store.engine import make_engine
from service.store.tables import events

CONCURRENCIES, WORKERS_AT, JUDGED_AT = (1, 4, 16, 64), 64, 16
SECONDS, ROUNDS, SEED = 2, 5, 1
BUSINESSES, BATCH = 200, 100

NOOP, RECOMMEND, AGAIN, STORED = (
    "a handler that does nothing",
    "recommendations, each for a business not seen before",
    "… for a business that asks again on the same day",
    "… for a stored business that asks again",
)
EVENT, EVENTS = "an event", f"{BATCH} events"
ROOT = Path(__file__).parents[1]

AGREED = {"consent": ["improve"]}
"""All of a list is kept, and not only what tells nothing of whose it was."""


class Measured(NamedTuple):
    """What one round found of a target.

    Attributes:
        figures: As the client saw it.
        cpu_us: Time on a processor that the server took for each request, microseconds.
    """

    figures: Figures
    cpu_us: float


Rounds = dict[tuple[str, int], list[Measured]]


class Pair:
    """The service and the handler that does nothing, with so many workers each.

    Args:
        folder: For their files.
        models: The registry.
        workers: Processes of each.
        stack: Ends both.
    """

    def __init__(self, folder: Path, models: Path, workers: int, stack: ExitStack) -> None:
        folder.mkdir()
        self.database = f"sqlite:///{folder}/store.sqlite3"
        self.key = _new_key(self.database)
        shared = {"WORKERS": workers, "MODELS_DIR": models}
        self.service = start_server(
            folder / "service.log", shared | {"DATABASE_URL": self.database}, folder
        )
        stack.callback(self.service.close)
        self.service.client.headers["Authorization"] = f"Bearer {self.key}"
        self.service.wait_until_ready()
        self.businesses = businesses()
        bodies = [json.dumps({"profile": business} | AGREED) for business in self.businesses]
        new = [
            json.dumps({"profile": business | {"capital_bn_vnd": 1}} | AGREED).replace(
                '"capital_bn_vnd": 1', f'"capital_bn_vnd": 1.{NUMBER}'
            )
            for business in self.businesses
        ]
        (folder / "answer.json").write_bytes(self._middling(bodies))
        self.noop = start_server(
            folder / "noop.log",
            {"WORKERS": workers, "PYTHONPATH": ROOT, "ANSWER": folder / "answer.json"},
            folder,
            ("benchmarks.noop",),
        )
        stack.callback(self.noop.close)
        self.noop.wait_until_ready()
        self.recommend = self._target("/v1/recommendations", new)
        self.again = self._target("/v1/recommendations", bodies)
        self.nothing = self.recommend._replace(address=_address(self.noop), path="/noop", key="")

    def targets(self) -> Iterator[tuple[str, Server, Callable[[str], Target]]]:
        """Yield what is measured: its name, who answers, and what makes it for a round."""
        # Those who ask are others than those of the events: no business sends ten thousand.
        asking, telling = (
            [self._post("/v1/profiles", business)["id"] for business in self.businesses]
            for _ in range(2)
        )
        lists = [self._post("/v1/recommendations", {"profile_id": id_}) for id_ in telling]
        by_id = self._target("/v1/recommendations", [json.dumps({"profile_id": i}) for i in asking])

        def told(count: int, round_: str) -> Target:
            """Return events on each of the lists, that are new in each round."""
            made = [
                json.dumps({"events": [_event(list_, count, i, round_) for i in range(count)]})
                for list_ in lists
            ]
            return self._target("/v1/events", made)

        yield NOOP, self.noop, lambda _: self.nothing
        yield RECOMMEND, self.service, lambda _: self.recommend
        yield AGAIN, self.service, lambda _: self.again
        yield STORED, self.service, lambda _: by_id
        yield EVENT, self.service, lambda round_: told(1, round_)
        yield EVENTS, self.service, lambda round_: told(BATCH, round_)

    def stored_events(self) -> int:
        """Return how many events are in the database."""
        engine = make_engine(self.database)
        with engine.connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(events)) or 0)

    def _middling(self, bodies: Sequence[str]) -> bytes:
        """Return, of all answers, the one of middling length."""
        path, headers = "/v1/recommendations", {"Content-Type": "application/json"}
        answers = [
            self.service.client.post(path, content=body, headers=headers).raise_for_status().content
            for body in bodies
        ]
        return sorted(answers, key=len)[len(answers) // 2]

    def _target(self, path: str, bodies: Sequence[str]) -> Target:
        return Target(_address(self.service), path, bodies, self.key)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self.service.client.post(path, json=body).raise_for_status().json()


def businesses() -> list[dict[str, Any]]:
    """Return businesses of the simulated population that use platforms, as they are sent."""
    reference = load_reference(packaged_data())
    table = draw_population(10 * BUSINESSES, np.random.default_rng(SEED), reference)
    with_history = table[table["platforms_in_use"].map(len) > 0]
    return [_wire(row) for row in with_history.head(BUSINESSES).to_dict("records")]


def measure(server: Server, target: Target, concurrency: int, seconds: int) -> Measured:
    """Ask for so long.

    Raises:
        SystemExit: If a request failed.
    """
    before = server.cpu_seconds()
    figures = drive(target, concurrency, seconds)
    if figures.failed:
        raise SystemExit(f"{target.path}: {figures}\n{server.said()}")
    return Measured(figures, 1e6 * (server.cpu_seconds() - before) / max(figures.answered, 1))


def measure_all(pair: Pair, rounds: int, seconds: int) -> Rounds:
    """Ask for everything in turn, at each concurrency.

    Raises:
        SystemExit: If a request failed, or an event that was answered is not stored.
    """
    found: Rounds = defaultdict(list)
    targets = list(pair.targets())
    for name, server, make in targets:
        measure(server, make(f"w{name[:1]}"), JUDGED_AT, 1)
    before = pair.stored_events()
    for concurrency in CONCURRENCIES:
        for number in range(rounds):
            for name, server, make in targets:
                target = make(f"{concurrency}-{number}")
                found[name, concurrency].append(measure(server, target, concurrency, seconds))
                print(name, concurrency, found[name, concurrency][-1], flush=True)
    answered = sum(
        size * each.figures.answered
        for (name, _), measured in found.items()
        for size in [{EVENT: 1, EVENTS: BATCH}.get(name, 0)]
        for each in measured
    )
    stored = pair.stored_events() - before
    if stored < answered:
        raise SystemExit(f"{answered} events were answered, {stored} are stored")
    return found


def measure_workers(one: Pair, two: Pair, rounds: int, seconds: int) -> dict[str, float]:
    """Return how many times as much two workers answer as one."""
    gains: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name in (NOOP, RECOMMEND):
            rps = []
            for pair in (one, two):
                server = pair.noop if name == NOOP else pair.service
                target = pair.nothing if name == NOOP else pair.recommend
                rps.append(measure(server, target, WORKERS_AT, seconds).figures.rps)
            gains[name].append(rps[1] / rps[0])
    return {name: statistics.median(each) for name, each in gains.items()}


def summary(found: Rounds) -> dict[str, float]:
    """Return the figures that the targets are about."""
    noop, recommend = found[NOOP, JUDGED_AT], found[RECOMMEND, JUDGED_AT]

    def ratio(name: str) -> float:
        pairs = zip(noop, found[name, JUDGED_AT], strict=True)
        return round(statistics.median([b.figures.rps / a.figures.rps for a, b in pairs]), 3)

    return {
        "noop_rps": round(_median(noop, "rps")),
        "recommend_rps": round(_median(recommend, "rps")),
        "ratio": ratio(RECOMMEND),
        "ratio_again": ratio(AGAIN),
        "noop_p99_ms": round(_median(noop, "p99"), 2),
        "recommend_p99_ms": round(_median(recommend, "p99"), 2),
        "recommend_p50_ms_c1": round(_median(found[RECOMMEND, 1], "p50"), 3),
        "events_batched_per_s": round(BATCH * _median(found[EVENTS, JUDGED_AT], "rps")),
    }


def under_load(found: Rounds, gains: dict[str, float], rounds: int, seconds: int) -> str:
    """Return what is written of the answers."""
    client = "wrk" if HAS_WRK else "a client in Python, in processes of its own"
    told = summary(found)
    lines = [
        f"Made by `make bench-serving` on {machine_and_commit()}, where {os.getloadavg()[1]:.0f}"
        " programs wanted a core on average, these included: one worker, SQLite, asked by"
        f" {client} on the same cores; medians of {rounds} rounds of {seconds} s, in which all"
        " took turns. The handler that does nothing is of the same framework, takes the body of the"
        " recommendations as the same type and answers with one of their answers. Recommendations"
        f" are ten platforms with reasons, for businesses like {BUSINESSES} simulated ones that use"
        " some platforms; each list is logged, and the key is checked. All events"
        " that were answered were found in the database.",
        "",
        "| asked for | at once | requests/s | p50 ms | p95 ms | p99 ms | processor µs |",
        "|---|---|---|---|---|---|---|",
    ]
    for (name, concurrency), measured in found.items():
        p50, p95, p99 = (f"{_median(measured, each):.2f}" for each in ("p50", "p95", "p99"))
        cpu = statistics.median(each.cpu_us for each in measured)
        rps = f"{_median(measured, 'rps'):,.0f}"
        lines.append(f"| {name} | {concurrency} | {rps} | {p50} | {p95} | {p99} | {cpu:,.0f} |")
    return "\n".join(
        [
            *lines,
            "",
            f"At {JUDGED_AT} at once, recommendations are answered {told['ratio']:.2f} times as"
            f" often as nothing is done, {told['ratio_again']:.2f} times for who asks again, and"
            f" {told['events_batched_per_s']:,} events a second are stored in batches of {BATCH}.",
            "",
            f"Two workers, {WORKERS_AT} at once, with the client on the same cores: "
            + ", ".join(f"{name} {gain:.2f} times one worker" for name, gain in gains.items())
            + ".",
        ]
    )


def targets(told: dict[str, float], gains: dict[str, float]) -> str:
    """Return which of the targets of the project are met."""
    p99 = told["recommend_p99_ms"] / told["noop_p99_ms"]
    nothing = f"throughput at {JUDGED_AT}, beside the handler that does nothing"
    rows = [
        (nothing, 0.7, told["ratio"], 1),
        (f"{nothing}, for who asks again", 0.7, told["ratio_again"], 1),
        (f"p99 at {JUDGED_AT}, beside that of the handler that does nothing", 1.5, p99, -1),
        ("p50 of one at a time, ms", 1.0, told["recommend_p50_ms_c1"], -1),
        ("events a second in batches, all durable", 20_000, told["events_batched_per_s"], 1),
        ("two workers beside one, where cores allow", 1.7, gains[RECOMMEND], 1),
    ]
    lines = ["| | wanted | measured | |", "|---|---|---|---|"]
    for name, wanted, found, sign in rows:
        verdict = "met" if sign * found >= sign * wanted else "**missed**"
        bound = "at least" if sign > 0 else "at most"
        lines.append(f"| {name} | {bound} {wanted:,} | {found:,.2f} | {verdict} |")
    return "\n".join(lines)


def before_handlers() -> str:
    """Return what is written of key, limits and headers."""
    rows = (f"| {part} | {cost:.1f} |" for part, cost in access.measure().items())
    return "\n".join(["| part | µs a request |", "|---|---|", *rows])


def main() -> None:
    """Measure, write the document and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        models = train_small(Path(place))
        one = Pair(Path(place) / "one", models, 1, stack)
        two = Pair(Path(place) / "two", models, 2, stack)
        found = measure_all(one, asked.rounds, asked.seconds)
        gains = measure_workers(one, two, asked.rounds, asked.seconds)
    text = under_load(found, gains, asked.rounds, asked.seconds)
    write_part("serving.md", "Under load", text)
    write_part("serving.md", "Targets", targets(summary(found), gains))
    write_part("serving.md", "What stands before the handlers", before_handlers())
    print(text)
    print(json.dumps(summary(found)))


def _new_key(database: str) -> str:
    """Create a key in a new database that may be used without end, and return it."""
    migrate(database)
    limit = Limit(rate=100_000, burst=1_000_000)
    engine = make_engine(database, writes=True)
    with engine.begin() as connection:
        _, text = create_key(connection, kind="secret", name="bench", limit=limit, who="bench")
    engine.dispose()
    return text


def _wire(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a profile table as a business is sent."""
    functions = {code: row[column] for code, column in FUNCTION_COLUMNS.items()}
    derived = {"business_id", "size", "maturity_level", *FUNCTION_COLUMNS.values()}
    told = {name: value for name, value in row.items() if name not in derived}
    told |= {name: list(told[name]) for name in ("needs", "platforms_in_use")}
    told["functions"] = {code: state for code, state in functions.items() if _is_told(state)}
    return {name: value for name, value in told.items() if _is_told(value)}


def _is_told(value: Any) -> bool:
    return value is not None and value == value


def _event(list_: Any, size: int, number: int, round_: str) -> dict[str, Any]:
    platform = list_["items"][number % len(list_["items"])]["platform"]["id"]
    return {
        "id": f"{size}-{round_}-{NUMBER}-{number}",
        "kind": "click",
        "platform_id": platform,
        "recommendation_id": list_["recommendation_id"],
    }


def _address(server: Server) -> str:
    return server.url.removeprefix("http://")


def _median(measured: Sequence[Measured], name: str) -> float:
    return statistics.median(getattr(each.figures, name) for each in measured)


if __name__ == "__main__":
    main()
