"""The result on one page of paper, as a PDF: to keep, to print, to send."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

import segno

from service.web.i18n import Language
from service.web.result.result_view import Bar, Card, Phase, ResultView

if TYPE_CHECKING:
    from fpdf import FPDF

BRAND, INK, MUTED, LINE = (11, 92, 75), (28, 36, 34), (86, 97, 92), (220, 216, 205)
MARGIN, WIDTH, HEIGHT = 15.0, 210.0, 297.0
"""Millimetres, of A4."""
INNER = WIDTH - 2 * MARGIN
QR_SIZE = 28.0
FOOT = HEIGHT - MARGIN - QR_SIZE
"""Where the foot begins; what does not fit above it is left to the page."""

Part = Callable[[], None]


def draw_sheet(
    view: ResultView, notes: Sequence[str], address: str, day: dt.date, language: Language
) -> bytes:  # fmt: skip
    """Return the PDF of a result.

    Args:
        view: Its result.
        notes: What has to be said of it, such as that it rests on simulated data.
        address: Its private link, printed as a QR code too.
        day: Of the result.
        language: The reader's.
    """
    sheet = _Sheet(language)
    sheet.head(view.sentence, day)
    sheet.bars(view.functions)
    sheet.title(language.gettext("Your road map"))
    for phase in view.phases:
        sheet.whole(partial(sheet.phase, phase))
    sheet.title(language.gettext("Platforms that suit you"))
    for card in view.cards:
        sheet.whole(partial(sheet.platform, card))
    sheet.foot(notes, address)
    return bytes(sheet.pdf.output())


class _Sheet:
    """An A4 page that is written from top to bottom."""

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

    def title(self, text: str) -> None:
        """Write the title of a part."""
        self.pdf.ln(3)
        self.text(text, 11, "B", BRAND)
        self.pdf.ln(1)

    def head(self, sentence: str, day: dt.date) -> None:
        """Write who this is from, of what day, and where the business stands."""
        told = self.language.gettext("SMEdx, %(day)s", day=self.language.date(day))
        self.text(told, 8, colour=MUTED)
        self.pdf.ln(1)
        self.text(sentence, 15, "B", BRAND)

    def phase(self, phase: Phase) -> None:
        """Write the steps of a part of the road map, with their deadlines."""
        self.text(phase.name, 9, "B")
        for step in phase.steps:
            due = ""
            if step.deadline is not None:
                day = self.language.date(step.deadline)
                due = " " + self.language.gettext("In force from %(day)s.", day=day)
            name = f"{step.position}. {step.category_name} ({step.platform_name})"
            self.text(f"{name}: {step.reason}.{due}", 8.5)
        self.pdf.ln(1.2)

    def bars(self, bars: Sequence[Bar]) -> None:
        """Draw the maturity picture: a bar for each function, with its points."""
        self.title(self.language.gettext("Your picture today"))
        left, most, high = MARGIN + 75, INNER - 90, 3.2
        for bar in bars:
            y = self.pdf.get_y()
            self.pdf.set_font("sans", "", 8.5)
            self.pdf.set_text_color(*INK)
            self.pdf.cell(75, 5, bar.name)
            if bar.score is None:
                self.pdf.set_text_color(*MUTED)
                self.pdf.cell(0, 5, self.language.gettext("not counted"))
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
        """Write a part if all of it fits above the foot."""
        start, pdf = self.pdf.get_y(), self.pdf
        with pdf.offset_rendering() as rehearsal:
            self.pdf = cast("FPDF", rehearsal)
            part()
            needed = rehearsal.get_y() - start
        self.pdf = pdf
        if self.pdf.get_y() + needed <= FOOT - 3:
            part()

    def foot(self, notes: Sequence[str], address: str) -> None:
        """Write what has to be said, and the private link as text and as a QR code."""
        code = io.BytesIO()
        segno.make(address, error="m").save(code, kind="png", scale=8, border=0)
        self.pdf.image(code, WIDTH - MARGIN - QR_SIZE, FOOT, QR_SIZE, QR_SIZE)
        self.pdf.set_xy(MARGIN, FOOT)
        width = INNER - QR_SIZE - 8
        self.text(self.language.gettext("Your private link"), 8.5, "B", width=width)
        self.text(address, 7.5, width=width)
        self.pdf.ln(1)
        for note in notes:
            self.text(note, 7, colour=MUTED, width=width)


def fonts() -> Path:
    """Return the folder of the DejaVu fonts, which know Vietnamese; Matplotlib brings them."""
    spec = find_spec("matplotlib")  # not imported: it would take a second
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
