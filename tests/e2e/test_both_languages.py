"""No page says anything in the other language, and Vietnamese is written as it is typed."""

import re
import unicodedata
from pathlib import Path

import pytest

from recommender.domain import load_reference
from tests.e2e.pages import STATES

TEXTS = """
() => {
  const ours = each => each.closest('[lang]') === document.documentElement
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts = [document.title]
  while (walker.nextNode())
    if (ours(walker.currentNode.parentElement)) texts.push(walker.currentNode.data)
  for (const each of document.querySelectorAll('[aria-label], [placeholder], [alt], [title]'))
    for (const name of ['aria-label', 'placeholder', 'alt', 'title'])
      if (ours(each)) texts.push(each.getAttribute(name) || '')
  return texts.map(text => text.trim()).filter(text => text)
}
"""
OURS = ("SMEdx", "VND", "QR", "CSV", "JSON", "PDF", "Zalo")
"""What is called the same in both languages."""

FOREIGN = {
    "vi": r"\b(the|and|your|for|Decree|Art|VND|ND-CP|QD)\b|\d,\d{3}\b|\d{4}-\d\d\b",
    "en": r"đồng|Nghị định|[NQ]Đ-|\d\.\d{3}\b|\d{4}-\d\d\b",
}
"""How the other language says it, and how it or a machine writes numbers and days."""

BRACKETS = re.compile(r"\)\s*\(|\([^()]*\(")
"""Two remarks in brackets next to each other, or one inside another."""


def names_of(reference):
    """Return what platforms and providers are called, the longest first."""
    names = set(OURS)
    for platform in reference.platforms.values():
        names |= {platform.name, platform.provider, platform.website or ""}
    return sorted(names - {""}, key=len, reverse=True)


@pytest.fixture(scope="module")
def bare():
    """Return what removes names, addresses and versions from a text."""
    names = names_of(load_reference(Path(__file__).parents[2] / "data"))
    known = re.compile("|".join(map(re.escape, names)) + r"|https?://\S+|\b\d{8}T\w+-\w+\b")
    return lambda text: known.sub("", text)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_page_is_all_in_its_language(address, phone, links, bare, state):
    texts = {}
    for locale in ("vi", "en"):
        page = phone(360, scripts=True)
        state.open(page, address, locale, links)
        texts[locale] = page.evaluate(TEXTS)
        foreign = re.compile(FOREIGN[locale])
        assert [text for text in texts[locale] if foreign.search(bare(text))] == []
        assert BRACKETS.findall(page.locator("main").inner_text()) == []
    assert len(texts["vi"]) > 5
    same = set(texts["vi"]) & set(texts["en"])
    assert [text for text in same if re.search(r"[^\W\d_]{2}", bare(text))] == []
    decomposed = [text for text in texts["vi"] if not unicodedata.is_normalized("NFC", text)]
    assert decomposed == []
