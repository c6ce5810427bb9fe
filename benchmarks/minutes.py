"""How long the questionnaire takes: what there is to read, to tap and to type, at sourced speeds.

Nobody was timed. Each business of `tests/owners.py` goes through its questions in a browser, and
what it meets is counted: its questions, hints and answers down to the one that it ticks (who has
found the right one reads no further); a line that stood on an earlier page is not read again.
Words are those of the English pages: readers of other languages take about as long for the same
message (Brysbaert).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from playwright.sync_api import Page

from tests.e2e.owner import answer, begin, press, step_of
from tests.owners import (
    CLINIC,
    FARM,
    GARMENT_EXPORTER,
    ONLINE_SHOP,
    RESTAURANT,
    RICE_COOPERATIVE,
    Answers,
)

WORDS_A_MINUTE = 238
"""Adults reading silently, non-fiction: the mean of 190 studies (Brysbaert 2019,
doi:10.1016/j.jml.2019.104047)."""

SIGNS_A_MINUTE = 181
"""36.2 words of five signs on a phone, 37,000 volunteers (Palin and others 2019,
doi:10.1145/3338286.3340120)."""

DECIDE_SECONDS, TAP_SECONDS = 1.35, 1.1
"""To make up one's mind once, and to point once: the keystroke-level model (Card, Moran and Newell
1980, doi:10.1145/358886.358895)."""

BUSINESSES: Mapping[str, Answers] = {
    "restaurant, household": RESTAURANT,
    "online shop, household": ONLINE_SHOP,
    "farm, household": FARM,
    "rice co-operative": RICE_COOPERATIVE,
    "clinic, enterprise": CLINIC,
    "garment exporter, enterprise": GARMENT_EXPORTER,
}
READ = """
() => {
  const hide = each => { each.style.display = 'none' }
  document.querySelectorAll('main select, .progress').forEach(hide)
  for (const each of document.querySelectorAll('summary small')) {
    if (each.closest('details:has([type=checkbox]):not(:has(:checked))')) hide(each)
    const words = each.textContent.split(/\\s+/), shown = each.clientWidth / each.scrollWidth
    each.textContent = words.slice(0, Math.ceil(words.length * shown)).join(' ')
  }
  const ticked = document.querySelector('main input[type=radio]:checked')?.closest('label')
  let later = ticked?.nextElementSibling
  for (; later; later = later.nextElementSibling) hide(later)
  return document.querySelector('main').innerText
}
"""
"""The text of a question that is answered, as far as it is in sight: without the answers behind the
one that is ticked, what a line that is cut off does not show, the names of tools of a kind that the
business does not use, the number of the question, and the list of provinces, which is chosen from
by its first letters."""


class Journey(NamedTuple):
    """What one business meets: questions, words to read, taps, and signs to type."""

    business: str
    questions: int
    words: int
    taps: int
    signs: int

    @property
    def minutes(self) -> float:
        """The time that it takes, without that of loading pages."""
        seconds = self.questions * DECIDE_SECONDS + self.taps * TAP_SECONDS
        return self.words / WORDS_A_MINUTE + self.signs / SIGNS_A_MINUTE + seconds / 60


def count(page: Page, address: str, business: str) -> Journey:
    """Go through the questionnaire as a business, up to the page of all its answers."""
    begin(page, address, "en")
    seen: set[str] = set()
    questions = words = taps = signs = 0
    while step_of(page) != "check":
        answer(page, BUSINESSES[business])
        typed = page.locator("form[data-keep] input[type=text]")
        signs += sum(len(field.input_value()) for field in typed.all())
        taps += 1 + (page.locator("form[data-keep] :checked").count() or 1)
        lines = {line.strip() for line in page.evaluate(READ).splitlines()}
        words += sum(len(line.split()) for line in lines - seen)
        seen |= lines
        questions += 1
        press(page)
    return Journey(business, questions, words, taps, signs)


def table(journeys: Sequence[Journey]) -> list[str]:
    """Return the lines of the report that tell how long it takes."""
    longest = max(journeys, key=lambda each: each.minutes)
    return [
        "## How long the questionnaire takes",
        "",
        "Counted, not timed: words that are read once, answers down to the one that is ticked, on "
        f"the English pages, at {WORDS_A_MINUTE} a minute (adults, silently: "
        "[Brysbaert 2019](https://doi.org/10.1016/j.jml.2019.104047)); signs typed on a phone at "
        f"{SIGNS_A_MINUTE} a minute "
        "([Palin and others 2019](https://doi.org/10.1145/3338286.3340120)); "
        f"{DECIDE_SECONDS} s to decide on each question and {TAP_SECONDS} s for each tap "
        "([Card, Moran and Newell 1980](https://doi.org/10.1145/358886.358895)). Loading pages "
        "comes on top.",
        "",
        "| business | questions | words | taps | signs | minutes |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            f"| {each.business} | {each.questions} | {each.words} | {each.taps} | {each.signs} "
            f"| {each.minutes:.1f} |"
            for each in journeys
        ),
        "",
        f"The longest takes {longest.minutes:.1f} minutes: {longest.business}.",
        "",
    ]
