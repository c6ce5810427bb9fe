"""Whatever is sent as a form is answered by a page that says what to do, never by a crash."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def is_page(answer):
    return answer.headers["content-type"].startswith("text/html") and "<h1>" in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("legal-form=emperor", 422),
        ("legal-form=household&legal-form=enterprise", 422),
        ("legal-form=" + "I" * 5000, 422),
        ("legal-form=%00%01", 422),
        ("legal-form=%FF%FE", 400),
        ("legal-form=\xff\xfe", 400),
        ("&".join(f"a{i}=1" for i in range(2000)), 400),
        ("legal-form=" + "x" * 1_000_000, 413),
        ("legal-form[]=household&go=%27%3B+DROP+TABLE", 422),
    ],
)
def test_a_broken_form_is_answered_by_a_page(visitor, body, status):
    token = visitor.begin()
    answer = visitor.client.post(
        f"/vi/form/{token}/legal-form", content=body.encode("latin-1"), headers=FORM
    )
    assert answer.status_code == status
    assert is_page(answer)
    assert 'lang="vi"' in answer.text


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data"])
def test_other_kinds_of_content_are_no_form(visitor, content_type):
    token = visitor.begin()
    answer = visitor.client.post(
        f"/vi/form/{token}/legal-form",
        content=b'{"legal-form": 1}',
        headers={"Content-Type": content_type},
    )
    assert 400 <= answer.status_code < 500
    assert is_page(answer)


def test_typed_text_is_shown_again_and_cannot_become_markup(visitor):
    token = visitor.begin()
    answer = visitor.post(f"/form/{token}/people", {"people": '"><script>alert(1)</script>'})
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=30), max_size=5))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_form_is_answered_by_a_page(visitor, form):
    token = visitor.begin()
    for step in ("legal-form", "people", "revenue", "sales", "tools"):
        body = urlencode({"people": form.get("people", "x"), **form}, errors="replace")
        answer = visitor.client.post(
            f"/en/form/{token}/{step}", content=body.encode(), headers=FORM, follow_redirects=False
        )
        assert answer.status_code in (303, 422)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "adopt"},
        {"kind": "buy", "platform_id": "misa-cukcuk", "recommendation_id": "x" * 22},
        {"kind": "save", "platform_id": "no-such", "recommendation_id": "x" * 22},
        {"kind": "save", "platform_id": "misa-cukcuk", "recommendation_id": "<b>"},
        {
            "kind": "dismiss",
            "platform_id": "misa-cukcuk",
            "recommendation_id": "x" * 22,
            "reason": "bored",
        },
    ],
)
def test_feedback_that_no_page_of_ours_sends_is_refused(visitor, restaurant, form):
    token, _ = visitor.fill(restaurant)
    events = visitor.count("events")
    answer = visitor.post(f"/result/{token}/feedback", form)
    assert answer.status_code == 400
    assert is_page(answer)
    assert visitor.count("events") == events


def test_feedback_on_a_list_that_is_not_known_asks_to_load_the_page_again(visitor, restaurant):
    token, _ = visitor.fill(restaurant)
    form = {"kind": "save", "platform_id": "misa-cukcuk", "recommendation_id": "x" * 22}
    answer = visitor.post(f"/result/{token}/feedback", form)
    assert answer.status_code == 409
    assert "Trang đó đã cũ" in answer.text
