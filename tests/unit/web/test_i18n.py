"""Languages are chosen and written as readers expect."""

import datetime as dt

import pytest

from service.web.i18n import LANGUAGES, language_of_path, preferred_language


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("en-US,en;q=0.9,vi;q=0.8", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.1", "vi"),
        ("fr,de", "vi"),
        ("en,vi;q=0", "en"),
        (";;,,=", "vi"),
    ],
)
def test_english_only_for_those_who_do_not_read_vietnamese(header, locale):
    assert preferred_language(header).locale == locale


@pytest.mark.parametrize(("path", "locale"), [("/vi/", "vi"), ("/en/about", "en"), ("/vi", "vi")])
def test_the_path_names_the_language(path, locale):
    found = language_of_path(path)
    assert found is not None
    assert found.locale == locale


@pytest.mark.parametrize("path", ["/", "/v1/platforms", "/video/", ""])
def test_other_paths_name_none(path):
    assert language_of_path(path) is None


def test_dates_and_numbers_follow_the_language():
    day = dt.date(2025, 6, 1)
    assert LANGUAGES["vi"].date(day) == "01/06/2025"
    assert LANGUAGES["en"].date(day) == "1 June 2025"
    assert LANGUAGES["vi"].number(1234.5, 1) == "1.234,5"
    assert LANGUAGES["en"].number(20) == "20"
    assert LANGUAGES["vi"].percent(0.567) == "57%"


@pytest.mark.parametrize(
    ("told", "vi", "en"),
    [
        ("2026-02", "02/2026", "February 2026"),
        ("2023", "2023", "2023"),
        ("2020-06-23", "23/06/2020", "23 June 2020"),
    ],
)
def test_source_dates_may_be_a_year_a_month_or_a_day(told, vi, en):
    assert LANGUAGES["vi"].day_or_text(told) == vi
    assert LANGUAGES["en"].day_or_text(told) == en
