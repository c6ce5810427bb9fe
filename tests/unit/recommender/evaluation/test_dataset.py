"""Folders of real data: what is read, what is left out, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest

from recommender.evaluation.dataset import DatasetError, load_dataset

USERS = {
    "user_id": ["c", "a", "b", "d"],
    "industry": ["retail", None, "retail", "mining"],
    "size": ["small", "large", "", "huge"],
    "jobs": ["cook; driver", "cook", None, "smith"],
    "answered": ["2022", "2023", "2024", "2025"],
}
ITEMS = {"item_id": ["y", "x", "z"], "item_name": ["Y", "X", "Z"], "section": ["s", "s", "s"]}
INTERACTIONS = {
    "user_id": ["a", "a", "b", "c", "d", "a"],
    "item_id": ["x", "y", "x", "z", "y", "x"],
    "value": [1.0, 2.0, None, 2.0, 1.0, 3.0],
}
DESCRIPTION = {
    "name": "tiny",
    "positive_threshold": None,
    "firm": ["size", "industry"],
    "drop": ["answered"],
    "lists": ["jobs"],
    "segment": ["industry"],
    "items": None,
}


@pytest.fixture
def folder(tmp_path):
    pd.DataFrame(USERS).to_parquet(tmp_path / "users.parquet")
    pd.DataFrame(ITEMS).to_parquet(tmp_path / "items.parquet")
    pd.DataFrame(INTERACTIONS).to_parquet(tmp_path / "interactions.parquet")
    (tmp_path / "dataset.json").write_text(json.dumps(DESCRIPTION))
    return tmp_path


def describe(folder, **changed):
    (folder / "dataset.json").write_text(json.dumps(DESCRIPTION | changed))


def pairs(data):
    rows, columns = data.interactions.nonzero()
    assert set(data.interactions.data.tolist()) == {1.0}
    return {
        (data.users[row], data.items[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    }


def profile(data, user):
    row = data.profiles.toarray()[data.users.index(user)]
    assert set(row.tolist()) <= {0.0, 1.0}
    return {data.encoder.columns[column] for column in np.flatnonzero(row)}


def test_users_and_items_stand_in_the_order_of_their_ids(folder):
    data = load_dataset(folder, "all")
    assert data.users == ("a", "b", "c", "d")
    assert data.items == ("x", "y", "z")


def test_without_a_threshold_every_interaction_counts_once_also_without_a_value(folder):
    found = pairs(load_dataset(folder, "all"))
    assert found == {("a", "x"), ("a", "y"), ("b", "x"), ("c", "z"), ("d", "y")}


@pytest.mark.parametrize("type_", ["float64", "Int64"])
def test_a_threshold_counts_what_reaches_it_and_drops_users_without_a_positive(folder, type_):
    table = pd.DataFrame(INTERACTIONS).astype({"value": type_})
    table.to_parquet(folder / "interactions.parquet")
    describe(folder, positive_threshold=2)
    data = load_dataset(folder, "all")
    assert data.users == ("a", "c")
    assert pairs(data) == {("a", "x"), ("a", "y"), ("c", "z")}
    assert profile(data, "c") == {
        ("industry", "retail"),
        ("size", "small"),
        ("jobs", "cook"),
        ("jobs", "driver"),
    }


def test_only_the_listed_items_are_used(folder):
    describe(folder, items=["z", "y"])
    data = load_dataset(folder, "all")
    assert data.items == ("y", "z")
    assert data.users == ("a", "c", "d")
    assert pairs(data) == {("a", "y"), ("c", "z"), ("d", "y")}


def test_interactions_with_unknown_users_and_items_do_not_count(folder):
    more = pd.DataFrame({"user_id": ["nobody", "b"], "item_id": ["x", "w"], "value": [1.0, 1.0]})
    table = pd.concat([pd.DataFrame(INTERACTIONS), more])
    before = pairs(load_dataset(folder, "all"))
    table.to_parquet(folder / "interactions.parquet")
    assert pairs(load_dataset(folder, "all")) == before


def test_several_values_and_missing_ones(folder):
    data = load_dataset(folder, "all")
    assert profile(data, "a") == {("size", "large"), ("jobs", "cook")}
    assert profile(data, "b") == {("industry", "retail")}
    assert profile(data, "c") >= {("jobs", "cook"), ("jobs", "driver")}
    assert "" not in {value for _, value in data.encoder.columns}


def test_a_semicolon_separates_only_in_the_columns_that_hold_lists(folder):
    describe(folder, lists=[])
    assert ("jobs", "cook; driver") in profile(load_dataset(folder, "all"), "c")


def test_the_firm_view_has_its_columns_and_the_other_all_that_are_not_dropped(folder):
    firm, everything = load_dataset(folder, "firm"), load_dataset(folder, "all")
    assert {field for field, _ in firm.encoder.columns} == {"size", "industry"}
    assert {field for field, _ in everything.encoder.columns} == {"industry", "size", "jobs"}
    assert profile(firm, "d") == {("industry", "mining"), ("size", "huge")}


def test_columns_added_later_are_part_of_the_full_view_alone(folder):
    pd.DataFrame(USERS | {"new": list("abcd")}).to_parquet(folder / "users.parquet")
    pd.DataFrame(ITEMS | {"more": 1}).to_parquet(folder / "items.parquet")
    pd.DataFrame(INTERACTIONS | {"when": 1}).to_parquet(folder / "interactions.parquet")
    assert ("new", "b") in profile(load_dataset(folder, "all"), "a")
    assert {field for field, _ in load_dataset(folder, "firm").encoder.columns} == {
        "size",
        "industry",
    }


def test_the_segment_names_the_columns_of_its_fields(folder):
    data = load_dataset(folder, "firm")
    assert [[data.encoder.columns[column] for column in group] for group in data.segment] == [
        [("industry", "mining"), ("industry", "retail")]
    ]


def test_numeric_ids_are_compared_as_text(folder):
    users = pd.DataFrame(USERS).assign(user_id=[10, 9, 2, 1])
    users.to_parquet(folder / "users.parquet")
    pd.DataFrame(ITEMS).assign(item_id=[10, 9, 8]).to_parquet(folder / "items.parquet")
    table = pd.DataFrame({"user_id": [10, 9, 9], "item_id": [8, 10, 9], "value": [1, 1, 1]})
    table.to_parquet(folder / "interactions.parquet")
    data = load_dataset(folder, "all")
    assert (data.users, data.items) == (("10", "9"), ("10", "8", "9"))
    assert pairs(data) == {("10", "8"), ("9", "10"), ("9", "9")}
    assert ("size", "small") in profile(data, "10")
    describe(folder, items=[8, "9"])
    assert pairs(load_dataset(folder, "all")) == {("10", "8"), ("9", "9")}


@pytest.mark.parametrize(
    "name", ["dataset.json", "users.parquet", "items.parquet", "interactions.parquet"]
)
@pytest.mark.parametrize("content", [None, b"", b"no", b"\xff\xfe{}"])
def test_a_file_that_is_missing_or_broken_is_named(folder, name, content):
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(DatasetError, match=name):
        load_dataset(folder, "all")


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("users.parquet", "user_id"),
        ("items.parquet", "item_id"),
        ("interactions.parquet", "user_id"),
        ("interactions.parquet", "item_id"),
        ("interactions.parquet", "value"),
    ],
)
def test_a_column_that_lacks_is_named_with_its_file(folder, name, column):
    pd.read_parquet(folder / name).drop(columns=column).to_parquet(folder / name)
    with pytest.raises(DatasetError, match=rf"{name}.* {column}"):
        load_dataset(folder, "all")


@pytest.mark.parametrize(
    ("field", "view"), [("firm", "firm"), ("segment", "firm"), ("segment", "all")]
)
def test_a_column_that_is_needed_but_not_there_is_named(folder, field, view):
    describe(folder, **{field: ["industry", "colour"]})
    with pytest.raises(DatasetError, match=r"users.parquet.* colour"):
        load_dataset(folder, view)


@pytest.mark.parametrize("field", ["firm", "lists", "drop"])
def test_a_column_that_is_not_needed_may_be_absent(folder, field):
    before = load_dataset(folder, "all").encoder.columns
    describe(folder, **{field: [*DESCRIPTION[field], "colour"]})
    assert load_dataset(folder, "all").encoder.columns == before


@pytest.mark.parametrize(
    "changed", [{"positive_threshold": "two"}, {"firm": "size"}, {"items": 3}, {"lists": [1]}]
)
def test_a_description_of_the_wrong_type_is_refused(folder, changed):
    describe(folder, **changed)
    with pytest.raises(DatasetError, match=rf"dataset.json.*{next(iter(changed))}"):
        load_dataset(folder, "all")


def test_a_view_without_a_column_is_refused(folder):
    describe(folder, firm=[])
    with pytest.raises(DatasetError, match=r"dataset\.json"):
        load_dataset(folder, "firm")
    describe(folder, drop=["industry", "size", "jobs", "answered"])
    with pytest.raises(DatasetError, match=r"dataset\.json"):
        load_dataset(folder, "all")


def test_values_that_cannot_be_compared_with_the_threshold_are_refused(folder):
    pd.DataFrame(INTERACTIONS | {"value": ["often"] * 6}).to_parquet(
        folder / "interactions.parquet"
    )
    assert len(load_dataset(folder, "all").users) == 4
    describe(folder, positive_threshold=2)
    with pytest.raises(DatasetError, match=r"interactions.parquet.* value"):
        load_dataset(folder, "all")


def test_a_user_that_stands_there_twice_is_refused(folder):
    table = pd.DataFrame(USERS)
    pd.concat([table, table.tail(1)]).to_parquet(folder / "users.parquet")
    with pytest.raises(DatasetError, match=r"users.parquet.* twice"):
        load_dataset(folder, "all")


def test_a_folder_where_nobody_has_a_positive_is_refused(folder):
    describe(folder, positive_threshold=4)
    with pytest.raises(DatasetError, match="no user has a positive"):
        load_dataset(folder, "all")
