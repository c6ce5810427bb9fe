"""The tables as they are shipped."""

import shutil
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.domain import Reference, load_reference
from recommender.domain.tables import Bilingual


def texts(value: object, place: str = "") -> Iterator[tuple[str, Bilingual]]:
    """Find every bilingual row below a value."""
    if isinstance(value, Bilingual):
        yield place, value
        for field in value.__struct_fields__:
            yield from texts(getattr(value, field), f"{place}.{field}")
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from texts(entry, f"{place}[{key}]")
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from texts(entry, f"{place}[{number}]")


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("platforms", 94),
        ("categories", 26),
        ("functions", 8),
        ("sectors", 20),
        ("provinces", 63),
        ("current_provinces", 34),
        ("regions", 6),
        ("needs", 11),
        ("search_words", 26),
        ("size_rules", 6),
        ("levels", 6),
    ],
)
def test_each_table_holds_all_of_its_rows(reference: Reference, table: str, rows: int) -> None:
    assert len(getattr(reference, table)) == rows


def test_every_province_of_today_is_its_own_successor(reference: Reference) -> None:
    for province in reference.provinces.values():
        today = reference.provinces[province.new_code]
        assert today.new_code == province.new_code
        assert today.new_name_vi == province.new_name_vi
        assert today.new_name_en == province.new_name_en


def test_every_text_stands_in_both_languages(reference: Reference) -> None:
    optional = {"help", "intro"}
    rows = [row for name in vars(reference) for row in texts(getattr(reference, name), name)]
    assert len(rows) > 300
    for place, row in rows:
        for field in row.__struct_fields__:
            if not field.endswith("_vi"):
                continue
            name = field.removesuffix("_vi")
            vi, en = row.say(name, "vi"), row.say(name, "en")
            if name in optional:
                assert bool(vi.strip()) == bool(en.strip()), f"{place}.{name}"
            else:
                assert vi.strip(), f"{place}.{field}"
                assert en.strip(), f"{place}.{name}_en"


def test_every_message_has_the_same_places_in_both_languages(reference: Reference) -> None:
    for messages in (reference.messages.reasons, reference.messages.notes):
        for name, message in messages.items():
            places = [
                {place for _, place, _, _ in string.Formatter().parse(text) if place is not None}
                for text in (message.vi, message.en)
            ]
            assert message.vi.strip(), name
            assert message.en.strip(), name
            assert places[0] == places[1], name


def test_every_category_has_a_platform(reference: Reference) -> None:
    assert {p.category for p in reference.platforms.values()} == set(reference.categories)


def test_shares_add_up_to_a_hundred(reference: Reference) -> None:
    sectors, regions = reference.sectors.values(), reference.regions.values()
    assert sum(s.enterprise_share_pct for s in sectors) == pytest.approx(100, abs=0.05)
    assert sum(s.household_share_pct for s in sectors) == pytest.approx(100, abs=0.05)
    assert sum(r.enterprise_share_pct for r in regions) == pytest.approx(100, abs=0.05)


def test_shares_of_provinces_add_up_to_their_region(reference: Reference) -> None:
    for region in reference.regions.values():
        provinces = [p for p in reference.provinces.values() if p.region == region.code]
        total = sum(province.enterprise_share_pct for province in provinces)
        assert total == pytest.approx(region.enterprise_share_pct, abs=0.05)


def test_functions_needs_and_choices_come_in_the_order_of_their_positions(
    reference: Reference,
) -> None:
    lists = [reference.functions, reference.needs, *reference.choices.values()]
    for rows in lists:
        positions = [row.position for row in rows.values()]
        assert positions == sorted(positions)


def test_the_version_goes_with_the_content_of_the_tables_alone(
    data_dir: Path, reference: Reference, tmp_path: Path
) -> None:
    copy = shutil.copytree(data_dir, tmp_path / "data")
    (copy / "notes.md").write_text("not a table")
    assert load_reference(copy).version == reference.version
    with (copy / "calibration.csv").open("a") as file:
        file.write("\n")
    assert load_reference(copy).version != reference.version
