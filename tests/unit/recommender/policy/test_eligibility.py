"""Each platform is eligible or counted under exactly one rule."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain.recommendation import Filters
from recommender.policy.eligibility import Eligibility


def platform(id_, category="pos-fnb", sectors=(), sizes=()):
    return SimpleNamespace(id=id_, category=category, sectors=sectors, sizes=sizes)


PLATFORMS = [
    platform("for-all"),
    platform("for-food", sectors=("I",)),
    platform("for-farms", sectors=("A",)),
    platform("for-small", sizes=("household", "micro")),
    platform("for-large", sizes=("large",)),
    platform("for-large-farms", "erp-all-in-one", ("A",), ("large",)),
]


@pytest.fixture(scope="session")
def ask(make_profile):
    """Return the ids that may be shown to a household restaurant, and the exclusions."""
    rules = Eligibility(PLATFORMS)

    def apply(filters=None, in_use=(), dismissed=(), size="household", **fields):
        mask, excluded = rules.apply(
            make_profile(**fields), size, filters or Filters(), in_use, dismissed
        )
        return {p.id for p, shown in zip(PLATFORMS, mask, strict=True) if shown}, excluded

    return apply


def test_what_is_made_for_other_sectors_or_sizes_is_left_out(ask):
    shown, excluded = ask()
    assert shown == {"for-all", "for-food", "for-small"}
    assert excluded == {"sector": 2, "size": 1}


def test_what_is_made_for_all_is_shown_to_a_sector_that_no_platform_names(ask):
    shown, excluded = ask(sector="K", size="large")
    assert shown == {"for-all", "for-large"}
    assert excluded == {"sector": 3, "size": 1}


def test_what_is_in_use_is_left_out_unless_it_is_asked_for(ask):
    shown, excluded = ask(in_use=["for-food"])
    assert "for-food" not in shown
    assert excluded["in_use"] == 1
    shown, excluded = ask(Filters(exclude_in_use=False), in_use=["for-food"])
    assert "for-food" in shown
    assert "in_use" not in excluded


def test_what_was_dismissed_is_left_out(ask):
    shown, excluded = ask(dismissed=["for-food", "for-all"])
    assert shown == {"for-small"}
    assert excluded == {"dismissed": 2, "sector": 2, "size": 1}


def test_only_the_categories_asked_for_are_shown(ask):
    shown, excluded = ask(Filters(categories=("erp-all-in-one",)), sector="A", size="large")
    assert shown == {"for-large-farms"}
    assert excluded == {"category": 5}


def test_only_the_platforms_asked_for_are_shown_and_only_where_they_may_be(ask):
    shown, excluded = ask(Filters(include=("for-food", "for-farms")))
    assert shown == {"for-food"}
    assert excluded == {"include": 4, "sector": 1}


def test_what_the_asker_excludes_is_left_out(ask):
    shown, excluded = ask(Filters(exclude=("for-food",)))
    assert shown == {"for-all", "for-small"}
    assert excluded == {"exclude": 1, "sector": 2, "size": 1}


def test_a_platform_is_counted_under_the_first_rule_that_leaves_it_out(ask):
    _, excluded = ask(Filters(exclude=("for-food",)), in_use=["for-food"], dismissed=["for-food"])
    assert excluded == {"exclude": 1, "sector": 2, "size": 1}
    _, excluded = ask(in_use=["for-farms"], dismissed=["for-farms", "for-large"])
    assert excluded == {"in_use": 1, "dismissed": 1, "sector": 1}


def test_ids_and_categories_that_no_platform_has_are_harmless(ask):
    unknown = Filters(exclude=("gone",))
    assert ask(unknown, in_use=["gone"], dismissed=["gone"]) == ask()
    assert ask(Filters(include=("gone",)))[1] == {"include": 6}
    assert ask(Filters(categories=("gone",)))[1] == {"category": 6}


@given(data=st.data())
def test_eligible_and_excluded_add_up_to_all_platforms(reference, any_profile, data):
    catalogue = list(reference.platforms.values())
    ids, categories = sorted(reference.platforms), sorted(reference.categories)
    some = st.lists(st.sampled_from(ids), max_size=8).map(tuple)
    filters = Filters(
        categories=data.draw(st.lists(st.sampled_from(categories), max_size=4).map(tuple)),
        include=data.draw(st.one_of(st.just(()), st.lists(st.sampled_from(ids)).map(tuple))),
        exclude=data.draw(some),
        exclude_in_use=data.draw(st.booleans()),
    )
    profile = data.draw(any_profile)
    mask, excluded = Eligibility(catalogue).apply(
        profile,
        reference.size_class(profile).code,
        filters,
        profile.platforms_in_use,
        data.draw(some),
    )
    assert mask.sum() + sum(excluded.values()) == len(catalogue)
    assert all(count > 0 for count in excluded.values())
    for platform_, shown in zip(catalogue, mask, strict=True):
        if shown:
            assert not platform_.sectors or profile.sector in platform_.sectors
