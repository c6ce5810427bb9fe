"""`POST /v1/plans`: what to do and in which order, for a business as it is sent or stored."""

import json
import shutil

import msgspec
import pytest

from recommender.domain.peers import LEAST_PEERS, PeerTable
from recommender.domain.plan import Plan
from recommender.training.registry import PEERS
from service.store.tables import exposures

PHASES = ("now", "in_3_months", "in_a_year")


def plan_of(api, **request):
    response = api.post("/v1/plans", request)
    assert response.status_code == 200, response.text
    return response.json()


def steps_of(plan):
    return [step for phase in PHASES for step in plan["road_map"][phase]]


def test_a_plan_holds_the_same_list_as_a_recommendation(api, restaurant):
    plan = plan_of(api, profile=restaurant, locale="en", n=5)
    listed = api.recommend(profile=restaurant, locale="en", n=5)
    del plan["recommendation"]["recommendation_id"], listed["recommendation_id"]
    assert plan["recommendation"] == listed
    assert list(plan["fits"]) == [item["platform"]["id"] for item in listed["items"]]


def test_a_plan_is_typed(api, restaurant):
    plan = plan_of(api, profile=restaurant)
    assert msgspec.json.decode(msgspec.json.encode(msgspec.convert(plan, Plan))) == plan


def test_a_duty_in_force_is_the_first_step(api, restaurant):
    first, *_ = steps_of(plan_of(api, profile=restaurant))
    assert (first["category"], first["deadline"], first["overdue"]) == (
        "e-invoice", "2025-06-01", True,
    )  # fmt: skip


def test_what_a_stored_business_adopted_is_covered_and_no_step(api, restaurant):
    profile_id = api.store(restaurant)
    before = {step["category"] for step in steps_of(plan_of(api, profile_id=profile_id))}
    assert {"pos-fnb", "e-invoice"} <= before
    for platform in ("misa-meinvoice", "misa-cukcuk"):
        api.tell({"kind": "adopt", "platform_id": platform, "profile_id": profile_id})
    after = plan_of(api, profile_id=profile_id, n=100, locale="en")
    assert {"pos-fnb", "e-invoice"}.isdisjoint(step["category"] for step in steps_of(after))
    assert after["fits"]["ipos-fabi"]["covered"]
    assert after["fits"]["ipos-fabi"]["covered_by"][0]["id"] == "misa-cukcuk"


def test_the_list_of_a_plan_is_kept_as_shown(api, restaurant):
    plan = plan_of(api, profile=restaurant)
    ids = {row["id"] for row in api.rows(exposures)}
    assert plan["recommendation"]["recommendation_id"] in ids


def test_the_eight_functions_are_told_and_nobody_is_made_up_to_compare_with(
    api, restaurant, reference
):
    told = {"functions": {"sales": "paper", "people": "not_applicable"}, "sector": "I"}
    plan = plan_of(api, profile=restaurant | told, locale="en")
    functions = {each["code"]: each for each in plan["functions"]}
    assert len(functions) == 8
    on_paper = reference.choices["function_state"]["paper"]
    assert functions["sales"]["state_name"] == on_paper.say("name", "en")
    assert functions["people"]["score"] is None
    assert functions["finance"]["state"] is None
    assert plan["peers"] is None  # fewer than twenty of the small model are like it
    assert all(each["peers"] is None for each in functions.values())


def test_peers_are_read_with_the_model_and_told_to_be_simulated_or_not(models, api_on, restaurant):
    group = {"sector": "I56", "size": "household", "businesses": 25, "functions": {"sales": 41.5}}
    for kind in ("simulated", "recorded"):
        table = msgspec.convert({kind: [group]}, PeerTable)
        (models.folder / models.current / PEERS).write_bytes(msgspec.json.encode(table))
        with api_on(models) as client:
            answer = client.post("/v1/plans", json={"profile": restaurant, "locale": "en"})
        plan = answer.json()
        assert plan["peers"]["simulated"] is (kind == "simulated")
        assert plan["peers"]["businesses"] == 25 >= LEAST_PEERS
        assert ("simulated" in plan["peers"]["note"]) is (kind == "simulated")
        found = {each["code"]: each["peers"] for each in plan["functions"]}
        assert (found["sales"], found["finance"]) == (41.5, None)


def test_without_any_model_there_is_a_plan_and_nobody_to_compare_with(models, api_on, restaurant):
    shutil.rmtree(models.folder)
    with api_on(models) as client:
        plan = client.post("/v1/plans", json={"profile": restaurant}).json()
    assert plan["peers"] is None
    assert plan["recommendation"]["model"]["version"] == "none"
    assert steps_of(plan)


@pytest.mark.parametrize(
    ("request_", "status", "field"),
    [
        ({}, 422, "profile"),
        ({"profile_id": "nobody-of-this-name"}, 404, "profile_id"),
        ({"profile": {"sector": "ZZ"}}, 422, "profile.sector"),
        ({"profile": {}, "filters": {"categories": ["magic"]}}, 422, "filters.categories[0]"),
        ({"profile": {}, "n": 0}, 422, "n"),
    ],
)
def test_bad_input_is_named_by_its_field(api, restaurant, request_, status, field):
    sent = json.loads(json.dumps(request_))
    if "profile" in sent:
        sent["profile"] = restaurant | sent["profile"]
    response = api.post("/v1/plans", sent)
    assert response.status_code == status, response.text
    assert field in [error["field"] for error in response.json()["errors"]]
