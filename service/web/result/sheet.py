"""The result on a page or two of paper, as a PDF: to keep, to print, to send."""

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
from service.web.result.result_view import Bar, Card, ResultView, Support

if TYPE_CHECKING:
    from fpdf import FPDF

BRAND, INK, MUTED, LINE = (11, 92, 75), (28, 36, 34), (86, 97, 92), (220, 216, 205)
MARGIN, WIDTH, HEIGHT = 15.0, 210.0, 297.0
"""Millimetres, of A4."""
INNER = WIDTH - 2 * MARGIN
QR_SIZE = 28.0
FOOT = HEIGHT - MARGIN - QR_SIZE
"""Where the foot of the first page begins; the next one has none."""

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
    _, sheet = language.gettext, _Sheet(language)
    sheet.head(view.sentence, day)
    sheet.foot(notes, address)
    sheet.section(_("Your picture today"), [partial(sheet.bars, view.functions)])
    steps = [
        partial(sheet.step, step, "" if number else phase.name)
        for phase in view.phases
        for number, step in enumerate(phase.steps)
    ]
    sheet.section(_("Your road map"), steps)
    sheet.section(_("Rules that concern you"), [partial(sheet.duty, each) for each in duties])
    support = [partial(sheet.support, each) for each in view.support]
    sheet.section(_("Support with the cost"), support)
    platforms = [partial(sheet.platform, card) for card in view.cards]
    sheet.section(_("Platforms that suit you"), platforms)
    return bytes(sheet.pdf.output())


class _Sheet:
    """A4 pages that are written from top to bottom; no part stands on two of them."""

    def __init__(self, language: Language) -> None:
        from fpdf import FPDF  # an eighth of a start: it can wait for the first sheet

        self.language = language
        self.pdf = FPDF(format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(MARGIN)
        self.pdf.set_lang(language.locale)
        self.pdf.set_title(f"SMEdx – {language.gettext('Your result')}")
        for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
            self.pdf.add_font("sans", style, fonts() / f"{name}.ttf")
        self.pdf.add_page()

    def text(
        self, text: str, size: float = 9, style: str = "", colour: tuple[int, int, int] = INK,
        width: float = INNER,
    ) -> None:  # fmt: skip
        """Write a paragraph."""
        self.pdf.set_font("sans", style, size)
        self.pdf.set_text_color(*colour)
        self.pdf.multi_cell(width, size * 0.48, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def section(self, title: str, parts: Sequence[Part]) -> None:
        """Write parts below a title that stands on the page of the first; nothing for no parts."""

        def first() -> None:
            self.pdf.ln(3)
            self.text(title, 11, "B", BRAND)
            self.pdf.ln(1)
            parts[0]()

        for part in (first, *parts[1:]) if parts else ():
            self.whole(part)

    def head(self, sentence: str, day: dt.date) -> None:
        """Write who this is from, of what day, and where the business stands."""
        told = self.language.gettext("SMEdx, %(day)s", day=self.language.date(day))
        self.text(told, 8, colour=MUTED)
        self.pdf.ln(1)
        self.text(sentence, 15, "B", BRAND)

    def step(self, step: Step, phase: str) -> None:
        """Write a step of the road map, with its deadline; above the first of a phase its name."""
        _ = self.language.gettext
        if phase:
            self.text(phase, 9, "B")
        told = _("%(kind)s, for example %(name)s", kind=step.category_name, name=step.platform_name)
        self.text(f"{step.position}. {told}: {step.reason}.{self.due(step.deadline)}", 8.5)

    def duty(self, duty: DutyMet) -> None:
        """Write a duty, since when it holds, and how sure that is."""
        _ = self.language.gettext
        unsure = "" if duty.verified else _("not yet checked against the legal text")
        self.text(f"{duty.text}{self.due(duty.in_force_from)}{_sentence(unsure)}", 8.5)
        self.pdf.ln(0.8)

    def support(self, support: Support) -> None:
        """Write a scheme and the most that it pays, since when it holds, and its conditions."""
        name = f"{support.offer.scheme}: {support.terms}" if support.terms else support.offer.scheme
        self.text(name, 8.5, "B")
        told = f"{support.offer.note} {support.since}{_sentence(support.status)}"
        self.text(told.strip(), 8.5)
        self.pdf.ln(0.8)

    def due(self, day: dt.date | None) -> str:
        """Say since when something holds, after what it is."""
        if day is None:
            return ""
        return " " + self.language.gettext("In force from %(day)s.", day=self.language.date(day))

    def bars(self, bars: Sequence[Bar]) -> None:
        """Draw the maturity picture: a bar for each function, with its points."""
        left, most, high = MARGIN + 75, INNER - 90, 3.2
        for bar in bars:
            y = self.pdf.get_y()
            self.pdf.set_font("sans", "", 8.5)
            self.pdf.set_text_color(*INK)
            self.pdf.cell(75, 5, bar.name)
            if bar.score is None:
                self.pdf.set_text_color(*MUTED)
                self.pdf.cell(0, 5, bar.answer)
            else:
                for colour, share in ((LINE, 100), (BRAND, bar.score)):
                    self.pdf.set_fill_color(*colour)
                    if share:
                        self.pdf.rect(left, y + 0.9, most * share / 100, high, style="F")
                self.pdf.set_xy(left + most, y)
                self.pdf.cell(15, 5, str(bar.score), align="R")
            self.pdf.set_xy(MARGIN, y + 5)

    def platform(self, card: Card) -> None:
        """Write one suggestion: what, from whom, why, with which support."""
        platform = card.item.platform
        self.text(f"{card.item.rank}. {platform.name}", 10, "B")
        self.text(f"{platform.category_name} · {platform.provider}", 8, colour=MUTED)
        if card.why:
            self.text(f"{card.why}.", 8.5)
        self.pdf.ln(1.2)

    def whole(self, part: Part) -> None:
        """Write a part on this page, or on the next one if it does not fit above the foot."""
        start, pdf = self.pdf.get_y(), self.pdf
        with pdf.offset_rendering() as rehearsal:
            self.pdf = cast("FPDF", rehearsal)
            part()
            needed = rehearsal.get_y() - start
        self.pdf = pdf
        if start + needed > (FOOT - 3 if self.pdf.page == 1 else HEIGHT - MARGIN):
            self.pdf.add_page()
        part()

    def foot(self, notes: Sequence[str], address: str) -> None:
        """Write what has to be said, and the private link as text and as a QR code."""
        code, top = io.BytesIO(), self.pdf.get_y()
        segno.make(address, error="m").save(code, kind="png", scale=8, border=0)
        self.pdf.image(code, WIDTH - MARGIN - QR_SIZE, FOOT, QR_SIZE, QR_SIZE)
        self.pdf.set_xy(MARGIN, FOOT)
        width = INNER - QR_SIZE - 8
        self.text(self.language.gettext("Your private link"), 8.5, "B", width=width)
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
