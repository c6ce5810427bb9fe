"""What docs/privacy.md says is kept, and how long, is what the code keeps."""

import re
from pathlib import Path

import msgspec

from recommender.training.holdout import FEWEST
from service.settings import Settings
from service.store.tables import metadata

TEXT = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| what")
]
OF_NO_BUSINESS = {"api_keys", "audit", "tasks"}


def test_each_time_is_that_of_its_setting():
    told = {setting.strip("`").lower(): int(kept.split()[0]) for *_, kept, setting in ROWS}
    settings = msgspec.structs.asdict(Settings())
    assert told == {name: days for name, days in settings.items() if "retention" in name}


def test_every_table_with_something_of_a_business_is_told():
    named = {name for row in ROWS for name in re.findall(r"`(\w+)`", row[1])}
    assert named == metadata.tables.keys() - OF_NO_BUSINESS


def test_every_setting_that_is_named_is_one():
    names = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)(?:=\w+)?`", TEXT)) - {"VERSION"}
    assert names <= {name.upper() for name in Settings.__struct_fields__}
    assert {"OPERATOR", "PASSERS_BY_IMPROVE"} <= names


def test_how_few_are_told_together_is_that_of_the_code():
    assert FEWEST == 5
    assert "fewer than five recorded businesses" in TEXT
