"""Many businesses in one request: each gets what it would get alone, or is told what is wrong."""

import json
import threading

import httpx
import pytest

from recommender.evaluation.comparison import Plan
from recommender.training.registry_experiment import Experiments
from service import recommend_batch
from service.store.tables import exposures

PATH = "/v1/recommendations/batch"
ITS_OWN = {"recommendation_id"}


def batch(api, businesses, **wanted):
    response = api.post(PATH, {"businesses": businesses, **wanted})
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/json"
    answers = response.json()["answers"]
    assert all(len(answer) == 1 for answer in answers)
    return answers


def without_ids(answer):
    return {name: value for name, value in answer.items() if name not in ITS_OWN}


def problem_of(answer):
    problem = answer["problem"]
    return problem["status"], [error["field"] for error in problem.get("errors", ())]


def alike(one, other):
    """Compare answers; scores of many at once may differ in the last digits."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            alike(one[name], other[name])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            alike(mine, theirs)
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=1e-9)
    else:
        assert one == other


def test_each_business_gets_what_it_gets_alone(api, restaurant):
    stored = api.store(restaurant | {"needs": ["shop-floor"]})
    first, second = api.recommend(profile_id=stored, n=2)["items"]
    api.tell(
        {"kind": "adopt", "platform_id": first["platform"]["id"], "profile_id": stored},
        {"kind": "dismiss", "platform_id": second["platform"]["id"], "profile_id": stored},
    )
    businesses = [
        {"profile": restaurant},
        {"profile_id": stored},
        {"profile": restaurant | {"legal_form": "enterprise", "sector": "C", "employees": 120}},
        {"profile": restaurant | {"platforms_in_use": ["misa-cukcuk"]}},
    ]
    wanted = {"n": 4, "locale": "en", "filters": {"exclude": ["sapo"]}}
    answers = batch(api, businesses, **wanted)
    assert len(answers) == len(businesses)
    for business, answer in zip(businesses, answers, strict=True):
        alone = api.recommend(**business, **wanted)
        alike(without_ids(answer["recommendation"]), without_ids(alone))


def test_what_is_wrong_with_one_business_is_told_of_it_alone(api, restaurant):
    businesses = [
        {"profile": restaurant | {"employees": -1}},
        {"profile": restaurant},
        {"profile": restaurant | {"sector": "ZZ", "needs": ["gold"]}},
        {"profile_id": "nobody-there"},
        {},
        {"profile": restaurant, "profile_id": "nobody-there"},
        {"profil": restaurant},
        "a business",
        {"profile": restaurant},
    ]
    answers = batch(api, businesses, n=1)
    assert [number for number, answer in enumerate(answers) if "recommendation" in answer] == [1, 8]
    assert problem_of(answers[0]) == (422, ["businesses[0].profile.employees"])
    assert "from 0 to 500000" in answers[0]["problem"]["errors"][0]["expected"]
    fields = ["businesses[2].profile.sector", "businesses[2].profile.needs[0]"]
    assert problem_of(answers[2]) == (422, fields)
    assert problem_of(answers[3]) == (404, ["businesses[3].profile_id"])
    assert problem_of(answers[4]) == (422, ["businesses[4].profile"])
    assert problem_of(answers[5]) == (422, ["businesses[5].profile"])
    assert problem_of(answers[6]) == (422, ["businesses[6].profil"])
    assert problem_of(answers[7]) == (422, ["businesses[7]"])
    assert all("businesses[" in a["problem"]["detail"] for a in answers if "problem" in a)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "businesses"),
        ({"businesses": []}, "businesses"),
        ({"businesses": {}}, "businesses"),
        ({"businesses": [{}] * 1001}, "businesses"),
        ({"businesses": [{}], "n": 0}, "n"),
        ({"businesses": [{}], "locale": "fr"}, "locale"),
        ({"businesses": [{}], "filters": {"categories": ["tea"]}}, "filters.categories[0]"),
        ({"businesses": [{}], "size": 3}, "size"),
    ],
)
def test_what_is_wrong_with_all_is_told_once(api, body, field):
    response = api.post(PATH, body)
    assert response.status_code == 422, response.text
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_a_body_that_is_too_large_is_refused(api):
    response = api.client.post(
        PATH, content=b" " * (4 * 1024 * 1024 + 1), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 413


def test_broken_text_inside_one_business_is_refused_and_nothing_breaks(api, restaurant):
    good = json.dumps({"profile": restaurant}).encode()
    for broken in (b'{"profile_id": "\xff\xff\xff\xff\xff\xff\xff\xff\xff"}', b'{"a": 1e999}'):
        body = b'{"businesses": [' + broken + b"," + good + b"]}"
        headers = {"Content-Type": "application/json"}
        response = api.client.post(PATH, content=body, headers=headers)
        if response.status_code == 200:
            first, second = response.json()["answers"]
            assert first["problem"]["status"] in (400, 422)
            assert second["recommendation"]["items"]
        else:
            assert response.status_code == 400


def test_each_list_is_logged_and_takes_events(api, restaurant):
    stored = api.store(restaurant)
    before = api.counts()["exposures"]
    businesses = [{"profile": restaurant}, {"profile_id": stored}, {"profile_id": "nobody-there"}]
    answers = batch(api, businesses, n=3)
    made = [answer["recommendation"] for answer in answers[:2]]
    assert api.counts()["exposures"] == before + 2
    logged = {row["id"]: row for row in api.rows(exposures)}
    for answer, profile_id in zip(made, (None, stored), strict=True):
        row = logged[answer["recommendation_id"]]
        assert row["profile_id"] == profile_id
        assert row["eligible"] == answer["eligible"]
        assert [i["platform_id"] for i in json.loads(row["items"])] == [
            item["platform"]["id"] for item in answer["items"]
        ]
    api.tell(
        *(
            {
                "kind": "click",
                "platform_id": answer["items"][0]["platform"]["id"],
                "recommendation_id": answer["recommendation_id"],
            }
            for answer in made
        )
    )


def test_each_business_agrees_to_be_learned_from_or_not(api, restaurant):
    businesses = [
        {"profile": restaurant, "consent": ["improve"]},
        {"profile": restaurant, "consent": []},
        {"profile": restaurant},
        {"profile_id": api.store(restaurant), "consent": ["improve"]},
    ]
    *answers, stored = batch(api, businesses, n=1)
    logged = {row["id"]: row for row in api.rows(exposures)}
    rows = [logged[answer["recommendation"]["recommendation_id"]] for answer in answers]
    assert [row["improve"] for row in rows] == [True, False, False]
    assert problem_of(stored) == (422, ["businesses[3].consent"])


def test_one_business_that_cannot_be_answered_keeps_no_other_from_its_answer(
    api, restaurant, monkeypatch
):
    real = recommend_batch.recommend_profile

    def break_for_some(serving, store, profile, **options):
        if profile.employees == 13:
            raise ZeroDivisionError
        return real(serving, store, profile, **options)

    monkeypatch.setattr(recommend_batch, "recommend_profile", break_for_some)
    businesses = [{"profile": restaurant | {"employees": number}} for number in (12, 13, 14)]
    answers = batch(api, businesses, n=1)
    assert [next(iter(answer)) for answer in answers] == [
        "recommendation",
        "problem",
        "recommendation",
    ]
    assert problem_of(answers[1]) == (500, [])
    assert "Zero" not in str(answers[1])


def test_in_an_experiment_each_business_is_answered_by_the_model_of_its_arm(
    models, versions, api_on, restaurant
):
    Experiments(models).start(versions[1], Plan(), "promising")
    businesses = [{"profile": restaurant | {"employees": number}} for number in range(1, 20)]
    with api_on(models) as client:
        answers = client.post(PATH, json={"businesses": businesses, "n": 1}).json()["answers"]
        by = [answer["recommendation"]["model"]["version"] for answer in answers]
        alone = [
            client.post("/v1/recommendations", json=business).json()["model"]["version"]
            for business in businesses
        ]
    assert by == alone
    assert set(by) == {versions[0], versions[1]}


def test_others_are_answered_while_a_batch_is_made(start, models, restaurant):
    server = start()
    server.wait_until_live()
    businesses = [{"profile": restaurant | {"employees": number}} for number in range(1000)]
    found: list[httpx.Response] = []

    def send():
        body = {"businesses": businesses, "n": 10}
        found.append(httpx.post(f"{server.url}{PATH}", json=body, timeout=60))

    sender = threading.Thread(target=send)
    sender.start()
    meanwhile = 0
    while sender.is_alive():
        assert server.client.get("/health/live").status_code == 200
        meanwhile += 1
    sender.join()
    (response,) = found
    assert response.status_code == 200
    answers = response.json()["answers"]
    assert len(answers) == 1000
    assert all(len(answer["recommendation"]["items"]) == 10 for answer in answers)
    assert meanwhile > 20, "the others had to wait"


def test_whoever_hangs_up_in_the_middle_leaves_the_service_well(start, models, restaurant):
    server = start()
    server.wait_until_live()
    businesses = [{"profile": restaurant | {"employees": number}} for number in range(500)]
    body = {"businesses": businesses, "n": 10}
    with httpx.stream("POST", f"{server.url}{PATH}", json=body, timeout=60) as response:
        assert response.status_code == 200
        next(response.iter_raw(1000))
    response = server.client.post(PATH, json={"businesses": businesses[:2], "n": 1})
    assert [list(answer) for answer in response.json()["answers"]] == [["recommendation"]] * 2
    assert "Traceback" not in server.said()
