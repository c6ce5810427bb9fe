"""The questionnaire keeps what is typed, goes back and forth, and can be resumed."""

import re

import pytest


def test_all_steps_lead_to_the_result(visitor, restaurant):
    _, page = visitor.fill(restaurant)
    assert page.status_code == 200
    assert "/vi/result/" in str(page.url)


def test_the_way_in_chooses_the_language(visitor):
    for header, place in (("vi", "/vi/"), ("en", "/en/")):
        answer = visitor.client.get(
            "/", headers={"Accept-Language": header}, follow_redirects=False
        )
        assert answer.status_code == 303
        assert answer.headers["location"] == place


def test_each_start_has_an_address_of_its_own_that_cannot_be_guessed(visitor):
    tokens = {visitor.begin() for _ in range(5)}
    assert len(tokens) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


def test_what_is_wrong_stands_at_the_field_and_in_a_summary_that_leads_there(visitor):
    token = visitor.begin()
    page = visitor.post(f"/form/{token}/place-people", {"employees": "vài người"})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    for anchor in ("province", "employees", "consumers"):
        assert f'href="#{anchor}"' in page.text
        assert f'id="{anchor}"' in page.text
    assert 'value="vài người"' in page.text
    assert "<title>Cần sửa:" in page.text


def test_wrong_answers_survive_a_closed_browser(visitor):
    token = visitor.begin()
    visitor.post(f"/form/{token}/money", {"revenue": "nhiều lắm"})
    assert 'value="nhiều lắm"' in visitor.get(f"/form/{token}/money").text


def test_going_back_keeps_what_is_typed_and_asks_for_nothing(visitor, restaurant):
    token = visitor.begin()
    visitor.post(f"/form/{token}/who", {**restaurant["who"], "go": "next"})
    page = visitor.post(f"/form/{token}/place-people", {"employees": "7", "go": "back"})
    assert str(page.url).endswith("/who")
    assert re.search(r'value="household"[^>]* checked', page.text)
    assert 'value="7"' in visitor.get(f"/form/{token}/place-people").text


def test_the_private_address_goes_on_where_it_was_left(visitor, restaurant):
    token = visitor.begin()
    visitor.post(f"/form/{token}/who", {**restaurant["who"], "go": "next"})
    assert str(visitor.get(f"/form/{token}").url).endswith("/place-people")


def test_the_private_address_of_a_finished_questionnaire_shows_its_result(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    assert str(visitor.get(f"/form/{token}").url).endswith(f"/result/{token}")


def test_a_result_asked_for_too_early_leads_back_to_the_questions(visitor):
    token = visitor.begin()
    assert str(visitor.get(f"/result/{token}").url).endswith("/who")


def test_the_last_step_leads_back_to_what_was_skipped(visitor, restaurant):
    token = visitor.begin()
    for step in ("who", "money", "work-1", "work-2", "plans", "needs-budget"):
        visitor.post(f"/form/{token}/{step}", {**restaurant[step], "go": "next"})
    page = visitor.post(f"/form/{token}/tools", {"go": "next"})
    assert str(page.url).endswith("/place-people?check=1")
    assert 'href="#employees"' in page.text


def test_one_changed_answer_can_be_saved_straight_to_the_result(visitor, restaurant):
    token, before = visitor.fill(restaurant)
    assert 'value="finish"' in visitor.get(f"/form/{token}/plans").text
    page = visitor.post(f"/form/{token}/plans", {"strategy": "plan_with_budget", "go": "finish"})
    assert str(page.url).endswith(f"/result/{token}")
    assert page.text != before.text


def test_no_way_to_the_result_is_offered_before_all_is_answered(visitor):
    assert 'value="finish"' not in visitor.get(f"/form/{visitor.begin()}/plans").text


def test_tools_made_for_such_a_business_stand_first(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    page = visitor.get(f"/form/{token}/tools").text
    fitting, others = page.split('class="more"')
    assert 'value="misa-cukcuk"' in fitting
    assert 'value="akabot"' in others


def test_merged_provinces_are_found_by_their_old_names(visitor):
    page = visitor.get(f"/form/{visitor.begin()}/place-people").text
    assert "Thành phố Hồ Chí Minh (gồm Bà Rịa - Vũng Tàu, Bình Dương)" in page
    assert page.count('<option value="') == 35


@pytest.mark.parametrize(
    "path",
    [
        "/form/AAAAAAAAAAAAAAAAAAAAAA",
        "/form/AAAAAAAAAAAAAAAAAAAAAA/who",
        "/form/short/who",
        "/form/..%2f..%2fetc/who",
        "/result/AAAAAAAAAAAAAAAAAAAAAA",
        "/result/AAAAAAAAAAAAAAAAAAAAAA/delete",
        "/nowhere",
        "/platforms/nowhere",
        "/visit/nowhere",
    ],
)
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_an_unknown_address_is_answered_by_a_page_in_its_language(visitor, path, locale):
    visitor.language = locale
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert f'<html lang="{locale}">' in answer.text


def test_an_unknown_step_is_not_found(visitor):
    assert visitor.get(f"/form/{visitor.begin()}/no-such-step").status_code == 404


def test_a_profile_that_came_through_the_api_is_not_opened_by_a_page(visitor):
    profile = {
        "legal_form": "household",
        "sector": "I56",
        "employees": 4,
        "province": "48",
        "sells_to_consumers": True,
    }
    answer = visitor.client.post("/v1/profiles", json=profile)
    assert answer.status_code == 201, answer.text
    id_ = answer.json()["id"]
    assert visitor.get(f"/result/{id_}").status_code == 404
    assert visitor.post(f"/result/{id_}/delete", {}).status_code == 404


def test_a_business_in_english_reads_english(visitor, restaurant):
    visitor.language = "en"
    _, page = visitor.fill(restaurant)
    assert "Your household business is at level" in page.text
    assert not re.search("[ăâđêôơư]", re.sub(r"Tiếng Việt|Vỏ Sò", "", _prose(page.text)))


def _prose(html: str) -> str:
    """Drop names, which are the same in both languages."""
    return re.sub(r"<h3>.*?</h3>|<p class=\"fine\">.*?</p>|<a [^>]*>.*?</a>", "", html, flags=re.S)
