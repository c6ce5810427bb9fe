"""What an owner is asked before the first result, and can change, take away and delete later."""

import json
import re

import pytest

WORDS = {
    "vi": (
        "Bạn có cho chúng tôi lưu câu trả lời, để sau này bạn mở lại kết quả không?",
        "câu trả lời và lựa chọn của bạn để cải thiện gợi ý cho các cơ sở khác không?",
        "Trả lời thế nào bạn cũng xem được kết quả.",
        "Hãy chọn một câu trả lời.",
    ),
    "en": (
        "May we keep your answers, so that you can come back to your result?",
        "May we learn from your answers and choices, so that others get better suggestions?",
        "You get your result whatever you answer.",
        "Choose one answer.",
    ),
}
KEPT = ("profiles", "drafts", "consents", "exposures")


@pytest.fixture
def asked(visitor, restaurant):
    """The token of a business that is asked, and the page that asks."""

    def fill(language="vi"):
        visitor.language = language
        token, page = visitor.answer_all(restaurant)
        return token, page.text

    return fill


def ticked(html):
    return re.findall(
        r'<input type="(?:radio|checkbox)" name="(\w+)" value="(\w+)"[^>]* checked', html
    )


def answers_of(visitor, token):
    """Return what is stored of its answers, oldest first: purpose, granted, how."""
    held = visitor.get(f"/result/{token}/export").json()
    return [(each["purpose"], each["granted"], each["how"]) for each in held["consents"]]


@pytest.mark.parametrize("language", WORDS)
def test_it_is_asked_in_plain_words_and_nothing_is_ticked_beforehand(asked, visitor, language):
    token, page = asked(language)
    for words in WORDS[language][:3]:
        assert words in page
    assert ticked(page) == []
    helping = {
        "vi": "Chỉ chọn nếu bạn điền giúp:",
        "en": "Only if you fill this in for somebody else:",
    }
    assert page.index(helping[language]) < page.index('name="helper"')
    assert f'href="/{language}/privacy"' in page
    assert visitor.count("profiles", id=token) == visitor.count("consents", profile_id=token) == 0


@pytest.mark.parametrize("language", WORDS)
def test_without_an_answer_nothing_is_stored_and_the_question_is_named(asked, visitor, language):
    token, _ = asked(language)
    page = visitor.choose(token, service="yes")
    assert page.status_code == 422
    assert WORDS[language][3] in page.text
    assert 'href="#improve"' in page.text
    assert 'href="#service"' not in page.text
    assert ticked(page.text) == [("service", "yes")]
    assert visitor.count("profiles", id=token) == visitor.count("consents", profile_id=token) == 0


@pytest.mark.parametrize("keep", ["yes", "no"])
@pytest.mark.parametrize("learn", ["yes", "no"])
def test_the_result_comes_with_any_answer_and_says_what_it_was(asked, visitor, keep, learn):
    token, _ = asked("en")
    page = visitor.choose(token, service=keep, improve=learn)
    assert page.status_code == 200
    assert 'class="card"' in page.text
    assert ("You let us keep your answers." in page.text) == (keep == "yes")
    assert ("everything in it will be deleted by" in page.text) == (keep == "no")
    assert ("You let us learn from your answers and choices." in page.text) == (learn == "yes")
    assert answers_of(visitor, token) == [
        ("service", keep == "yes", "page"),
        ("improve", learn == "yes", "page"),
    ]


def test_what_was_said_is_ticked_and_can_be_taken_back(visitor, restaurant):
    token, result = visitor.fill(restaurant)
    assert f"/vi/result/{token}/consent" in result.text
    page = visitor.get(f"/result/{token}/consent").text
    assert ticked(page) == [("service", "yes"), ("improve", "yes")]
    visitor.choose(token, service="yes", improve="no")
    assert ticked(visitor.get(f"/result/{token}/consent").text)[1] == ("improve", "no")
    assert answers_of(visitor, token)[2:] == [("improve", False, "page")]


def test_who_helps_the_owner_says_so(asked, visitor):
    token, _ = asked()
    visitor.choose(token, service="yes", improve="no", helper="yes")
    assert {how for *_, how in answers_of(visitor, token)} == {"volunteer"}


def test_before_all_is_answered_it_is_not_asked(visitor, restaurant):
    token = visitor.begin()
    assert "/form/" in str(visitor.get(f"/result/{token}/consent").url)
    answer = visitor.choose(token, service="yes", improve="yes")
    assert "/form/" in str(answer.url)
    assert visitor.count("profiles", id=token) == visitor.count("consents", profile_id=token) == 0


def test_a_changed_answer_does_not_ask_again(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    visitor.answer(token, "people", {"people": "7"})
    page = visitor.confirm(token)
    assert str(page.url).endswith(f"/result/{token}")


def test_all_that_is_held_is_handed_out_as_a_file(visitor, restaurant, card):
    token, result = visitor.fill(restaurant)
    visitor.post(f"/result/{token}/feedback", {**card(result.text), "kind": "click"})
    answer = visitor.get(f"/result/{token}/export")
    assert re.fullmatch(
        r'attachment; filename="smedx-\d{4}-\d\d-\d\d\.json"', answer.headers["content-disposition"]
    )
    held = json.loads(answer.content)
    assert held["id"] == token
    assert held["profile"]["profile"]["employees"] == 6
    assert held["draft"]["answers"]
    assert len(held["exposures"]) == visitor.count("exposures", profile_id=token) > 0
    assert [event["kind"] for event in held["events"]] == ["click"]


def test_deleting_leaves_nothing_and_the_file_is_gone(visitor, restaurant):
    token, page = visitor.fill(restaurant)
    assert f'href="/vi/result/{token}/delete"' in page.text
    assert "<script" not in visitor.get(f"/result/{token}/delete").text
    visitor.post(f"/result/{token}/delete", {})
    for table in KEPT:
        column = "id" if table in ("profiles", "drafts") else "profile_id"
        assert visitor.count(table, **{column: token}) == 0
    for path in ("", "/consent", "/export", "/delete"):
        assert visitor.get(f"/result/{token}{path}").status_code == 404
    assert visitor.choose(token, service="yes", improve="yes").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "vi",
            (
                "không quay lại trong 2 năm",
                "xoá 30 ngày sau lần trả lời cuối",
                "1 ngày sau khi bạn trả lời",
                "91/2025/QH15",
            ),
        ),
        ("en", ("have not come back for 2 years", "30 days after your last", "91/2025/QH15")),
    ],
)
def test_what_is_kept_and_for_how_long_is_told_with_the_settings(visitor, language, words):
    visitor.language = language
    page = visitor.get("/privacy").text
    for each in words:
        assert each in page
