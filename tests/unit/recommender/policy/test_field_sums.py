"""What is looked up of linear scores is what adding up their contributions finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.policy.field_sums import FieldSums, plain_parts
from recommender.profiles import profile_row


@pytest.fixture(scope="session")
def speaks(model):
    """Which field may be a reason for which platform: not the first one for every third."""
    mask = np.ones((len(model.encoder.vocabulary), len(model.platforms)), dtype=bool)
    mask[0, ::3] = False
    return mask


@pytest.fixture(scope="session")
def field_sums(model, speaks):
    return FieldSums(model.encoder, model.ranker, speaks)


@settings(max_examples=40)
@given(data=st.data())
def test_both_ways_find_the_same(model, reference, speaks, field_sums, clean_profile, data):
    profile = data.draw(clean_profile)
    scored = model.score(profile_row("", profile, reference), profile.platforms_in_use)
    numbers = st.integers(0, len(model.platforms) - 1)
    platforms = np.array(data.draw(st.lists(numbers, min_size=1, max_size=12, unique=True)))
    found, plain = field_sums(scored, platforms), plain_parts(model, speaks, scored, platforms)
    assert found.base.tolist() == plain.base.tolist()
    assert found.sums == pytest.approx(plain.sums, abs=1e-12)
    for field, names in enumerate(plain.names):
        told = found.names[field]
        for row, name in enumerate(names):
            if np.isfinite(plain.sums[row, field]):
                assert (told[row] if isinstance(told, list) else told) == name


@pytest.mark.parametrize("n_used", [0, 1, 3, 4, 6])
def test_a_platform_in_use_does_not_count_for_its_own_score(
    model, reference, speaks, field_sums, make_profile, n_used
):
    used = model.platforms[:n_used]
    profile = make_profile(platforms_in_use=used)
    scored = model.score(profile_row("", profile, reference), used)
    platforms = np.arange(8)
    found, plain = field_sums(scored, platforms), plain_parts(model, speaks, scored, platforms)
    assert found.base.tolist() == plain.base.tolist()
    assert found.sums == pytest.approx(plain.sums, abs=1e-12)
