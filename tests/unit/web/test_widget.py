"""The widget is one small script, kept by its version, and readable by the websites of keys."""

import re

import pytest

from service.web.pages import STATIC
from service.web.widget import widget

SCRIPT = (STATIC / "widget.js").read_text("utf-8")
ADDRESS = "/widget/v1.js"


def test_it_weighs_less_than_fifteen_kilobytes_as_it_is():
    assert len(SCRIPT.encode()) < 15_000


def test_it_needs_nothing_and_makes_no_markup_of_text():
    for word in ("import ", "require(", "innerHTML", "outerHTML", "insertAdjacent", "eval(",
                 "document.write", "Function(", "http://", "https://", "url("):  # fmt: skip
        assert word not in SCRIPT, word


def test_both_languages_say_the_same():
    block = re.search(r"const TEXTS = \{(.*?)\n\};", SCRIPT, re.S)
    assert block
    texts = [
        dict(re.findall(r'^    (\w+): "(.*)",$', part, re.M)) for part in block[1].split("  en: {")
    ]
    vietnamese, english = texts
    assert vietnamese.keys() == english.keys()
    assert len(english) > 15
    for name, text in english.items():
        assert text != vietnamese[name]
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", vietnamese[name])
    used = set(re.findall(r'say\("(\w+)"', SCRIPT)) | set(re.findall(r'"(\w+)"', SCRIPT))
    assert english.keys() <= used


def test_it_is_kept_for_ever_by_its_version_and_a_while_without(visitor):
    client = visitor.client
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.text == SCRIPT
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    _, version = widget()
    assert answer.headers["ETag"] == f'"{version}"'
    named = client.get(ADDRESS, params={"v": version})
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert named.text == SCRIPT
    another = client.get(ADDRESS, params={"v": "0" * 32})
    assert another.headers["Cache-Control"] == "public, max-age=300"
    unchanged = client.get(ADDRESS, headers={"If-None-Match": answer.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    head = client.head(ADDRESS)
    assert head.content == b""
    for name in ("Content-Type", "Content-Length", "Cache-Control", "ETag"):
        assert head.headers[name] == answer.headers[name]


@pytest.mark.parametrize("page", ["/", "/about", "/platforms"])
def test_the_pages_themselves_do_not_use_it(visitor, page):
    assert "widget" not in visitor.get(page).text
