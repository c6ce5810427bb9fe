"""A volunteer's round: what is begun twice counts once, what was handed over is closed."""

import re
import sqlite3

import pytest

from service.web.tokens import TOKEN, lent_token, new_lent_token, new_token
from tests.owners import AGREED, FARM


@pytest.fixture
def round_url(visitor):
    return visitor.post("/help", {}, follow_redirects=False).headers["location"].removeprefix("/vi")


def begin_next(visitor, round_url):
    """Begin a business; return its lent address."""
    (address,) = re.findall(r'name="address" value="([^"]+)"', visitor.get(round_url).text)
    visitor.post(round_url, {"address": address})
    return address


def receipt_of(visitor, lent):
    """Return where the owner takes it over, as it is shown to be handed over."""
    (link,) = re.findall(r"(/receive/[\w-]{22})</p>", visitor.get(f"/hand-over/{lent}").text)
    return link


def take(visitor, link, page=None):
    """Press the button below a link, on a page that was opened or is opened now."""
    shown = page or visitor.get(link).text
    (taken_by,) = re.findall(r'name="taken_by" value="([^"]+)"', shown)
    return visitor.post(link, {"taken_by": taken_by})


def owner_of(visitor, lent):
    """Return the owner's own address, which no page of the volunteer tells."""
    with sqlite3.connect(visitor.database) as connection:
        query = "SELECT draft_id FROM lendings WHERE id = ?"
        return connection.execute(query, (lent,)).fetchone()[0]


def test_addresses_tell_whether_they_are_lent():
    lent, own = new_lent_token(), new_token()
    assert TOKEN.fullmatch(lent)
    assert TOKEN.fullmatch(own)
    assert lent_token(f"/vi/form/{lent}/sector") == lent
    assert lent_token(f"/vi/form/{own}/sector") == lent_token(f"/vi/form/x{lent}") == ""


def test_no_page_of_a_volunteer_leads_to_the_address_of_the_owner(visitor, round_url):
    lent = begin_next(visitor, round_url)
    owner = owner_of(visitor, lent)
    assert owner != lent
    page = visitor.get(f"/form/{lent}")
    while not str(page.url).endswith("/check"):
        assert owner not in page.text + str(page.url)
        page = visitor.answer(lent, str(page.url).rsplit("/", 1)[1], FARM)
    for shown in (page, visitor.confirm(lent), visitor.choose(lent, **AGREED)):
        page = shown
        assert owner not in page.text + str(page.url)
        assert "/lent-" in str(page.url)
    assert f'href="/vi/hand-over/{lent}"' in page.text
    assert "/export" not in page.text  # a file would stay on this phone
    assert visitor.get(f"/result/{owner}").status_code == 200
    hand_over = visitor.get(f"/result/{lent}/export")
    assert str(hand_over.url).endswith(f"/hand-over/{lent}")
    assert owner not in hand_over.text
    assert owner not in visitor.get(receipt_of(visitor, lent)).text
    assert receipt_of(visitor, lent) == receipt_of(visitor, lent)  # the one that was shown or sent


def test_the_owner_takes_it_over_once_and_for_good(visitor, round_url):
    lent = begin_next(visitor, round_url)
    owner, link = owner_of(visitor, lent), receipt_of(visitor, lent)
    page, another = (visitor.get(link).text for _ in range(2))  # a preview uses nothing up
    for _ in range(2):  # sent again as no answer came
        taken = take(visitor, link, page)
        assert str(taken.url).endswith(f"/form/{owner}/later?received=1")
        assert f"/vi/form/{owner}</p>" in taken.text
    for gone in (visitor.get(link), take(visitor, link, another), visitor.post(link, {})):
        assert gone.status_code == 404
        assert "Liên kết này đã dùng rồi hoặc đã hết hạn" in gone.text
        assert owner not in gone.text
    assert visitor.get(f"/form/{lent}").status_code == 404
    answer = visitor.post(f"/hand-over/{lent}", {}, follow_redirects=False)
    assert answer.headers["location"] == f"/vi{round_url}?done=1"


