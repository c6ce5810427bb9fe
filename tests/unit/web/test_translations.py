"""Every text of the pages stands in the Vietnamese catalogue, and nothing else does."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import service.web
from service.web.i18n import TRANSLATIONS

PAGES = Path(service.web.__file__).parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]


def extracted():
    options = {"**.html": {"trimmed": "true", "silent": "false"}}
    found = extract_from_dir(PAGES, METHODS, options_map=options)
    return {message for _, _, message, _, _ in found}


def catalogue():
    with (TRANSLATIONS / "vi.po").open("rb") as file:
        return [message for message in read_po(file, locale="vi") if message.id]


def test_texts_are_found():
    assert len(extracted()) > 100


def test_no_translation_is_missing():
    translated = {message.id for message in catalogue() if message.string}
    assert extracted() - translated == set()


def test_no_translation_is_unused():
    assert {message.id for message in catalogue()} - extracted() == set()


def test_no_translation_is_fuzzy_or_empty():
    for message in catalogue():
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.fuzzy, message.id
        assert all(strings), message.id


def test_places_are_the_same_in_both_languages():
    for message in catalogue():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(re.findall(r"%\(\w+\)s|%%", ids[-1]))
        for text in strings:
            assert set(re.findall(r"%\(\w+\)s|%%", text)) == wanted, message.id
