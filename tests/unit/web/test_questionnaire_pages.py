"""The questionnaire keeps what is typed, goes back and forth, and can be resumed."""

import re

import pytest

from tests.owners import (
    CLINIC,
    FARM,
    GARMENT_EXPORTER,
    ONLINE_SHOP,
    RESTAURANT,
    RICE_COOPERATIVE,
)


@pytest.mark.parametrize(
    ("owner", "questions", "words"),
    [
        (FARM, 13, "thương lái"),
        (RESTAURANT, 14, "bàn, món"),
        (ONLINE_SHOP, 14, "khách mua chịu"),
        (RICE_COOPERATIVE, 17, "thương lái"),
        (CLINIC, 17, "bệnh nhân"),
        (GARMENT_EXPORTER, 17, "đơn đặt hàng"),
    ],
)
def test_each_owner_comes_to_the_result_by_a_path_of_its_own(visitor, owner, questions, words):
    token, page = visitor.fill(owner)
    assert page.status_code == 200
    assert str(page.url).endswith(f"/vi/result/{token}")
    sales = visitor.get(f"/form/{token}/sales").text
    assert f"trên {questions}</p>" in sales
    assert words in sales


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


def begin(visitor, **told):
    """Start, and answer these questions; return the token."""
    token = visitor.begin()
    for step, answer in told.items():
        visitor.answer(token, step.replace("_", "-"), {step.replace("_", "-"): answer})
    return token


def test_what_is_wrong_stands_at_the_field_and_in_a_summary_that_leads_there(visitor):
    token = begin(visitor, legal_form="household")
    page = visitor.answer(token, "people", {"people": "vài người"})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert 'href="#people"' in page.text
    assert 'id="people"' in page.text
    assert 'value="vài người"' in page.text
    assert "<title>Cần sửa:" in page.text


def test_wrong_answers_survive_a_closed_browser(visitor):
    token = begin(visitor, legal_form="household", revenue="nhiều lắm")
    assert 'value="nhiều lắm"' in visitor.get(f"/form/{token}/revenue").text


def test_going_back_keeps_what_is_typed_and_asks_for_nothing(visitor):
    token = begin(visitor, legal_form="household", sector="I56", province="46")
    page = visitor.answer(token, "people", {"people": "bảy tám"}, go="back")
    assert str(page.url).endswith("/province?again=1")
    assert re.search(r'value="46"[^>]* selected', page.text)
    assert 'value="bảy tám"' in visitor.get(f"/form/{token}/people").text


def test_going_back_from_an_untouched_question_does_not_answer_it(visitor):
    token = begin(visitor, legal_form="enterprise")
    visitor.answer(token, "budget", {}, go="back")
    assert "Tiền cho công cụ số" in _open(visitor.get(f"/form/{token}/check").text)
    visitor.answer(token, "budget", {})
    assert "Tiền cho công cụ số" not in _open(visitor.get(f"/form/{token}/check").text)


