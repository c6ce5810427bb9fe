"""Who asks again on the same day gets the same list, and each time is a list of its own."""

import datetime as dt

import msgspec
import pytest

from service import lists, recommend
from service.lists import Lists
from service.store.tables import exposures


def without_id(answer):
    return {name: value for name, value in answer.items() if name != "recommendation_id"}


@pytest.fixture
def stored(api):
    """Return what is stored of some answers."""

    def rows(*answers):
        by_id = {row["id"]: row for row in api.rows(exposures)}
        return [by_id[answer["recommendation_id"]] for answer in answers]

    return rows


@pytest.fixture
def tomorrow(monkeypatch):
    """Let a day go by."""
    real = recommend.now

    def go_by():
        monkeypatch.setattr(recommend, "now", lambda: real() + dt.timedelta(days=1))

    return go_by


def test_the_list_is_the_same_and_is_logged_each_time(api, restaurant, stored):
    first, again = (api.recommend(profile=restaurant, consent=["improve"]) for _ in range(2))
    assert without_id(first) == without_id(again)
    assert first["recommendation_id"] != again["recommendation_id"]
    one, two = stored(first, again)
    assert one["at"] < two["at"]
    assert {name: one[name] for name in one if name not in ("id", "at")} == {
        name: two[name] for name in two if name not in ("id", "at")
    }


def test_each_time_says_anew_whether_it_may_be_learned_from(api, restaurant, stored):
    yes, no = (api.recommend(profile=restaurant, consent=c) for c in (["improve"], []))
    learned, untold = stored(yes, no)
    assert learned["features"] != "{}" == untold["features"]
    assert learned["seed"] != "" == untold["seed"]
    assert learned["items"] == untold["items"]


def test_what_it_says_meanwhile_changes_the_list(api, restaurant):
    id_ = api.post("/v1/profiles", restaurant).json()["id"]
    first = api.recommend(profile_id=id_)
    gone = first["items"][0]["platform"]["id"]
    about = {"profile_id": id_, "recommendation_id": first["recommendation_id"]}
    api.tell({"kind": "dismiss", "platform_id": gone, **about})
    after = api.recommend(profile_id=id_)
    assert gone not in [item["platform"]["id"] for item in after["items"]]
    changed = restaurant | {"needs": ["sell-online"]}
    assert api.client.put(f"/v1/profiles/{id_}", json=changed).status_code == 200
    assert without_id(api.recommend(profile_id=id_)) != without_id(after)


@pytest.mark.parametrize(
    "changes", [{"n": 3}, {"locale": "en"}, {"filters": {"exclude": ["sapo", "kiotviet"]}}]
)
def test_another_question_gets_another_answer(api, restaurant, changes):
    first = api.recommend(profile=restaurant)
    other = api.recommend(profile=restaurant, **changes)
    assert without_id(other) != without_id(first)
    assert without_id(api.recommend(profile=restaurant)) == without_id(first)


def test_the_next_day_draws_anew(api, restaurant, stored, tomorrow):
    today = api.recommend(profile=restaurant, consent=["improve"])
    tomorrow()
    later = api.recommend(profile=restaurant, consent=["improve"])
    one, two = stored(today, later)
    assert one["seed"] != two["seed"]
    assert one["seed"].rpartition(":")[0] == two["seed"].rpartition(":")[0]


def test_what_is_kept_is_what_would_be_made(api, restaurant):
    served = api.client.post("/v1/recommendations", json={"profile": restaurant})
    again = api.client.post("/v1/recommendations", json={"profile": restaurant})
    for answer in (served, again):
        assert answer.content == msgspec.json.encode(msgspec.json.decode(answer.content))
    assert len(served.content) == len(again.content)


def test_the_oldest_are_forgotten(monkeypatch):
    monkeypatch.setattr(lists, "MOST", 3)
    kept = Lists()
    for number in range(5):
        kept.keep(number, f"list {number}")
    assert [kept.get(number) for number in range(5)] == [
        None,
        None,
        *(f"list {i}" for i in (2, 3, 4)),
    ]


def test_after_an_hour_all_are_forgotten():
    time = [0.0]
    kept = Lists(lambda: time[0])
    kept.keep("business", "list")
    time[0] = lists.HOUR - 1
    assert kept.get("business") == "list"
    time[0] = lists.HOUR
    assert kept.get("business") is None
