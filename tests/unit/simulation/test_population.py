import math
from dataclasses import fields

import msgspec
import numpy as np
import pandas as pd
import pytest

from recommender.domain import BusinessProfile
from recommender.profiles import FUNCTION_COLUMNS, PROFILE_COLUMNS, profile_row, profile_table
from recommender.simulation import Population, draw_population


def told(row: pd.Series) -> dict[str, object]:
    """Return a row without what it does not tell."""
    return {
        name: value for name, value in row.items() if isinstance(value, list) or not pd.isna(value)
    }


def as_profile(row: pd.Series) -> BusinessProfile:
    answers = told(row)
    functions = {
        code: answers[column] for code, column in FUNCTION_COLUMNS.items() if column in answers
    }
    plain = {
        name: value for name, value in answers.items() if name in BusinessProfile.__struct_fields__
    }
    return msgspec.convert(plain | {"functions": functions}, BusinessProfile)


@pytest.fixture(scope="module")
def drawn(reference) -> pd.DataFrame:
    return draw_population(3_000, np.random.default_rng(3), reference)


def test_a_drawn_table_has_the_form_of_a_told_one(drawn, reference) -> None:
    assert tuple(drawn.columns) == PROFILE_COLUMNS
    few = drawn.head(50)
    table = profile_table(
        [(row.business_id, as_profile(row)) for _, row in few.iterrows()], reference
    )
    assert drawn[["employees", "maturity_level", "sells_to_consumers"]].dtypes.equals(
        table[["employees", "maturity_level", "sells_to_consumers"]].dtypes
    )


def test_every_row_is_a_sound_profile_with_the_size_and_maturity_it_states(
    drawn, reference
) -> None:
    for _, row in drawn.head(400).iterrows():
        profile = as_profile(row)
        assert reference.check(profile) == []
        assert reference.normalise(profile) == profile
        told_by_domain = pd.Series(profile_row(row.business_id, profile, reference), dtype=object)
        assert told(told_by_domain) == told(row)


def test_sizes_and_levels_agree_on_adversarial_rows(population, reference) -> None:
    rng = np.random.default_rng(0)
    cohort = population.draw(400, rng)
    b = cohort.told
    money = rng.choice([0.5, 3, 10, 20, 50, 50.1, 100, 200, 300, math.nan], (2, len(b)))
    staff = rng.choice([0, 10, 11, 50, 51, 100, 101, 200, 201], len(b))
    changed = population.codebook.classify(
        type(b)(**vars(b) | {"employees": staff, "revenue": money[0], "capital": money[1]})
    )
    table = population.codebook.decode(changed, [f"sim-{i:06d}" for i in range(len(b))]).to_pandas()
    table = table.assign(
        needs=table["needs"].map(list), platforms_in_use=table["platforms_in_use"].map(list)
    )
    for _, row in table.iterrows():
        assert reference.size_class(as_profile(row)).code == row["size"]


def test_codes_survive_the_way_through_a_table(population) -> None:
    cohort = population.draw(500, np.random.default_rng(1))
    again = population.codebook.encode(population.table(cohort))
    for field in fields(again):
        np.testing.assert_array_equal(
            getattr(again, field.name), getattr(cohort.told, field.name), err_msg=field.name
        )


def test_platforms_in_use_are_made_for_the_business(drawn, reference) -> None:
    assert drawn["platforms_in_use"].map(len).sum() > 1_000
    for row in drawn.itertuples():
        for id_ in row.platforms_in_use:
            platform = reference.platforms[id_]
            assert not platform.sectors or row.sector in platform.sectors
            assert not platform.sizes or row.size in platform.sizes


def test_some_answers_are_left_out(drawn) -> None:
    functions = drawn[list(FUNCTION_COLUMNS.values())]
    assert functions.isna().all(axis=1).mean() == pytest.approx(0.15, abs=0.03)
    assert drawn["revenue_bn_vnd"].isna().mean() == pytest.approx(0.35, abs=0.04)
    assert drawn["strategy"].isna().mean() == pytest.approx(0.10, abs=0.03)
    assert drawn["business_id"].is_unique


def test_a_tool_in_use_shows_in_the_function_it_serves(population) -> None:
    cohort = population.draw(5_000, np.random.default_rng(4))
    crm = cohort.uses[:, population.codebook.categories.index("crm")]
    customers = cohort.functions[crm, population.codebook.functions.index("customers")]
    assert crm.sum() > 300
    assert set(customers) <= {3, 4}  # a separate or a linked tool


def test_households_can_be_left_out_or_be_all(reference) -> None:
    for share in (0.0, 1.0):
        population = Population(reference, household_share=share)
        table = population.table(population.draw(200, np.random.default_rng(5)))
        assert (table["legal_form"] == "household").mean() == share
