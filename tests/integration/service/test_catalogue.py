"""The catalogue and the questionnaire, as they are read over HTTP."""

import msgspec
import pytest

from recommender.domain import BusinessProfile


def test_the_catalogue_is_listed_whole_in_both_languages(api, reference):
    for query, locale in (("", "vi"), ("?locale=vi", "vi"), ("?locale=en", "en")):
        answer = api.client.get(f"/v1/platforms{query}").json()
        assert [view["id"] for view in answer["platforms"]] == list(reference.platforms)
        assert len(answer["platforms"]) == 94
        assert answer["note"] == reference.messages.notes["catalogue"].say(locale)
        for view in answer["platforms"]:
            assert view["summary"] == reference.platforms[view["id"]].say("summary", locale)


def test_every_category_lists_its_platforms(api, reference):
    listed = []
    for category in reference.categories:
        answer = api.client.get("/v1/platforms", params={"category": category}).json()
        assert {view["category"] for view in answer["platforms"]} <= {category}
        listed += [view["id"] for view in answer["platforms"]]
    assert sorted(listed) == sorted(reference.platforms)
    assert len(reference.categories) == 26


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_a_platform_reads_the_same_alone_and_in_the_list(api, locale):
    query = {"locale": locale}
    for view in api.client.get("/v1/platforms", params=query).json()["platforms"]:
        alone = api.client.get(f"/v1/platforms/{view['id']}", params=query)
        assert alone.status_code == 200
        assert alone.json() == view


def test_the_questionnaire_fills_every_field_of_a_profile(api):
    answers = {
        locale: api.client.get("/v1/questionnaire", params={"locale": locale}).json()
        for locale in ("vi", "en")
    }
    questions = [q for step in answers["en"]["steps"] for q in step["questions"]]
    fields = {question["field"] for question in questions}
    assert fields == set(BusinessProfile.__struct_fields__) - {"classification"}
    needed = {f.name for f in msgspec.structs.fields(BusinessProfile) if f.required}
    assert {question["field"] for question in questions if question["required"]} >= needed
    in_vietnamese = [q for step in answers["vi"]["steps"] for q in step["questions"]]
    assert [q["id"] for q in in_vietnamese] == [q["id"] for q in questions]
    assert all(q["text"] != v["text"] for q, v in zip(questions, in_vietnamese, strict=True))


def test_every_answer_that_the_questionnaire_offers_is_accepted(api, restaurant):
    steps = api.client.get("/v1/questionnaire").json()["steps"]
    offered = 0
    for question in (question for step in steps for question in step["questions"]):
        for code in (option["code"] for option in question["options"]):
            answer = {
                "choices": [code],
                "platforms": [code],
                "function": {question["function"]: code},
            }.get(question["kind"], code)
            profile = restaurant | {question["field"]: answer}
            response = api.post("/v1/recommendations", {"profile": profile, "n": 1})
            assert response.status_code == 200, (question["id"], code, response.text)
            offered += 1
    assert offered > 94 + 34
