"""Consent, export and erasure through the API."""

import pytest

from service.store.records import PURPOSES
from service.store.tables import consents, events, exposures, profiles


def consent_of(api, id_):
    answer = api.client.get(f"/v1/profiles/{id_}/consent")
    assert answer.status_code == 200
    return answer.json()


def choose(api, id_, **body):
    return api.client.put(f"/v1/profiles/{id_}/consent", json=body)


def list_of(api, id_) -> dict:
    """Return the list with this id as it is kept."""
    (row,) = [row for row in api.rows(exposures) if row["id"] == id_]
    return row


def test_silence_is_consent_to_be_stored_alone(api, restaurant):
    found = consent_of(api, api.store(restaurant))
    assert found["consent"] == ["service"]
    assert {each["purpose"]: each["granted"] for each in found["history"]} == {
        "service": True,
        "improve": False,
    }
    assert {each["version"] for each in found["history"]} == {"not told"}


def test_what_the_owner_agreed_to_is_recorded_with_the_text_it_was_asked_with(api, restaurant):
    asked = {"consent": ["improve", "service"], "consent_version": "website 2026-11"}
    found = consent_of(api, api.store(restaurant | asked))
    assert found["consent"] == sorted(PURPOSES)
    for each in found["history"]:
        assert (each["version"], each["how"]) == ("website 2026-11", "api")


def test_who_does_not_agree_to_be_stored_is_not(api, restaurant):
    before = api.rows(profiles), api.rows(consents)
    answer = api.post("/v1/profiles", restaurant | {"consent": ["improve"]})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "consent"
    assert "POST /v1/recommendations" in error["expected"]
    assert (api.rows(profiles), api.rows(consents)) == before


def test_an_answer_is_taken_back_and_the_history_stays(api, restaurant):
    id_ = api.store(restaurant | {"consent": ["service", "improve"]})
    answer = choose(api, id_, consent=["service"], consent_version="by telephone", how="volunteer")
    assert answer.status_code == 200
    assert answer.json() == consent_of(api, id_)
    assert answer.json()["consent"] == ["service"]
    improve = [each for each in answer.json()["history"] if each["purpose"] == "improve"]
    assert [(each["granted"], each["how"]) for each in improve] == [
        (True, "api"),
        (False, "volunteer"),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"consent": ["sell"]}, "consent[0]"),
        ({}, "consent"),
        ({"consent": [], "how": "page"}, "how"),
        ({"consent": [], "consent_version": "x" * 101}, "consent_version"),
        ({"consent": [], "more": 1}, "more"),
    ],
)
def test_a_wrong_answer_is_refused_and_changes_nothing(api, restaurant, body, field):
    id_ = api.store(restaurant)
    before = consent_of(api, id_)
    answer = choose(api, id_, **body)
    assert answer.status_code in (400, 422)
    assert field in {error["field"] for error in answer.json()["errors"]}, answer.text
    assert consent_of(api, id_) == before


@pytest.mark.parametrize("agreed", [["improve"], [], None])
def test_a_list_of_a_passer_by_is_told_apart_only_if_it_may_be_learned_from(
    api, restaurant, agreed
):
    told = {} if agreed is None else {"consent": agreed}
    id_ = api.recommend(profile=restaurant, **told)["recommendation_id"]
    kept = list_of(api, id_)
    assert kept["improve"] == bool(agreed)
    assert bool(kept["features"].strip("{}")) == bool(kept["seed"]) == bool(agreed)


def test_a_stored_business_says_so_with_its_profile_not_with_each_list(api, restaurant):
    id_ = api.store(restaurant)
    asked = {"profile_id": id_, "consent": ["improve"]}
    answer = api.post("/v1/recommendations", asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "consent"


def test_the_export_holds_all_of_one_business_and_nothing_of_another(api, restaurant):
    ours, other = (api.store(restaurant | {"employees": number}) for number in (4, 5))
    shown = api.recommend(profile_id=ours)
    api.recommend(profile_id=other)
    platform = shown["items"][0]["platform"]["id"]
    api.tell({"kind": "click", "platform_id": platform, "profile_id": ours})
    held = api.client.get(f"/v1/profiles/{ours}/export").json()
    assert held["profile"]["profile"]["employees"] == 4
    assert {each["purpose"] for each in held["consents"]} == set(PURPOSES)
    assert [each["id"] for each in held["exposures"]] == [shown["recommendation_id"]]
    assert [each["platform_id"] for each in held["events"]] == [platform]
    assert other not in str(held)


def test_an_erased_business_has_no_consent_no_export_and_no_list(api, restaurant):
    id_ = api.store(restaurant | {"consent": ["service", "improve"]})
    api.recommend(profile_id=id_)
    assert api.client.delete(f"/v1/profiles/{id_}").status_code == 204
    for path in ("", "/consent", "/export"):
        assert api.client.get(f"/v1/profiles/{id_}{path}").status_code == 404
    assert choose(api, id_, consent=["service"]).status_code == 404
    left = [row["profile_id"] for table in (consents, exposures) for row in api.rows(table)]
    assert id_ not in left


def test_a_list_of_a_passer_by_is_erased_with_what_came_of_it(api, restaurant):
    ours, other = (api.recommend(profile=restaurant, consent=["improve"]) for _ in range(2))
    for shown in (ours, other):
        about = {"recommendation_id": shown["recommendation_id"]}
        api.tell({"kind": "click", "platform_id": shown["items"][0]["platform"]["id"], **about})
    path = f"/v1/recommendations/{ours['recommendation_id']}"
    assert api.client.delete(path).status_code == 204
    assert api.client.delete(path).status_code == 404
    id_ = api.post("/v1/profiles", restaurant).json()["id"]
    of_business = api.recommend(profile_id=id_)["recommendation_id"]
    stays = api.client.delete(f"/v1/recommendations/{of_business}")
    assert stays.status_code == 409
    (error,) = stays.json()["errors"]
    assert error["expected"] == "DELETE /v1/profiles/{profile_id}"
    assert of_business in {row["id"] for row in api.rows(exposures)}
    both = {each["recommendation_id"] for each in (ours, other)}
    assert both & {row["id"] for row in api.rows(exposures)} == {other["recommendation_id"]}
    told = {row["recommendation_id"] for row in api.rows(events)}
    assert both & told == {other["recommendation_id"]}
