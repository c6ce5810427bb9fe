"""What a list was made from is kept as it was then, whatever the business tells later."""

import pandas as pd
import pytest

from recommender.training.snapshot import open_snapshot
from service.store.snapshot import export_snapshot

from .conftest import Api

AGREED = {"consent": ["service", "improve"]}


@pytest.fixture
def snapshot(api: Api, reference, tmp_path):
    """Export what was recorded of a business and read a table of it."""
    folder = tmp_path / "recorded"

    def read(business, *tables):
        api.counts()  # waits until all is stored
        export_snapshot(api.engine, folder, reference)
        (chunk,) = open_snapshot({folder: False}).chunks
        assert chunk.read().states["state_id"].is_unique
        frames = (pd.read_parquet(folder / f"{name}.parquet") for name in tables)
        return [frame[frame["business_id"] == business] for frame in frames]

    return read


def test_a_business_has_a_state_for_each_way_in_which_it_was_answered(api, restaurant, snapshot):
    business = api.store(restaurant | {"platforms_in_use": ["pos365"]} | AGREED)
    first = api.recommend(profile_id=business)
    again = api.recommend(profile_id=business, locale="en")
    adopted = first["items"][0]["platform"]["id"]
    api.tell(
        {"kind": "adopt", "platform_id": adopted, "profile_id": business},
        {"kind": "abandon", "platform_id": "pos365", "profile_id": business},
    )
    after = api.recommend(profile_id=business)
    changed = restaurant | {"legal_form": "enterprise", "employees": 90}
    assert api.client.put(f"/v1/profiles/{business}", json=changed).status_code == 200
    last = api.recommend(profile_id=business)
    later = restaurant | {"employees": 5}
    assert api.client.put(f"/v1/profiles/{business}", json=later).status_code == 200

    states, lists = snapshot(business, "profiles", "exposures")
    assert list(states["state_id"]) == [f"{business}.{number}" for number in (1, 2, 3)]
    assert [list(used) for used in states["platforms_in_use"]] == [["pos365"], [adopted], [adopted]]
    assert list(states["employees"]) == [4, 4, 90]
    assert list(states["size"]) == [answer["size_class"]["code"] for answer in (first, after, last)]
    of_list = dict(zip(lists["recommendation_id"], lists["state_id"], strict=True))
    served = (first, again, after, last)
    assert [of_list[answer["recommendation_id"]][-1] for answer in served] == ["1", "1", "2", "3"]


def test_a_business_that_was_shown_nothing_has_the_state_of_its_profile(api, restaurant, snapshot):
    business = api.store(restaurant | AGREED)
    (states,) = snapshot(business, "profiles")
    assert list(states["state_id"]) == [f"{business}.1"]
    assert states["at"].isna().all()