def test_who_has_gone_back_sees_what_follows_again(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    page = visitor.answer(token, "people", restaurant, go="back")
    assert 'name="again"' in page.text
    for step in ("province", "people"):
        page = visitor.answer(token, step, {**restaurant, "again": "1"})
    assert str(page.url).endswith("/consumers?again=1")


def test_what_is_asked_depends_on_the_first_answer(visitor):
    token = visitor.begin()
    for step in ("sector", "check"):
        assert str(visitor.get(f"/form/{token}/{step}").url).endswith("/legal-form")


def test_one_person_is_offered_that_there_is_nobody_to_pay(visitor):
    token = begin(visitor, legal_form="household", people="một mình")
    page = visitor.get(f"/form/{token}/staff").text
    assert re.search(r'value="not_applicable"[^>]* checked', page)
    assert "Nhân viên" in _open(visitor.get(f"/form/{token}/check").text)


def test_an_eatery_is_offered_that_it_sells_to_consumers(visitor):
    token = begin(visitor, legal_form="household", sector="I56")
    assert re.search(r'value="yes"[^>]* checked', visitor.get(f"/form/{token}/consumers").text)


def test_a_script_is_told_where_to_go_next(visitor):
    token = visitor.begin()
    path = f"/vi/form/{token}/legal-form"
    for form, place in (
        ({"legal-form": "household", "go": "next"}, f"/vi/form/{token}/sector"),
        ({"legal-form": "emperor", "go": "next"}, f"{path}?check=1"),
        ({"legal-form": "household", "go": "later"}, f"/vi/form/{token}/later"),
    ):
        answer = visitor.client.post(path, data=form, headers={"Accept": "text/uri-list"})
        assert answer.status_code == 201 or answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/uri-list")
        assert answer.text == place


def test_the_private_address_goes_on_where_it_was_left(visitor):
    token = begin(visitor, legal_form="household", sector="I56")
    assert str(visitor.get(f"/form/{token}").url).endswith("/province")


def test_the_private_address_is_shown_as_a_link_and_as_a_qr_code(visitor):
    token = visitor.begin()
    assert (
        "bấm dòng dưới đây và giữ liên kết riêng" in visitor.get(f"/form/{token}/legal-form").text
    )
    page = visitor.answer(token, "legal-form", {"legal-form": "household"}, go="later")
    assert f"http://testserver.local/vi/form/{token}</p>" in page.text
    assert '<svg viewBox="' in page.text


def test_the_private_address_of_a_finished_questionnaire_shows_its_result(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    assert str(visitor.get(f"/form/{token}").url).endswith(f"/result/{token}")


def test_a_result_asked_for_too_early_leads_back_to_the_questions(visitor):
    token = visitor.begin()
    assert str(visitor.get(f"/result/{token}").url).endswith("/legal-form")


def test_the_answers_are_shown_as_they_were_understood(visitor):
    token, _ = visitor.fill(
        {**GARMENT_EXPORTER, "revenue": "7 tỷ 2 một tháng", "tools": "misa-amis"}
    )
    page = visitor.get(f"/form/{token}/check").text
    for told in ("86,4 tỷ đồng", "120", "Thành phố Hồ Chí Minh", "Xưởng may", "MISA AMIS"):
        assert told in page
    assert f'href="/vi/form/{token}/revenue"' in page
    assert page.count("không bắt buộc, trả lời thêm") == 3  # plan, use of figures, security

    more = visitor.get(f"/form/{token}/data-use").text
    assert "Câu " not in more
    then = visitor.post(f"/form/{token}/data-use", {"data-use": "reviewed", "go": "next"})
    assert str(then.url).endswith("/check")
    assert then.text.count("không bắt buộc, trả lời thêm") == 2


def test_what_was_skipped_is_asked_before_the_result(visitor, restaurant):
    token = visitor.begin()
    for step in ("legal-form", "sector", "province", "consumers", "sales"):
        visitor.answer(token, step, restaurant)
    page = visitor.get(f"/form/{token}/check").text
    assert "Số người làm" in _open(page)
    assert "chưa trả lời" in page
    answer = visitor.confirm(token)
    assert str(answer.url).endswith("/people?check=1")
    assert 'href="#people"' in answer.text


def test_one_changed_answer_leads_straight_back_to_the_check(visitor, restaurant):
    token, before = visitor.fill(restaurant)
    page = visitor.answer(token, "sales", {"sales": "linked_tool"})
    assert str(page.url).endswith(f"/form/{token}/check")
    page = visitor.confirm(token)
    assert str(page.url).endswith(f"/result/{token}")
    assert page.text != before.text


def test_a_changed_answer_that_opens_a_question_leads_to_it(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    page = visitor.answer(token, "legal-form", {"legal-form": "enterprise"})
    assert str(page.url).endswith("/people")


def test_every_answer_sent_twice_counts_once(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    for step, go in (("sales", "next"), ("sales", "next"), ("sector", "back")):
        visitor.answer(token, step, restaurant, go)
    for _ in range(2):
        visitor.confirm(token)
    assert visitor.count("drafts", id=token) == visitor.count("profiles", id=token) == 1


def test_tools_made_for_such_a_business_stand_first(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    page = visitor.get(f"/form/{token}/tools").text
    fitting, others = page.split('class="more"')
    assert 'value="misa-cukcuk"' in fitting
    assert 'value="akabot"' in others


def test_merged_provinces_are_found_by_their_old_names(visitor):
    page = visitor.get(f"/form/{begin(visitor, legal_form='household')}/province").text
    assert "Thành phố Hồ Chí Minh (gồm Bà Rịa - Vũng Tàu, Bình Dương)" in page
    assert page.count('<option value="') == 35


@pytest.mark.parametrize(
    "path",
    [
        "/form/AAAAAAAAAAAAAAAAAAAAAA",
        "/form/AAAAAAAAAAAAAAAAAAAAAA/sector",
        "/form/short/sector",
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
    (title,), (heading,) = (
        re.findall(f"<{tag}>(.*?)</{tag}>", answer.text) for tag in ("title", "h1")
    )
    assert title == f"{heading} – SMEdx"


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_mistyped_address_is_answered_in_words_to_browsers_alone(visitor):
    for path in ("/ket-qua", "/xx/", "/VI/", f"/result/{22 * 'A'}", f"/form/lent-{22 * 'A'}"):
        page = visitor.client.get(path, headers=BROWSER)
        assert page.status_code == 404
        assert "Không tìm thấy trang này" in page.text
        assert visitor.client.get(path).json()["status"] == 404
    for path in ("/v1/no", "/health/no", "/static/no"):
        assert visitor.client.get(path, headers=BROWSER).json()["status"] == 404


def test_an_unknown_step_is_not_found(visitor):
    token = visitor.begin()
    assert visitor.get(f"/form/{token}/no-such-step").status_code == 404
    assert visitor.post(f"/form/{token}/no-such-step", {}).status_code == 404


@pytest.mark.parametrize("step", ["capital", "operations"])
def test_a_step_that_is_not_asked_leads_to_the_one_that_is_open(visitor, restaurant, step):
    token = visitor.begin()
    visitor.answer(token, "legal-form", restaurant)
    for answer in (visitor.get(f"/form/{token}/{step}"), visitor.answer(token, step, restaurant)):
        assert answer.url.path == f"/vi/form/{token}/sector"
        assert answer.status_code == 200


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


def _open(check_page: str) -> str:
    """Return the titles of the steps that are not answered yet."""
    lines = re.findall(r"<dt>(.*?)</dt>\n<dd>(<em>)?", check_page)
    return "; ".join(title for title, is_open in lines if is_open)


def _prose(html: str) -> str:
    """Drop names, which are the same in both languages."""
    return re.sub(r"<h3>.*?</h3>|<p class=\"fine\">.*?</p>|<a [^>]*>.*?</a>", "", html, flags=re.S)
