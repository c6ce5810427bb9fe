"""What is stored of a business, and what its events do to what it is shown."""

import datetime as dt
import secrets
from typing import get_args

import msgspec
import pytest
from sqlalchemy import update

from recommender.domain.engagement import EventKind
from service.store import Store
from service.store.tables import events, exposures, profiles


def shown(answer) -> list[str]:
    return [item["platform"]["id"] for item in answer["items"]]


def about(api, profile_id) -> list[dict]:
    """Return the events stored of a business."""
    return [row for row in api.rows(events) if row["profile_id"] == profile_id]


@pytest.fixture
def business(api, restaurant) -> str:
    return api.store(restaurant)


def test_a_stored_profile_is_given_back_with_what_was_left_out(api, restaurant):
    sent = restaurant | {"functions": {"sales": "paper"}, "needs": ["get-paid", "get-paid"]}
    answer = api.post("/v1/profiles", sent)
    assert answer.status_code == 201
    stored = api.client.get(f"/v1/profiles/{answer.json()['id']}").json()
    assert stored == answer.json()
    assert stored["profile"] == sent | {
        "needs": ["get-paid"],
        "classification": "VSIC2018",
        "capital_bn_vnd": None,
        "strategy": None,
        "data_use": None,
        "security": None,
        "budget": None,
        "platforms_in_use": [],
    }
    created = dt.datetime.fromisoformat(stored["created_at"])
    assert created == dt.datetime.fromisoformat(stored["updated_at"])
    assert created.utcoffset() == dt.timedelta(0)


def test_ids_are_new_for_each_profile_and_hard_to_guess(api, restaurant):
    ids = {api.store(restaurant) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(id_) >= 22 for id_ in ids)


def test_a_province_of_before_the_merger_is_given_back_as_that_of_today(api, restaurant):
    quang_nam = restaurant | {"province": "49"}
    id_ = api.store(quang_nam)
    assert api.client.get(f"/v1/profiles/{id_}").json()["profile"]["province"] == "48"
    replaced = api.client.put(f"/v1/profiles/{id_}", json=quang_nam).json()
    assert replaced["profile"]["province"] == "48"
    answers = [api.recommend(profile=restaurant | {"province": code}) for code in ("48", "49")]
    assert answers[0]["items"] == answers[1]["items"]


def test_replacing_a_profile_changes_what_is_recommended(api, restaurant, business):
    before = api.recommend(profile_id=business)
    first = api.client.get(f"/v1/profiles/{business}").json()
    farm = {"legal_form": "cooperative", "sector": "A", "sells_to_consumers": False}
    answer = api.client.put(f"/v1/profiles/{business}", json=restaurant | farm)
    assert answer.status_code == 200
    assert answer.json() == api.client.get(f"/v1/profiles/{business}").json()
    assert answer.json()["profile"]["sector"] == "A"
    assert answer.json()["created_at"] == first["created_at"]
    assert answer.json()["updated_at"] > first["updated_at"]
    after = api.recommend(profile_id=business)
    assert after["items"] == api.recommend(profile=restaurant | farm)["items"]
    assert after["items"] != before["items"]


@pytest.mark.parametrize("kind", ["dismiss", "abandon"])
def test_a_platform_that_was_turned_down_is_gone_for_that_business_alone(
    api, restaurant, business, kind
):
    before = api.recommend(profile_id=business, n=100)
    turned_down = shown(before)[0]
    api.tell({"kind": kind, "platform_id": turned_down, "profile_id": business})
    for filters in ({}, {"exclude_in_use": False}, {"include": shown(before)[:2]}):
        after = api.recommend(profile_id=business, n=100, filters=filters)
        assert turned_down not in shown(after)
        assert after["excluded"]["dismissed"] == 1
    assert turned_down in shown(api.recommend(profile_id=api.store(restaurant), n=100))


def test_an_adopted_platform_is_gone_like_one_in_use(api, business):
    adopted = "misa-cukcuk"
    assert adopted in shown(api.recommend(profile_id=business))
    api.tell({"kind": "adopt", "platform_id": adopted, "profile_id": business})
    after = api.recommend(profile_id=business, n=100)
    assert adopted not in shown(after)
    assert after["excluded"]["in_use"] == 1
    with_it = api.recommend(profile_id=business, n=100, filters={"exclude_in_use": False})
    assert adopted in shown(with_it)
    reasons = [reason["feature"] for item in with_it["items"] for reason in item["reasons"]]
    assert "history" in reasons


@pytest.mark.parametrize("kind", ["view", "click", "save", "trial", "rate"])
def test_what_is_no_verdict_leaves_the_platform_where_it_is(api, business, kind):
    before = api.recommend(profile_id=business)
    rating = {"rating": 1} if kind == "rate" else {}
    platform = shown(before)[0]
    api.tell({"kind": kind, "platform_id": platform, "profile_id": business, **rating})
    assert api.recommend(profile_id=business)["items"] == before["items"]


