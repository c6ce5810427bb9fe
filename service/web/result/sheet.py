"""The result on a page of paper, as a PDF: to keep, to print, to send.

A long one is written smaller. What would be too small goes on to a second page: nothing is left
out.
"""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import segno

from recommender.domain.plan import Step
from recommender.domain.recommendation import DutyMet
from service.web.i18n import Language
from service.web.result.cards import Card, Support
from service.web.result.result_view import Bar, ResultView

if TYPE_CHECKING:
    from fpdf import FPDF

BRAND, INK, MUTED, LINE = (11, 92, 75), (28, 36, 34), (86, 97, 92), (220, 216, 205)
MARGIN, WIDTH, HEIGHT = 12.0, 210.0, 297.0
"""Millimetres, of A4."""
INNER = WIDTH - 2 * MARGIN
GAP = 6.0
HALF = (INNER - GAP) / 2
QR_SIZE = 25.0
FOOT = HEIGHT - MARGIN - QR_SIZE
"""Where the foot of the first page begins; the next one has none."""
ABOVE_FOOT = FOOT - 3

SCALES = (1.05, 1.0, 0.95, 0.9)
"""How large it is written: the first with which it fits on a page, else the last."""

Part = Callable[[], None]


def draw_sheet(
    view: ResultView,
    duties: Sequence[DutyMet],
    notes: Sequence[str],
    address: str,
    day: dt.date,
    language: Language,
) -> bytes:
    """Return the PDF of a result.

    Args:
        view: Its result.
        duties: What the law asks of the business.
        notes: What has to be said of it, such as that it rests on simulated data.
        address: Its private link, printed as a QR code too.
        day: Of the result.
        language: The reader's.
    """
    for scale in SCALES:
        sheet = _Sheet(language, scale)
        sheet.write(view, duties, notes, address, day)
        if sheet.pdf.get_y() <= ABOVE_FOOT:
            break
    else:
        sheet = _Sheet(language, SCALES[-1], breaks=True)
        sheet.write(view, duties, notes, address, day)
    return bytes(sheet.pdf.output())