def test_who_closes_before_the_owner_has_taken_it_is_told_so_and_may(visitor, round_url):
    lent = begin_next(visitor, round_url)
    link = receipt_of(visitor, lent)
    warned = visitor.post(f"/hand-over/{lent}", {})
    assert "Chủ cơ sở chưa nhận" in warned.text
    assert link in warned.text
    assert "Đã giao lại" in visitor.post(f"/hand-over/{lent}", {"unopened": "1"}).text
    assert take(visitor, link).status_code == 200


def test_businesses_that_are_still_open_are_told_apart_and_handed_over_ones_not(visitor, round_url):
    first, second = (begin_next(visitor, round_url) for _ in range(2))
    for lent, province in ((first, "92"), (second, "91")):
        for step, told in (
            ("legal-form", FARM),
            ("sector", FARM),
            ("province", {"province": province}),
        ):
            visitor.answer(lent, step, told)
    page = visitor.get(round_url).text
    for lent, place in ((first, "Cần Thơ"), (second, "An Giang")):
        (entry,) = (each for each in page.split("<li>") if lent in each)
        assert place in entry
        assert "Hộ kinh doanh" in entry
    visitor.post(f"/hand-over/{first}", {"unopened": "1"})
    assert "Cần Thơ" not in visitor.get(round_url).text


def test_after_the_hand_over_nothing_is_open_on_the_phone_of_the_volunteer(visitor, round_url):
    lent = begin_next(visitor, round_url)
    owner = owner_of(visitor, lent)
    answer = visitor.post(f"/hand-over/{lent}", {"unopened": "1"}, follow_redirects=False)
    assert answer.headers["location"] == f"/vi{round_url}?done=1"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    for path in ("form", "result", "hand-over"):
        closed = visitor.get(f"/{path}/{lent}")
        assert closed.status_code == 404
        assert "Điện thoại này không còn mở được cơ sở đó" in closed.text
    assert visitor.answer(lent, "legal-form", FARM).status_code == 404
    page = visitor.get(round_url).text
    assert "đã giao lại lúc" in page
    assert lent not in page
    assert owner not in page
    assert visitor.get(f"/form/{owner}").status_code == 200


def test_a_hand_over_sent_twice_is_one(visitor, round_url):
    lent = begin_next(visitor, round_url)
    pages = [visitor.post(f"/hand-over/{lent}", {"unopened": "1"}) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[1].text.count("đã giao lại lúc") == 1


def test_a_business_sent_twice_is_one(visitor, round_url):
    form = {"address": new_lent_token()}
    places = [visitor.post(round_url, form, follow_redirects=False) for _ in range(2)]
    assert {place.headers["location"] for place in places} == {f"/vi/form/{form['address']}"}
    assert visitor.get(round_url).text.count("bắt đầu lúc") == 1


def test_rounds_see_nothing_of_each_other(visitor, round_url):
    lent = begin_next(visitor, round_url)
    assert lent in visitor.get(round_url).text
    assert lent not in visitor.get(f"/help/{new_token()}").text


@pytest.mark.parametrize("address", ["", "lent-", "x" * 22, "lent-" + "x" * 23, "../form"])
def test_an_address_that_no_page_of_ours_gave_out_is_refused(visitor, round_url, address):
    assert visitor.post(round_url, {"address": address}).status_code == 400
    assert "bắt đầu lúc" not in visitor.get(round_url).text


@pytest.mark.parametrize("path", ["/help/short", f"/help/lent-{22 * 'x'}", "/hand-over/short"])
def test_an_unknown_round_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, {"address": new_lent_token()}).status_code == 404


def test_an_owner_asked_to_hand_over_keeps_the_own_link(visitor):
    token = visitor.begin()
    assert str(visitor.get(f"/hand-over/{token}").url).endswith(f"/form/{token}/later")


def test_a_volunteer_is_recorded_as_who_ticked(visitor, round_url):
    lent = begin_next(visitor, round_url)
    owner = owner_of(visitor, lent)
    page = visitor.get(f"/form/{lent}")
    while not str(page.url).endswith("/check"):
        page = visitor.answer(lent, str(page.url).rsplit("/", 1)[1], FARM)
    visitor.choose(lent, **AGREED)
    held = visitor.get(f"/result/{owner}/export").json()
    assert {each["how"] for each in held["consents"]} == {"volunteer"}