def test_the_last_verdict_counts(api, business):
    platform = shown(api.recommend(profile_id=business))[0]
    verdict = {"platform_id": platform, "profile_id": business}
    for kind, rule in (("adopt", "in_use"), ("dismiss", "dismissed"), ("adopt", "in_use")):
        api.tell(verdict | {"kind": kind})
        assert api.recommend(profile_id=business)["excluded"].keys() & {"in_use", "dismissed"} == {
            rule
        }


@pytest.mark.parametrize("kind", ["adopt", "dismiss", "abandon"])
def test_a_verdict_that_is_withdrawn_is_none(api, business, kind):
    before = api.recommend(profile_id=business)
    verdict = {"platform_id": shown(before)[0], "profile_id": business}
    api.tell(verdict | {"kind": kind})
    assert verdict["platform_id"] not in shown(api.recommend(profile_id=business))
    api.tell(verdict | {"kind": "withdraw"})
    assert api.recommend(profile_id=business)["items"] == before["items"]


def test_the_verdict_of_later_time_counts_whenever_it_arrives(api, business):
    platform = shown(api.recommend(profile_id=business))[0]
    verdict = {"platform_id": platform, "profile_id": business}
    api.tell(
        verdict | {"kind": "dismiss", "at": "2026-03-02T09:00:00+07:00"},
        verdict | {"kind": "adopt", "at": "2026-03-02T03:00:00+00:00"},
        verdict | {"kind": "dismiss", "at": "2026-03-01T23:00:00+07:00"},
    )
    excluded = api.recommend(profile_id=business)["excluded"]
    assert excluded.keys() & {"in_use", "dismissed"} == {"in_use"}


def test_every_kind_of_event_is_stored_as_sent(api, business):
    answer = api.recommend(profile_id=business)
    sent = [
        {
            "id": secrets.token_hex(8),
            "kind": kind,
            "platform_id": "sapo",
            "profile_id": business,
            "recommendation_id": answer["recommendation_id"],
            "rating": 5 if kind == "rate" else None,
            "reason": "too_complex" if kind in ("dismiss", "abandon") else None,
            "at": "2026-03-01T16:00:00.123456+07:00",
        }
        for kind in get_args(EventKind)
    ]
    response = api.post("/v1/events", {"events": sent})
    assert response.status_code == 200
    assert response.json() == {"stored": [event["id"] for event in sent]}
    stored = {row.pop("id"): row for row in about(api, business)}
    received = {row.pop("received_at") for row in stored.values()}
    at = dt.datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=dt.UTC)
    assert stored == {event.pop("id"): event | {"at": at} for event in sent}
    assert all(abs(time - dt.datetime.now(dt.UTC)) < dt.timedelta(hours=1) for time in received)


def test_an_event_without_a_time_happened_when_it_was_received(api, business):
    api.tell({"kind": "view", "platform_id": "sapo", "profile_id": business})
    (row,) = about(api, business)
    assert row["at"] == row["received_at"]


def test_an_event_that_names_only_the_recommendation_is_that_of_the_business(api, business):
    answer = api.recommend(profile_id=business)
    dismissed, adopted = shown(answer)[:2]
    of = {"recommendation_id": answer["recommendation_id"]}
    api.tell(
        of | {"kind": "dismiss", "platform_id": dismissed},
        of | {"kind": "adopt", "platform_id": adopted},
    )
    assert {row["platform_id"] for row in about(api, business)} == {dismissed, adopted}
    after = api.recommend(profile_id=business, n=100)
    assert not {dismissed, adopted} & set(shown(after))
    assert (after["excluded"]["dismissed"], after["excluded"]["in_use"]) == (1, 1)


def test_an_event_on_a_list_of_nobody_in_particular_is_kept(api, restaurant):
    answer = api.recommend(profile=restaurant)
    of = {"recommendation_id": answer["recommendation_id"]}
    api.tell(of | {"kind": "click", "platform_id": shown(answer)[0]})
    (row,) = (
        row for row in api.rows(events) if row["recommendation_id"] == of["recommendation_id"]
    )
    assert row["profile_id"] is None


def test_an_event_on_the_list_of_another_business_is_refused(api, restaurant, business):
    of_another = api.recommend(profile_id=api.store(restaurant))["recommendation_id"]
    event = {"id": "of-another-one", "kind": "click", "platform_id": "sapo"}
    whose = {"profile_id": business, "recommendation_id": of_another}
    response = api.post("/v1/events", {"events": [event | whose]})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "events[0].recommendation_id"
    assert about(api, business) == []