class _Sheet:
    """An A4 page that is written from top to bottom.

    Args:
        language: The reader's.
        scale: How large it is written.
        breaks: Whether what does not fit goes on to the next page, each part as a whole; else it
            is lost below the end of the first.
    """

    def __init__(self, language: Language, scale: float, *, breaks: bool = False) -> None:
        from fpdf import FPDF  # an eighth of a start: it can wait for the first sheet

        self.language, self.scale, self.breaks = language, scale, breaks
        self.pdf = FPDF(format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(MARGIN)
        self.pdf.set_lang(language.locale)
        self.pdf.set_title(f"SMEdx – {language.gettext('Your result')}")
        for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
            self.pdf.add_font("sans", style, fonts() / f"{name}.ttf")
        self.pdf.add_page()

    def write(
        self,
        view: ResultView,
        duties: Sequence[DutyMet],
        notes: Sequence[str],
        address: str,
        day: dt.date,
    ) -> None:
        """Write it all; see `draw_sheet`."""
        _ = self.language.gettext
        self.head(view.sentence, day)
        self.foot(notes, address)
        self.section(_("Your picture today"), [partial(self.bars, view.functions)])
        steps = [
            partial(self.step, step, "" if number else phase.name)
            for phase in view.phases
            for number, step in enumerate(phase.steps)
        ]
        self.section(_("Your road map"), steps)
        none = _("We know of no rule that asks a business like yours for such a tool.")
        rules = [partial(self.duty, each) for each in duties] or [partial(self.text, none, 8.2)]
        self.section(_("Rules that concern you"), rules)
        support = [partial(self.support, each) for each in view.support]
        self.section(_("Support with the cost"), support)
        pairs = [view.cards[start : start + 2] for start in range(0, len(view.cards), 2)]
        platforms = [partial(self.platforms, pair) for pair in pairs]
        self.section(_("Platforms that suit you"), platforms)
        names = [
            f"{card.item.rank}. {card.item.platform.name}.{self.drawn(card)}"
            for card in view.covered
        ]
        covered = [partial(self.text, " ".join(names), 8.2)] if names else []
        self.section(_("You have this already, no change needed"), covered)

    def text(
        self, text: str, size: float = 9, style: str = "", colour: tuple[int, int, int] = INK,
        width: float = INNER,
    ) -> None:  # fmt: skip
        """Write a paragraph."""
        self.pdf.set_font("sans", style, size * self.scale)
        self.pdf.set_text_color(*colour)
        self.pdf.multi_cell(
            width, size * self.scale * 0.46, text, align="L", new_x="LEFT", new_y="NEXT"
        )

    def section(self, title: str, parts: Sequence[Part]) -> None:
        """Write parts below a title that stands on the page of the first; nothing for no parts."""

        def first() -> None:
            self.pdf.ln(2.2)
            self.text(title, 11, "B", BRAND)
            self.pdf.ln(0.6)
            parts[0]()

        for part in (first, *parts[1:]) if parts else ():
            self.whole(part)

    def head(self, sentence: str, day: dt.date) -> None:
        """Write who this is from, of what day, and where the business stands."""
        told = self.language.gettext("SMEdx, %(day)s", day=self.language.date(day))
        self.text(told, 8, colour=MUTED)
        self.pdf.ln(1)
        self.text(sentence, 12.5, "B", BRAND)

    def step(self, step: Step, phase: str) -> None:
        """Write a step of the road map, with its deadline; above the first of a phase its name."""
        _ = self.language.gettext
        if phase:
            self.text(phase, 9, "B")
        unsure = self.unsure(verified=not step.deadline or step.deadline_verified)
        told = _("%(kind)s, for example %(name)s", kind=step.task, name=step.platform_name)
        self.text(f"{step.position}. {told}: {step.reason}.{self.due(step.deadline)}{unsure}", 8.2)

    def duty(self, duty: DutyMet) -> None:
        """Write a duty, since when it holds, and how sure that is."""
        unsure = self.unsure(verified=duty.verified)
        self.text(f"{duty.text}{self.due(duty.in_force_from)}{unsure}", 8.2)
        self.pdf.ln(0.8)

    def support(self, support: Support) -> None:
        """Write a scheme and the most that it pays, since when it holds, and its conditions."""
        name = f"{support.offer.scheme}: {support.terms}" if support.terms else support.offer.scheme
        self.text(name, 8.2, "B")
        told = f"{support.offer.note} {support.since}{_sentence(support.status)}"
        self.text(told.strip(), 8.2)
        self.pdf.ln(0.8)

    def due(self, day: dt.date | None) -> str:
        """Say since when something holds, after what it is."""
        if day is None:
            return ""
        return " " + self.language.gettext("In force from %(day)s.", day=self.language.date(day))

    def unsure(self, *, verified: bool) -> str:
        """Say that a duty was not checked, after what it is; nothing where it was."""
        told = self.language.gettext("not yet checked against the legal text")
        return "" if verified else _sentence(told)

    def drawn(self, card: Card) -> str:
        """Say that a platform was drawn by chance, after why; nothing where it was not."""
        told = self.language.gettext("shown to learn whether it suits businesses like yours")
        return _sentence(told) if card.item.slot == "explore" else ""

    def bars(self, bars: Sequence[Bar]) -> None:
        """Draw the maturity picture: a bar for each function, with its points."""
        left, most, line = MARGIN + 75, INNER - 90, 4.4 * self.scale
        for bar in bars:
            y = self.pdf.get_y()
            self.pdf.set_font("sans", "", 8.2 * self.scale)
            self.pdf.set_text_color(*INK)
            self.pdf.cell(75, line, bar.name)
            if bar.score is None:
                self.pdf.set_text_color(*MUTED)
                self.pdf.cell(0, line, bar.answer)
            else:
                for colour, share in ((LINE, 100), (BRAND, bar.score)):
                    self.pdf.set_fill_color(*colour)
                    if share:
                        self.pdf.rect(left, y + line / 5, most * share / 100, 0.6 * line, style="F")
                self.pdf.set_xy(left + most, y)
                self.pdf.cell(15, line, str(bar.score), align="R")
            self.pdf.set_xy(MARGIN, y + line)

    def platforms(self, cards: Sequence[Card]) -> None:
        """Write suggestions beside each other: what, from whom, why."""
        top, ends = self.pdf.get_y(), []
        for number, card in enumerate(cards):
            platform = card.item.platform
            self.pdf.set_xy(MARGIN + number * (HALF + GAP), top)
            self.text(f"{card.item.rank}. {platform.name}", 9, "B", width=HALF)
            self.text(f"{platform.category_name} · {platform.provider}", 8, "", MUTED, HALF)
            told = f"{card.why}." if card.why else ""
            if told := f"{told}{self.drawn(card)}".strip():
                self.text(told, 8.2, width=HALF)
            ends.append(self.pdf.get_y())
        self.pdf.set_xy(MARGIN, max(ends) + 1)

    def whole(self, part: Part) -> None:
        """Write a part, on the next page if it does not fit on this one and may go there."""
        if self.breaks:
            start, pdf = self.pdf.get_y(), self.pdf
            with pdf.offset_rendering() as rehearsal:
                self.pdf = cast("FPDF", rehearsal)
                part()
                needed = rehearsal.get_y() - start
            self.pdf = pdf
            if start + needed > (ABOVE_FOOT if self.pdf.page == 1 else HEIGHT - MARGIN):
                self.pdf.add_page()
        part()

    def foot(self, notes: Sequence[str], address: str) -> None:
        """Write what has to be said, and the private link as text and as a QR code."""
        code, top = io.BytesIO(), self.pdf.get_y()
        segno.make(address, error="m").save(code, kind="png", scale=8, border=0)
        self.pdf.image(code, WIDTH - MARGIN - QR_SIZE, FOOT, QR_SIZE, QR_SIZE)
        self.pdf.set_xy(MARGIN, FOOT)
        width = INNER - QR_SIZE - 8
        self.text(self.language.gettext("Your private link"), 8.2, "B", width=width)
        self.text(address, 7.5, width=width)
        self.pdf.ln(1)
        for note in notes:
            self.text(note, 7, colour=MUTED, width=width)
        self.pdf.set_xy(MARGIN, top)


def _sentence(remark: str) -> str:
    """Return a remark as a sentence after others; nothing for none."""
    return f" {remark[0].upper()}{remark[1:]}." if remark else ""


def fonts() -> Path:
    """Return the folder of the DejaVu fonts, which know Vietnamese; Matplotlib brings them."""
    spec = find_spec("matplotlib")  # not imported: it would take a second
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
