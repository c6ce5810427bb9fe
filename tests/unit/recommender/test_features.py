"""A business as a sparse row: one by one, as a table, and after a trip through Parquet."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.features import OneHotProfiles, history_matrix, profile_encoder
from recommender.profiles import (
    FEATURE_COLUMNS,
    PROFILE_COLUMNS,
    decode_features,
    encode_features,
    profile_row,
    profile_table,
)

CROSSED = OneHotProfiles(
    {"colour": ["red", "blue"], "size": ["big"], "tags": ["x", "y"]}, ("tags", "colour")
)
ROWS = pd.DataFrame(
    [
        ("red", "big", ["x"]),
        ("blue", None, ["y", "x", "y"]),
        ("green", "big", ["x", "y"]),
        (None, "small", ["y"]),
        ("red", "big", []),
        ("red", "big", ["z"]),
        (None, None, None),
    ],
    columns=["colour", "size", "tags"],
)
ANSWERS = st.sampled_from(["a", "b", "c", "unknown", None])


@pytest.fixture(scope="session")
def encoder(reference):
    return profile_encoder(reference)


def through_parquet(table):
    file = io.BytesIO()
    table.to_parquet(file)
    file.seek(0)
    return pd.read_parquet(file)


def set_columns(encoder, profile, reference):
    columns = encoder.encode(profile_row("", profile, reference))
    return [encoder.columns[number] for number in columns]


@settings(max_examples=40)
@given(data=st.data())
def test_one_row_and_a_table_of_it_are_encoded_alike(encoder, reference, clean_profile, data):
    profiles = data.draw(st.lists(clean_profile, min_size=1, max_size=4))
    pairs = [(f"business-{number}", profile) for number, profile in enumerate(profiles)]
    table = profile_table(pairs, reference)
    expected = np.zeros((len(profiles), len(encoder.columns)))
    for number, profile in enumerate(profiles):
        expected[number, encoder.encode(profile_row("", profile, reference))] = 1
    assert np.array_equal(encoder.transform(table).toarray(), expected)
    assert np.array_equal(encoder.transform(through_parquet(table)).toarray(), expected)


def test_every_answer_sets_its_column(encoder, reference, make_profile):
    profile = make_profile(
        functions={"sales": "paper", "people": "not_applicable"},
        strategy="none",
        data_use="reviewed",
        security="backups",
        needs=["sell-online", "get-paid"],
        budget="under_200k",
    )
    assert sorted(set_columns(encoder, profile, reference)) == sorted(
        [
            ("sector", "I"),
            ("size", "household"),
            ("legal_form", "household"),
            ("province", "48"),
            ("sells_to_consumers", "True"),
            ("function_sales", "paper"),
            ("function_people", "not_applicable"),
            ("strategy", "none"),
            ("data_use", "reviewed"),
            ("security", "backups"),
            ("needs", "get-paid"),
            ("needs", "sell-online"),
            ("budget", "under_200k"),
            ("maturity_level", "2"),
            ("sector x size", "I x household"),
        ]
    )


def test_what_is_not_told_sets_no_column(encoder, reference, make_profile):
    fields = {field for field, _ in set_columns(encoder, make_profile(), reference)}
    told = {"sector", "size", "legal_form", "province", "sells_to_consumers"}
    assert fields == {*told, "sector x size"}


def test_values_outside_of_the_vocabulary_set_no_column():
    encoder = OneHotProfiles({"colour": ["red", "blue"], "tags": ["x", "y"]})
    table = pd.DataFrame(
        {"colour": ["blue", "green", None], "tags": [["x", "z"], [], ["z"]]}, index=[5, 5, 9]
    )
    assert encoder.transform(table).toarray().tolist() == [[0, 1, 1, 0], [0] * 4, [0] * 4]
    assert encoder.encode({"colour": "green", "tags": ["z"]}).tolist() == []
    assert encoder.encode({"colour": None, "tags": None}).tolist() == []


def test_a_list_sets_several_columns_and_a_repeat_counts_once():
    encoder = OneHotProfiles({"tags": ["x", "y", "z"]})
    table = pd.DataFrame({"tags": [["z", "x", "z"], ["y"]]})
    matrix = encoder.transform(table)
    assert matrix.toarray().tolist() == [[1, 0, 1], [0, 1, 0]]
    assert encoder.encode({"tags": ["z", "x", "z"]}).tolist() == [0, 2]
    assert encoder.encode({"tags": ("z", "x")}).tolist() == [0, 2]


def test_the_columns_are_the_codes_of_the_tables(encoder, reference):
    assert len(encoder.columns) == len(set(encoder.columns))
    values = {field: list(known) for field, known in encoder.vocabulary.items()}
    assert set(values) <= set(PROFILE_COLUMNS)
    assert values["province"] == list(reference.current_provinces)
    assert values["needs"] == list(reference.needs)
    assert values["maturity_level"] == ["0", "1", "2", "3", "4", "5"]


def test_pairs_of_two_fields_have_columns_of_their_own_at_the_end():
    encoder = OneHotProfiles(CROSSED.vocabulary, ("colour", "tags"))
    told = OneHotProfiles(CROSSED.vocabulary).columns
    pairs = [("red", "x"), ("red", "y"), ("blue", "x"), ("blue", "y")]
    assert encoder.columns[: len(told)] == told
    assert encoder.columns[len(told) :] == [("colour x tags", " x ".join(pair)) for pair in pairs]
    parents = [[encoder.columns[column] for column in both] for both in encoder.parents]
    assert parents == [[("colour", a), ("tags", b)] for a, b in pairs]


def test_the_fields_of_a_pair_stand_as_they_are_given():
    """Whatever their order in the table."""
    first, second = CROSSED.columns[-4:-2]
    assert (first, second) == (("tags x colour", "x x red"), ("tags x colour", "x x blue"))
    assert CROSSED.parents.tolist() == [[3, 0], [3, 1], [4, 0], [4, 1]]


def test_without_a_cross_there_are_no_pairs():
    encoder = OneHotProfiles(CROSSED.vocabulary)
    assert encoder.parents.shape == (0, 2)
    assert encoder.transform(ROWS).shape == (len(ROWS), 5)


def test_a_pair_is_set_where_both_of_its_answers_are():
    expected = [
        [1, 0, 1, 1, 0, 1, 0, 0, 0],
        [0, 1, 0, 1, 1, 0, 1, 0, 1],
        [0, 0, 1, 1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 1, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0, 0, 0, 0],
        [1, 0, 1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    assert CROSSED.transform(ROWS).toarray().tolist() == expected
    for row, columns in zip(ROWS.to_dict("records"), expected, strict=True):
        assert CROSSED.encode(row).tolist() == np.flatnonzero(columns).tolist()


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.fixed_dictionaries({"one": ANSWERS, "two": ANSWERS, "more": st.lists(ANSWERS)}),
        min_size=1,
        max_size=5,
    ),
    fields=st.permutations(["one", "two", "more"]),
)
def test_pairs_of_one_row_and_of_a_table_are_encoded_alike(rows, fields):
    known = ["a", "b", "c"]
    encoder = OneHotProfiles(dict.fromkeys(["one", "two", "more"], known), tuple(fields[:2]))
    matrix = encoder.transform(pd.DataFrame(rows, index=[7] * len(rows)))
    assert matrix.shape == (len(rows), 9 + 9)
    for row, found in zip(rows, matrix.toarray(), strict=True):
        columns = encoder.encode(row).tolist()
        assert columns == np.flatnonzero(found).tolist()
        assert set(found.tolist()) <= {0.0, 1.0}
        told = [row[field] for field in fields[:2]]
        first, second = (set(each if isinstance(each, list) else [each]) for each in told)
        pairs = len(first & {*known}) * len(second & {*known})
        assert sum(column >= 9 for column in columns) == pairs


def test_sector_and_size_are_crossed(encoder, reference):
    sectors = dict.fromkeys(code for _, code in reference.sectors)
    sizes = reference.choices["size"]
    crossed = [value for field, value in encoder.columns if field == "sector x size"]
    assert crossed == [f"{sector} x {size}" for sector in sectors for size in sizes]
    assert len(encoder.parents) == len(crossed)
    assert encoder.columns[-1] == ("sector x size", crossed[-1])


@pytest.mark.parametrize(
    "other",
    [
        {"colour": ["red", "blue", "green"]},
        {"colour": ["red"]},
        {"colour": ["blue", "red"]},
        {"shade": ["red", "blue"]},
        {"colour": ["red", "blue"], "size": ["red"]},
    ],
    ids=["added", "removed", "moved", "renamed", "another field"],
)
def test_the_schema_changes_with_the_vocabulary(other):
    schema = OneHotProfiles({"colour": ["red", "blue"]}).schema
    assert OneHotProfiles({"colour": ["red", "blue"]}).schema == schema
    assert OneHotProfiles(other).schema != schema


def test_the_schema_changes_with_the_fields_that_are_crossed():
    vocabulary = CROSSED.vocabulary
    crosses = [None, ("colour", "size"), ("size", "colour"), ("colour", "tags")]
    schemas = [OneHotProfiles(vocabulary, cross).schema for cross in crosses]
    assert len(set(schemas)) == len(crosses)
    assert OneHotProfiles(vocabulary, ("colour", "size")).schema == schemas[1]


def test_a_table_without_rows_gives_a_matrix_without_rows(encoder, reference):
    empty = profile_table([], reference)
    for table in (empty, through_parquet(empty)):
        matrix = encoder.transform(table)
        assert matrix.shape == (0, len(encoder.columns))
        assert matrix.dtype == np.float64


def test_lists_come_back_from_parquet_as_arrays_and_are_understood(
    encoder, reference, make_profile
):
    pairs = [
        ("a", make_profile(needs=["get-paid"], platforms_in_use=["misa-amis", "misa-cukcuk"])),
        ("b", make_profile()),
    ]
    table = profile_table(pairs, reference)
    read = through_parquet(table)
    assert isinstance(read["needs"][0], np.ndarray)
    assert np.array_equal(encoder.transform(read).toarray(), encoder.transform(table).toarray())
    history = history_matrix(read["platforms_in_use"], ["misa-cukcuk", "sapo", "misa-amis"])
    assert history.toarray().tolist() == [[1, 0, 1], [0, 0, 0]]


def test_lists_that_are_all_empty_are_understood(encoder, reference, make_profile):
    table = profile_table([("a", make_profile()), ("b", make_profile())], reference)
    read = through_parquet(table)
    assert np.array_equal(encoder.transform(read).toarray(), encoder.transform(table).toarray())
    assert history_matrix(read["platforms_in_use"], ["misa-amis"]).toarray().tolist() == [[0], [0]]


def test_the_same_features_give_the_same_text(reference, make_profile):
    def text(**told):
        return encode_features(profile_row("", make_profile(**told), reference))

    needs, uses = ["sell-online", "get-paid"], ["sapo", "misa-cukcuk"]
    assert text(needs=needs, platforms_in_use=uses) == text(
        needs=needs[::-1], platforms_in_use=uses[::-1]
    )
    assert text(revenue_bn_vnd=1) == text(revenue_bn_vnd=1.0)
    assert len({text(), text(needs=needs), text(platforms_in_use=uses), text(employees=9)}) == 4
    of_one, of_another = (profile_row(id_, make_profile(), reference) for id_ in "ab")
    assert encode_features(of_one) == encode_features(of_another)
    assert tuple(json.loads(text())) == FEATURE_COLUMNS


def test_the_row_holds_what_was_told_and_what_follows_from_it(reference, make_profile):
    profile = make_profile(legal_form="enterprise", employees=60, functions={"sales": "paper"})
    row = profile_row("business-1", profile, reference)
    assert tuple(row) == PROFILE_COLUMNS
    assert row["business_id"] == "business-1"
    assert (row["size"], row["maturity_level"]) == ("medium", 1)
    assert (row["function_sales"], row["function_people"]) == ("paper", None)


def test_the_business_can_be_read_from_its_features(reference, make_profile):
    told = reference.normalise(
        make_profile(functions={"sales": "paper"}, needs=("shop-floor",), strategy="ideas")
    )
    assert decode_features(encode_features(profile_row("", told, reference))) == told
