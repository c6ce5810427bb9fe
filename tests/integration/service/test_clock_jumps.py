"""The clock of the machine is put forward or back: nothing is lost, doubled or refused for it."""

import datetime as dt

import pytest

from service import recommend
from service.store import store
from service.store.records import now
from service.store.tables import events, exposures

JUMPS = {"a day back": -1, "a year forward": 365, "to before 1970": -365 * 60}


@pytest.fixture
def put_clock(monkeypatch):
    """Put the clock of the service on or back by so many days."""

    def put(days: float) -> None:
        for module in (recommend, store):
            monkeypatch.setattr(module, "now", lambda: now() + dt.timedelta(days=days))

    return put


@pytest.mark.parametrize("days", JUMPS.values(), ids=JUMPS)
def test_the_clock_jumps_and_returns(api, restaurant, put_clock, days):
    profile_id = api.store(restaurant)
    lists, sent = [], []
    for jump in (0, days, 0):
        put_clock(jump)
        answer = api.recommend(profile_id=profile_id)
        assert len(answer["items"]) == 10
        lists.append(answer["recommendation_id"])
        clicked = {
            "id": f"clicked-{days}-{len(sent)}",
            "kind": "click",
            "platform_id": answer["items"][0]["platform"]["id"],
            "recommendation_id": lists[-1],
        }
        sent.append(clicked)
        api.tell(*sent)  # those before once more: they are stored already
    found = [row for row in api.rows(events) if row["profile_id"] == profile_id]
    assert sorted(row["id"] for row in found) == sorted(event["id"] for event in sent)
    assert {row["recommendation_id"] for row in found} == set(lists)
    assert set(lists) <= {row["id"] for row in api.rows(exposures)}
