"""What the pages weigh, how soon a slow phone paints them, and what axe finds on them.

`make bench-pages` trains the first model, serves it, opens every page in every state of
`tests/e2e/pages.py` and writes `pages.md`; the last line that it prints is JSON.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import minutes
from benchmarks.machine import machine_and_commit
from tests.e2e.accessibility import violations
from tests.e2e.conftest import BROWSER_OPTIONS, chromium, installed
from tests.e2e.pages import STATES, State, private_links

REPORT = Path(__file__).with_name("pages.md")
LOCALES = ("vi", "en")
PHONE = {"width": 360, "height": 780}
CPU_SLOWDOWN = 4
NETWORK = {"latency": 300, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 768e3 / 8}
"""3G as WebPageTest has it: milliseconds for a request and its answer, bytes a second."""

TIMES = 3
"""How often each page is opened; the median counts."""

LARGEST_PAINT = """
() => new Promise(tell => {
  new PerformanceObserver(list => tell(list.getEntries().at(-1).startTime))
    .observe({type: scrollY ? 'paint' : 'largest-contentful-paint', buffered: true})
})
"""
"""A browser tells the largest part only of the top of a page: of one that opens further down, at a
message, the first contentful paint counts."""


class Measured(NamedTuple):
    """A state: kilobytes that travel on the first visit, seconds until it is painted."""

    state: State
    kilobytes: float
    paint: float
    violations: int


@contextmanager
def fresh_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a page in a browser that has cached nothing."""
    context = browser.new_context(viewport=PHONE, **options)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def weight_and_paint(
    browser: Browser, state: State, locale: str, address: str, links: dict[str, str]
) -> tuple[float, float]:
    """Open a state as a slow phone does; return kilobytes and seconds.

    The time is that of the largest part of the first screen, not of the first sign on it. What is
    done on a page after it is open is left out: its paint would not be that of an empty browser.
    """
    with fresh_page(browser) as page:
        tools = page.context.new_cdp_session(page)
        carried = []
        tools.on("Network.loadingFinished", lambda told: carried.append(told["encodedDataLength"]))
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", {"offline": False, **NETWORK})
        tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        state._replace(then=None).open(page, address, locale, links)
        paint = page.evaluate(LARGEST_PAINT)
        page.wait_for_load_state("networkidle")
        return sum(carried) / 1000, paint / 1000


def axe_finds(
    browser: Browser, state: State, locale: str, address: str, links: dict[str, str]
) -> list[str]:
    """Return what axe finds in light and in dark."""
    with fresh_page(browser) as page:
        state.open(page, address, locale, links)
        found = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{state.name}, {locale}, {scheme}: {line}" for line in violations(page)]
        return found


def measure(browser: Browser, address: str) -> list[Measured]:
    """Measure every state in both languages; the heavier and the slower of the two count."""
    with fresh_page(browser, java_script_enabled=False) as page:
        links = private_links(page, address)
    measured = []
    for state in STATES:
        heaviest, slowest = 0.0, 0.0
        for locale in LOCALES:
            pairs = [weight_and_paint(browser, state, locale, address, links) for _ in range(TIMES)]
            weights, paints = zip(*pairs, strict=True)
            heaviest = max(heaviest, *weights)
            slowest = max(slowest, median(paints))
        found = [
            line for locale in LOCALES for line in axe_finds(browser, state, locale, address, links)
        ]
        print(*found, sep="\n", end="\n" if found else "")
        measured.append(Measured(state, heaviest, slowest, len(found)))
        print(f"{state.name}: {heaviest:.1f} kB, {slowest:.2f} s", flush=True)
    return measured


def journeys(browser: Browser, address: str) -> list[minutes.Journey]:
    """Count what each business has to read, to tap and to type."""
    found = []
    for business in minutes.BUSINESSES:
        with fresh_page(browser, java_script_enabled=False) as page:
            found.append(minutes.count(page, address, business))
    return found


def write_report(
    measured: list[Measured], counted: list[minutes.Journey], summary: dict[str, float]
) -> None:
    """Write the table of all states, and how long the questionnaire takes."""
    lines = [
        "# Every page: weight, paint on a slow phone, accessibility",
        "",
        f"`make bench-pages`, {machine_and_commit()}.",
        "",
        f"{summary['pages']} pages and states, in Vietnamese and English, the worse of both, at "
        f"{PHONE['width']} pixels.",
        "",
        "- Weight: all that travels on a first visit, compressed, headers included.",
        f"- Paint: the largest part of the first screen, with a processor {CPU_SLOWDOWN} times "
        f"slower and 3G (1.6 Mbit/s, 300 ms), the median of {TIMES}; what is done on a page comes "
        "after it. Where a page opens at a message further down, its first paint.",
        "- axe: what breaks a rule of axe-core, WCAG 2.2 AA included, in light and in dark.",
        "",
        "| page | kB | seconds | axe |",
        "|---|---:|---:|---:|",
        *(
            f"| {each.state.name} | {each.kilobytes:.1f} | {each.paint:.2f} | {each.violations} |"
            for each in measured
        ),
        "",
        f"Heaviest {summary['max_kb']} kB, slowest {summary['slow_phone_paint_s']} s, "
        f"{summary['axe_violations']} violations.",
        "",
        *minutes.table(counted),
    ]
    REPORT.write_text("\n".join(lines), "utf-8")


def main() -> None:
    """Serve, measure, write, and print the summary."""
    with (
        tempfile.TemporaryDirectory() as folder,
        installed(Path(folder)) as installation,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(BROWSER_OPTIONS))
        counted = journeys(browser, installation.address)
        measured = measure(browser, installation.address)
        browser.close()
    summary = {
        "pages": len(measured),
        "axe_violations": sum(each.violations for each in measured),
        "max_kb": round(max(each.kilobytes for each in measured), 1),
        "slow_phone_paint_s": round(max(each.paint for each in measured), 2),
    }
    write_report(measured, counted, summary)
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
