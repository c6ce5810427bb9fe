"""The style sheets are small, and read well in light and dark."""

import re

import pytest

from service.web.pages import STATIC

SHEETS = {path.stem: path.read_text("utf-8") for path in STATIC.glob("*.css")}
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))
    for block in re.findall(r":root \{(.*?)\}", SHEETS["base"], re.S)
)
TEXT, CONTROL = 4.5, 3.0
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "card", TEXT),
    ("ink", "tint", TEXT),
    ("ink", "note", TEXT),
    ("muted", "paper", TEXT),
    ("muted", "card", TEXT),
    ("muted", "tint", TEXT),
    ("brand", "paper", TEXT),
    ("brand", "card", TEXT),
    ("brand", "tint", TEXT),
    ("brand", "note", TEXT),
    ("on-brand", "brand", TEXT),
    ("danger", "paper", TEXT),
    ("danger", "card", TEXT),
    ("card", "danger", TEXT),
    ("danger", "danger-tint", TEXT),
    ("edge", "paper", CONTROL),
    ("edge", "card", CONTROL),
    ("focus", "paper", CONTROL),
    ("focus", "card", CONTROL),
    ("brand", "line", CONTROL),
]


def luminance(colour):
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, {**LIGHT, **DARK}], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_have_enough_contrast(colours, front, back, least):
    light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_is_loaded_from_elsewhere(name):
    assert not re.search(r"http|@import|url\(", SHEETS[name])


@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_is_small(name):
    assert len(SHEETS[name].encode()) < 16_000
