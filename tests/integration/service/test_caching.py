"""The catalogue is read again only if it has changed (RFC 9110, sections 8.8.3, 9.3.2, 13.1.2)."""

import re

import pytest

from service.caching import has

PATHS = (
    "/v1/platforms",
    "/v1/platforms?category=crm",
    "/v1/platforms/sapo",
    "/v1/platforms/sapo/similar",
    "/v1/platforms/sapo/similar?n=3",
    "/v1/questionnaire",
)


def in_language(path, locale):
    return f"{path}{'&' if '?' in path else '?'}locale={locale}"


@pytest.mark.parametrize("path", PATHS)
def test_what_has_not_changed_is_not_sent_again(api, path):
    first = api.client.get(path)
    tag = first.headers["ETag"]
    assert first.status_code == 200
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag), "a strong tag"
    assert first.headers["Cache-Control"] == "private, max-age=300"
    again = api.client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Type" not in again.headers
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]
    other = api.client.get(path, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    assert other.content == first.content


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_what_get_does_without_the_body(api, path):
    got, asked = api.client.get(path), api.client.head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Cache-Control", "ETag"):
        assert asked.headers[name] == got.headers[name]
    unchanged = api.client.head(path, headers={"If-None-Match": got.headers["ETag"]})
    assert unchanged.status_code == 304


def test_each_answer_has_a_tag_of_its_own(api):
    asked = [in_language(path, locale) for path in PATHS for locale in ("vi", "en")]
    tags = [api.client.get(path).headers["ETag"] for path in asked]
    assert len(set(tags)) == len(tags)
    assert api.client.get(PATHS[0]).headers["ETag"] == tags[0], "Vietnamese is what is meant"


def test_errors_have_no_tag_and_come_before_it(api):
    for path, status in (
        ("/v1/platforms/no-such", 404),
        ("/v1/platforms/no-such/similar", 404),
        ("/v1/platforms?category=tea", 422),
        ("/v1/platforms/sapo/similar?n=0", 422),
    ):
        answer = api.client.get(path, headers={"If-None-Match": "*"})
        assert answer.status_code == status
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert api.client.head(path).status_code == status


def test_what_is_similar_changes_with_the_model(models, versions, api_on):
    path = "/v1/platforms/sapo/similar"
    with api_on(models) as client:
        before = client.get(path)
        assert before.json()["model_version"] == versions[0]
        catalogue = client.get("/v1/platforms").headers["ETag"]
        models.promote(versions[1], "for the test")
        client.app.dependencies["slot"].dependency().refresh()
        after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
        assert (after.status_code, after.json()["model_version"]) == (200, versions[1])
        assert client.get("/v1/platforms").headers["ETag"] == catalogue


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (['"a"'], True),
        (['W/"a"'], True),
        (['"b", "a"'], True),
        (['"b"', '"a"'], True),
        (['"b",W/"a" , "c"'], True),
        (["*"], True),
        ([" * "], True),
        ([], False),
        ([""], False),
        (['"b"'], False),
        (["a"], False),
        (['"*"'], False),
        (['"a'], False),
    ],
)
def test_a_tag_is_found_in_what_is_told(told, found):
    assert has(told, '"a"') is found


def test_similar_platforms_come_from_the_model_in_service(api, reference):
    for locale in ("vi", "en"):
        answer = api.client.get(f"/v1/platforms/misa-cukcuk/similar?locale={locale}").json()
        assert answer["platform_id"] == "misa-cukcuk"
        assert answer["locale"] == locale
        assert 0 < len(answer["items"]) <= 5
        assert answer["items"][0]["platform"]["id"] == "ipos-fabi"
        name = reference.categories["pos-fnb"].say("name", locale)
        assert name[1:] in answer["items"][0]["reasons"][0]