def test_an_event_that_is_sent_again_counts_once_and_is_answered_the_same(api, business):
    batch = [
        {"id": f"{kind}-{business}", "kind": kind, "platform_id": "sapo", "profile_id": business}
        for kind in ("view", "click", "save")
    ]
    answers = [api.post("/v1/events", {"events": batch}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.text for answer in answers}) == 1
    first = about(api, business)
    assert len(first) == 3

    new = {"id": f"new-{business}", "kind": "view", "platform_id": "sapo", "profile_id": business}
    response = api.post("/v1/events", {"events": [new, batch[0] | {"kind": "dismiss"}]})
    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == "events[1].id"
    assert about(api, business) == first


def test_an_id_that_stands_twice_in_a_batch_is_stored_once(api, business):
    event = {"id": f"twice-{business}", "platform_id": "sapo", "profile_id": business}
    batch = [event | {"kind": kind} for kind in ("save", "dismiss")]
    response = api.post("/v1/events", {"events": batch})
    assert response.status_code == 409
    assert response.json()["errors"][0]["field"] == "events[1].id"
    assert about(api, business) == []
    response = api.post("/v1/events", {"events": batch[:1] * 2})
    assert response.status_code == 200
    assert response.json() == {"stored": [event["id"]] * 2}
    assert [row["kind"] for row in about(api, business)] == ["save"]


def test_a_profile_that_another_version_stored_is_to_be_sent_again(api, restaurant, business):
    with api.engine.begin() as connection:
        change = update(profiles).where(profiles.c.id == business)
        connection.execute(change.values(profile='{"of": "an older version"}'))
    for response in (
        api.client.get(f"/v1/profiles/{business}"),
        api.post("/v1/recommendations", {"profile_id": business}),
    ):
        assert response.status_code == 409
        assert "send it again" in response.json()["title"]
    assert api.client.put(f"/v1/profiles/{business}", json=restaurant).status_code == 200
    assert api.recommend(profile_id=business)["items"]


def test_a_profile_that_is_erased_while_it_is_replaced_stays_erased(
    api, restaurant, business, monkeypatch
):
    replace = Store.replace_profile

    async def erased_first(store, id_, profile):
        assert await store.erase(id_)
        return await replace(store, id_, profile)

    monkeypatch.setattr(Store, "replace_profile", erased_first)
    assert api.client.put(f"/v1/profiles/{business}", json=restaurant).status_code == 404
    assert api.client.get(f"/v1/profiles/{business}").status_code == 404


def test_a_thousand_events_are_stored_at_once(api, business):
    event = {"kind": "view", "platform_id": "sapo", "profile_id": business}
    batch = [event | {"id": f"{i:04}-{business}"} for i in range(1000)]
    assert api.post("/v1/events", {"events": batch}).status_code == 200
    assert len(about(api, business)) == 1000


def test_erasing_a_business_leaves_nothing_of_it_and_all_of_the_others(api, restaurant):
    gone, stays = api.store(restaurant), api.store(restaurant)
    for id_ in (gone, stays):
        of = {"recommendation_id": api.recommend(profile_id=id_)["recommendation_id"]}
        api.tell(
            {"kind": "save", "platform_id": "sapo", "profile_id": id_},
            of | {"kind": "click", "platform_id": "sapo"},
        )
    lists = [row["id"] for row in api.rows(exposures) if row["profile_id"] == gone]
    assert len(lists) == 1
    assert len(about(api, gone)) == 2
    before = api.counts()

    response = api.client.delete(f"/v1/profiles/{gone}")
    assert (response.status_code, response.content) == (204, b"")
    assert api.counts() == before | {
        "profiles": before["profiles"] - 1,
        "exposures": before["exposures"] - 1,
        "events": before["events"] - 2,
    }
    for table in (profiles, exposures, events):
        kept = str(api.rows(table))
        assert gone not in kept
        assert lists[0] not in kept
        assert stays in kept

    for method in ("GET", "DELETE"):
        assert api.client.request(method, f"/v1/profiles/{gone}").status_code == 404
    assert api.client.put(f"/v1/profiles/{gone}", json=restaurant).status_code == 404
    assert api.post("/v1/recommendations", {"profile_id": gone}).status_code == 404
    for whose in ({"profile_id": gone}, {"recommendation_id": lists[0]}):
        event = {"id": "after-the-end", "kind": "view", "platform_id": "sapo"} | whose
        assert api.post("/v1/events", {"events": [event]}).status_code == 422
    assert len(about(api, stays)) == 2


def test_a_profile_whose_sector_left_the_tables_is_sent_back_not_failed(api, restaurant, business):
    gone = msgspec.json.encode(restaurant | {"sector": "ZZ"}).decode()
    with api.engine.begin() as connection:
        connection.execute(update(profiles).where(profiles.c.id == business).values(profile=gone))
    answer = api.post("/v1/recommendations", {"profile_id": business})
    assert answer.status_code == 409
    assert "sector" in answer.json()["detail"]
