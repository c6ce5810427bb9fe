"""When something goes wrong the widget says so, tries again, and loses nothing that was told."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.widget.conftest import KEPT

LATER = {
    "vi": "Hiện chưa lấy được gợi ý. Hãy thử lại sau giây lát.",
    "en": "There is no answer at the moment. Try again soon.",
}
REFUSED = {
    "vi": "Không hiển thị được gợi ý trên trang này.",
    "en": "Suggestions cannot be shown on this page.",
}
WRONG = {
    "vi": "Thông tin về doanh nghiệp chưa đúng.",
    "en": "What is told of the business is not right.",
}


def says(widget, text) -> None:
    expect(widget.get_by_role("status")).to_have_text(text)
    expect(widget.get_by_role("button")).to_have_count(1)
    found = Axe().run(widget.page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_a_wrong_key_is_refused_in_the_language_of_the_reader(open_widget, locale):
    widget = open_widget(360, locale, key="smedx_pk_00000000_" + "A" * 43)
    says(widget, REFUSED[locale])
    assert any("smedx-recommendations: 401" in told for told in widget.page.complaints)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_a_website_that_the_key_is_not_for_sees_nothing(open_widget, another, locale):
    widget = open_widget(360, locale, at=another.origin)
    says(widget, LATER[locale])
    assert any("origin one of the key's" in told for told in widget.page.complaints)


@pytest.mark.parametrize("told", ["{", "null", '{"legal_form": "emperor"}'])
def test_a_business_that_is_none_is_said_to_be_wrong(open_widget, told):
    says(open_widget(1280, "en", profile=told), WRONG["en"])


def test_a_business_that_is_not_stored_is_said_to_be_wrong(open_widget):
    says(open_widget(360, "vi", **{"profile-id": "nobody-there"}), WRONG["vi"])


def test_a_service_that_is_gone_is_asked_again(open_widget, website):
    widget = open_widget(360, "en")
    page = widget.page
    page.route(f"{website.api}/v1/**", lambda route: route.abort())
    widget.evaluate("each => each.setAttribute('n', '2')")
    says(widget, LATER["en"])
    page.unroute(f"{website.api}/v1/**")
    retry = widget.get_by_role("button", name="Try again")
    retry.focus()
    page.keyboard.press("Enter")
    expect(widget.locator("ol > li")).to_have_count(2)
    expect(widget.get_by_role("heading", level=2)).to_be_focused()


def test_who_is_offline_is_told_so_and_sees_the_list_when_that_is_over(open_widget):
    widget = open_widget(360, "vi")
    widget.page.context.set_offline(True)
    widget.evaluate("each => each.setAttribute('n', '2')")
    says(widget, "Bạn đang ngoại tuyến. Danh sách sẽ hiện khi có mạng.")
    widget.page.context.set_offline(False)
    expect(widget.locator("ol > li")).to_have_count(2)


def test_what_was_told_offline_is_sent_when_that_is_over_and_counts_once(open_widget, website):
    widget = open_widget(360, "en")
    page = widget.page
    page.context.set_offline(True)
    widget.get_by_role("button", name="Useful").first.click()
    widget.get_by_role("button", name="Not for us").last.click()
    expect(widget.get_by_role("status")).to_contain_text("is no longer on your list")
    assert page.evaluate(KEPT) == 2
    assert website.events() == []
    page.context.set_offline(False)
    assert [kind for kind, _, _ in website.wait_for_events(2, page)] == ["save", "dismiss"]


def test_what_was_told_survives_the_page(open_widget, website):
    widget = open_widget(360, "en")
    page = widget.page
    page.route(f"{website.api}/v1/events", lambda route: route.abort())
    widget.get_by_role("button", name="Useful").first.click()
    page.reload()
    assert page.evaluate(KEPT) == 1
    page.unroute(f"{website.api}/v1/events")
    page.reload()
    website.wait_for_events(1, page)


def test_an_event_whose_answer_is_lost_is_sent_again_and_counts_once(open_widget, website):
    widget = open_widget(360, "en")
    page, sent = widget.page, []

    def lose_the_first_answer(route, request):
        sent.append(json.loads(request.post_data)["events"][0]["id"])
        response = route.fetch()
        assert response.status == 200
        if len(sent) == 1:
            route.abort()
        else:
            route.fulfill(response=response)

    page.route(f"{website.api}/v1/events", lose_the_first_answer)
    widget.get_by_role("button", name="Useful").first.click()
    website.wait_for_events(1, page)
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_what_is_told_while_another_is_on_its_way_is_sent_too(open_widget, website):
    widget = open_widget(360, "en")
    widget.evaluate("""each => {
      for (const button of each.shadowRoot.querySelectorAll("[aria-pressed]")) button.click();
    }""")
    found = website.wait_for_events(3, widget.page)
    assert len({platform for _, platform, _ in found}) == 3


def test_an_event_that_is_refused_does_not_hold_up_the_others(open_widget, website):
    widget = open_widget(360, "en")
    page = widget.page
    page.evaluate(f"""() => localStorage.setItem("smedx-events", JSON.stringify([
      null, {{ api: "{website.api}", event: {{ id: "none", kind: "buy" }} }},
    ]))""")
    widget.get_by_role("button", name="Useful").first.click()
    website.wait_for_events(1, page)


def test_without_storage_it_works_all_the_same(open_widget, website):
    widget = open_widget(360, "en")
    page = widget.page
    page.evaluate("""() => {
      for (const name of ["getItem", "setItem"]) {
        Storage.prototype[name] = () => { throw new DOMException("no", "SecurityError"); };
      }
    }""")
    widget.get_by_role("button", name="Useful").first.click()
    website.wait_for_events(1, page)
