"""What a recommendation costs, and where: `make profile-serving`.

Samples the real service with py-spy while recommendations are asked for, and counts what holds the
interpreter's lock, as only that keeps a worker busy. Draws `docs/pictures/serving.svg`, a flame
graph, and writes the shares to `benchmarks/serving.md`.
"""

import re
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from benchmarks.machine import machine_and_commit
from benchmarks.page import write_part
from benchmarks.serving import JUDGED_AT, ROOT, Pair, measure
from benchmarks.small_model import train_small

SECONDS, RATE = 10, 200
PY_SPY = Path(sys.executable).with_name("py-spy")
PICTURE = ROOT / "docs" / "pictures" / "serving.svg"
TITLE = f"Recommendations, {JUDGED_AT} at once: what holds the interpreter"
WRITER = "the writer's thread: storing the exposures"

PARTS = {
    "recommender/policy/explanation": "reasons",
    "recommender/policy/field_sums": "reasons",
    "recommender/policy/exploration": "the order, with variety and a draw",
    "recommender/policy/ordering": "the order, with variety and a draw",
    "recommender/policy": "eligibility, boosts and the lines of the list",
    "recommender/model": "scores and probabilities",
    "recommender/features": "scores and probabilities",
    "recommender/rankers": "scores and probabilities",
    "recommender/calibration": "scores and probabilities",
    "recommender/": "size, maturity, support, duties, the profile as a row",
    "service/recommend.py": "the exposure, until it is queued",
    "service/store": "the exposure, until it is queued",
    "service/api": "checking the request, the answer as JSON",
    "service/problems": "decoding the body",
    "service/access": "key, limits, time limit, headers",
    "service/telemetry": "metrics and the id of the request",
    "litestar/": "Litestar",
    "uvicorn/": "Uvicorn and the event loop",
}
"""What a function is part of, by its file; the first that fits counts."""


def part_of(stack: str) -> str:
    """Return what a sample belongs to: of the functions under way the innermost that is known.

    Args:
        stack: As py-spy writes it: the thread and the functions, the outermost first.
    """
    thread, *functions = stack.split(";")
    if "journal" in thread:
        return WRITER
    for function in reversed(functions):
        for place, part in PARTS.items():
            if f"({place}" in function:
                return part
    return "all else"


def shares(samples: str) -> list[tuple[str, float]]:
    """Return the share of each part, the largest first."""
    found: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        found[part_of(stack)] += int(count)
    return [(part, count / found.total()) for part, count in found.most_common()]


def sample(pair: Pair, form: str, place: Path) -> None:
    """Write what the service does under load.

    Raises:
        CalledProcessError: If py-spy may not look into other processes, as without root.
    """
    wanted = ["--format", form, "--output", str(place)]
    how = ["--gil", "--function", "--threads", "--rate", f"{RATE}", "--duration", f"{SECONDS}"]
    who = ["--pid", str(pair.service.process.pid)]
    with subprocess.Popen([PY_SPY, "record", *wanted, *how, *who]) as spy:
        measure(pair.service, pair.recommend, JUDGED_AT, SECONDS + 2)
    if spy.returncode:
        raise subprocess.CalledProcessError(spy.returncode, "py-spy")


def titled(picture: str) -> str:
    """Return a flame graph with a title of its own: py-spy's tells commands and paths."""
    title = re.compile(r'(<text id="title"[^>]*>)[^<]*')
    return title.sub(lambda found: found[1] + TITLE, picture)


def main() -> None:
    """Draw the picture and write the table."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        pair = Pair(Path(folder) / "pair", train_small(Path(folder)), 1, stack)
        measure(pair.service, pair.recommend, JUDGED_AT, 2)
        sample(pair, "raw", Path(folder) / "samples")
        sample(pair, "flamegraph", PICTURE)
        PICTURE.write_text(titled(PICTURE.read_text("utf-8")), "utf-8")
        told = shares((Path(folder) / "samples").read_text("utf-8"))
    rows = [f"| {part} | {share:.0%} |" for part, share in told if share >= 0.005]
    made = f"Made by `make profile-serving` on {machine_and_commit()}, {JUDGED_AT} at once."
    text = "\n".join([made, "", "| part | share of the time |", "|---|---|", *rows])
    write_part("serving.md", "What a recommendation costs", text)
    print(text)


if __name__ == "__main__":
    main()
