"""On paper: the result as a browser prints it."""

import io
import unicodedata

import pypdf
import pytest

PARTS = (
    "h1",
    ".cards:not(.rest *) h3",
    ".steps strong",
    ".entry h3",
    ".entry strong",
    ".entry p:not(:has(strong, .tag))",
)
SHOWN = """
selector => [...document.querySelectorAll(selector)].map(each => each.textContent.trim())
"""


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("owner", ["household", "enterprise", "cooperative"])
def test_one_page_holds_the_plan_the_duties_the_support_and_the_link(
    address, phone, links, locale, owner
):
    page = phone(360, scripts=True)
    page.goto(f"{address}/{locale}/result/{links[owner]}")
    told = [text for part in PARTS for text in page.evaluate(SHOWN, part)]
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert len(printed) == 1
    text = _plain(" ".join(each.extract_text() for each in printed))
    assert page.url.rsplit("/", 1)[1] in text
    assert [each for each in told if _plain(each) not in text] == []


def _plain(text: str) -> str:
    """Return a text as it is read, wherever its lines break and whichever letters are joined."""
    return "".join(unicodedata.normalize("NFKC", text).split())
