"""What a business saw when it was last here, on both databases."""

import datetime as dt

import pytest

from recommender.profiles import decode_features

from .samples import NOON, event, exposure, features, profile

pytestmark = pytest.mark.anyio

DAY = dt.timedelta(days=1)
TODAY = NOON + 10 * DAY


@pytest.fixture
async def known(store):
    await store.save_profile("business-1", profile())
    return store


def of(**told):
    return event(profile_id="business-1", **told)


async def past(store):
    return await store.past("business-1", TODAY)


async def looked_at(store):
    return [(interest.platform_id, interest.kind) for interest in (await past(store)).interests]


async def test_a_first_visit_has_none_before(known):
    known.log_exposure(exposure(profile_id="business-1", at=TODAY))
    await known.ready()
    assert (await past(known)).last is None


async def test_the_last_list_before_counts(known):
    for days in (1, 3, 2):
        seen = features(employees=days)
        known.log_exposure(exposure(profile_id="business-1", at=NOON + days * DAY, features=seen))
    known.log_exposure(exposure(at=NOON + 5 * DAY))  # of nobody known
    known.log_exposure(exposure(profile_id="business-1", at=TODAY))
    await known.ready()
    found = (await past(known)).last
    assert (found.at, found.platform_ids) == (NOON + 3 * DAY, ("sapo", "misa-cukcuk"))
    assert decode_features(found.features).employees == 3


async def test_interest_is_what_was_looked_at_and_not_decided(known):
    await known.append_events(
        [
            of(kind="save", platform_id="sapo", at=NOON),
            of(kind="click", platform_id="kiotviet", at=NOON - DAY),
            of(kind="view", platform_id="haravan", at=NOON),
            of(kind="save", platform_id="misa-amis", at=NOON),
            of(kind="adopt", platform_id="misa-amis", at=NOON + DAY),
            of(kind="click", platform_id="misa-cukcuk", at=NOON),
            of(kind="dismiss", platform_id="misa-cukcuk", at=NOON + DAY),
            of(kind="save", platform_id="vnpay", at=TODAY),
            of(kind="save", platform_id="momo-business", at=NOON),
            of(kind="withdraw", platform_id="momo-business", at=TODAY),
        ]
    )
    assert await looked_at(known) == [("kiotviet", "click"), ("sapo", "save"), ("vnpay", "save")]


async def test_looking_again_after_a_no_is_interest(known):
    await known.append_events(
        [
            of(kind="dismiss", platform_id="sapo", at=NOON),
            of(kind="trial", platform_id="sapo", at=NOON + DAY),
        ]
    )
    assert await looked_at(known) == [("sapo", "trial")]
