"""The two languages of the pages: texts from gettext catalogues, numbers and dates by locale."""

import datetime as dt
import gettext
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from babel.dates import format_date, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from recommender.domain.tables import Locale

LOCALES: tuple[Locale, ...] = get_args(Locale)
TRANSLATIONS = Path(__file__).parent / "translations"

_DATES: Mapping[Locale, str] = {"vi": "dd/MM/y", "en": "d MMMM y"}


@dataclass(frozen=True)
class Language:
    """A language of the pages; English is what the catalogues translate from."""

    locale: Locale
    translations: gettext.NullTranslations

    def gettext(self, message: str, **values: object) -> str:
        """Return the message in this language with its `%(named)s` places filled."""
        text = self.translations.gettext(message)
        return text % values if values else text

    def date(self, day: dt.date) -> str:
        """Write a day as people here write it: 01/06/2025, 1 June 2025."""
        return format_date(day, _DATES[self.locale], locale=self.locale)

    def days(self, count: int) -> str:
        """Write how long something lasts, in years where it is whole ones: 2 years, 30 days."""
        least = math.inf if count % 365 else 1
        time = dt.timedelta(days=count)
        return format_timedelta(time, granularity="day", threshold=least, locale=self.locale)

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with at most so many digits after the decimal separator."""
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return format_decimal(value, pattern, locale=self.locale)

    def percent(self, share: float) -> str:
        """Write a share of 0 to 1 as whole percent."""
        return format_percent(share, "#,##0%", locale=self.locale)

    def day_or_text(self, told: str) -> str:
        """Write a date of the data that may be a year, a month or a day: 2023, 02/2026."""
        parts = told.split("-")
        if len(parts) == 3:
            return self.date(dt.date.fromisoformat(told))
        if len(parts) == 2:
            first = dt.date(int(parts[0]), int(parts[1]), 1)
            return format_date(first, "MM/y" if self.locale == "vi" else "MMMM y", self.locale)
        return told


def load_catalogue(path: Path, locale: Locale) -> gettext.NullTranslations:
    """Compile a `.po` file in memory, so that no compiled file has to be kept in step with it."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _load(locale: Locale) -> Language:
    path = TRANSLATIONS / f"{locale}.po"
    if path.exists():
        return Language(locale, load_catalogue(path, locale))
    return Language(locale, gettext.NullTranslations())


LANGUAGES: Mapping[Locale, Language] = {locale: _load(locale) for locale in LOCALES}


def language_of_path(path: str) -> Language | None:
    """Return the language that the first part of a path names."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return next((LANGUAGES[locale] for locale in LOCALES if locale == first), None)


def preferred_language(accept_language: str) -> Language:
    """Return English for a reader who asks for it and does not list Vietnamese at all.

    Many phones sold in Vietnam list English first and Vietnamese second; their owners read
    Vietnamese.
    """
    listed = [
        part.split(";")[0].strip().lower().split("-")[0]
        for part in accept_language[:500].split(",")
        if "q=0" not in part.replace(" ", "").split(";")
    ]
    return LANGUAGES["en" if "en" in listed and "vi" not in listed else "vi"]
