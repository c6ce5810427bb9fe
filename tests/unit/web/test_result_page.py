"""The result says where the business stands, listens, and can be deleted."""

import re

import pytest

from service.store import Store, StoreUnavailable
from tests.owners import CLINIC, GARMENT_EXPORTER, RESTAURANT, RICE_COOPERATIVE


@pytest.fixture
def result(visitor, restaurant):
    token, page = visitor.fill(restaurant)
    return token, page.text


def say(visitor, token, kind, card, **more):
    return visitor.post(f"/result/{token}/feedback", {"kind": kind, **card, **more})


def test_one_sentence_comes_first(result):
    _, page = result
    (heading,) = re.findall(r"<h1>(.*?)</h1>", page, re.S)
    assert "Hộ kinh doanh của bạn đang ở mức 1 trên 5: Khởi động, " in heading
    assert "Thang điểm của dự án, không phải thang điểm chính thức" in page


def test_a_verified_duty_that_is_not_met_is_what_to_do_first(result):
    _, page = result
    first = page.split('class="first"')[1].split("</section>")[0]
    assert "Xuất hoá đơn điện tử</h2>" in first
    assert "01/06/2025" in first


def test_an_unchecked_duty_leads_the_road_map_and_is_told_to_be_unchecked(visitor):
    _, answer = visitor.fill(CLINIC | {"platforms_in_use": []})
    first = answer.text.split('class="first"')[1].split("</section>")[0]
    assert "việc pháp luật yêu cầu" in first
    assert "Doanh nghiệp và hợp tác xã phải dùng hoá đơn điện tử" in first
    now = answer.text.split('class="phases"')[1].split("</ol>")[0]
    for part in (first, now):
        assert "01/07/2022" in part
        assert "chưa đối chiếu với văn bản pháp luật" in part


def test_the_first_thing_to_do_stands_unfolded_above_what_is_covered_and_says_why(visitor):
    exporter = GARMENT_EXPORTER | {"needs": ("paperless",)}
    for owner in (exporter, CLINIC, RESTAURANT):
        _, answer = visitor.fill(owner)
        seen, _, folded = answer.text.split('id="list"')[1].partition('<details class="rest">')
        first = answer.text.split('class="first"')[1].split("</section>")[0]
        (led,) = re.findall(r'href="[^"]*?(?:#platform-|/platforms/)([\w-]+)"', first)
        assert f'id="platform-{led}"' not in folded
        if f'id="platform-{led}"' not in seen.split('class="rank">2<')[0]:
            assert "số 1 trong danh sách" in first
        listed, _, covered = answer.text.partition("Đã có, không cần thay đổi")
        covered = covered.partition('class="phases"')[0]
        assert "không cần thay đổi nếu" not in listed
        assert covered.count("không cần thay đổi nếu") == covered.count('class="card"')
        assert bool(covered) is (owner == exporter)


def test_what_is_not_needed_is_not_counted(result):
    _, page = result
    assert "không tính điểm" in page
    assert "Không cần theo dõi nguyên liệu, không giao món" in page


def test_what_was_not_asked_is_no_gap(result):
    _, page = result
    picture = page.split('class="picture"')[1].split("</table>")[0]
    assert picture.count("Không hỏi với loại hình của bạn") == 3
    assert "Chưa trả lời" not in picture


def test_the_list_says_when_it_does_not_come_from_a_model(result):
    assert "Chưa có mô hình" in result[1]


def test_what_is_not_certain_is_marked(result):
    _, page = result
    assert "dự thảo, chưa thành luật" in page
    assert "theo báo chí, chưa xác nhận" in page
    assert "chưa đối chiếu với văn bản pháp luật" in page


def test_the_page_counts_what_was_left_out(result):
    assert re.search(r"Đã bỏ qua: \d+ nền tảng không dành cho nghề của bạn", result[1])


def test_a_dismissed_platform_goes_and_another_takes_its_place(visitor, result, card):
    token, page = result
    gone = card(page)
    answer = say(visitor, token, "dismiss", gone, reason="too_expensive")
    assert 'role="status"' in answer.text
    assert f'id="platform-{gone["platform_id"]}"' not in answer.text
    assert answer.text.count('class="card"') == page.count('class="card"') == 8
    assert "1 nền tảng bạn đã bỏ" in answer.text


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("dismiss", "Những gì bạn đã bỏ (1)"),
        ("adopt", "Những gì bạn cho biết đang dùng (1)"),
    ],
)
def test_what_was_said_can_be_taken_back_at_once_and_later(visitor, result, card, kind, title):
    token, page = result
    item = card(page)
    for part in ('class="status"', 'class="taken"'):
        answer = say(visitor, token, kind, card(visitor.get(f"/result/{token}").text))
        assert title in answer.text
        form = answer.text.split(part)[1].split("</form>")[0]
        assert 'value="withdraw"' in form
        back = card(form)
        assert back["platform_id"] == item["platform_id"]
        answer = say(visitor, token, "withdraw", back)
        assert f'id="platform-{item["platform_id"]}"' in answer.text
        assert title not in answer.text
        assert "Danh sách đã được cập nhật" not in answer.text


def test_what_is_said_to_be_in_use_is_ticked_among_the_answers_until_it_is_unticked(
    visitor, result, card
):
    token, page = result
    used = card(page)
    say(visitor, token, "adopt", used)
    ticked = rf'value="{used["platform_id"]}"[^>]* checked'
    assert re.search(ticked, visitor.get(f"/form/{token}/tools").text)
    visitor.answer(token, "tools", {})
    assert not re.search(ticked, visitor.get(f"/form/{token}/tools").text)
    assert f'id="platform-{used["platform_id"]}"' in visitor.confirm(token).text


def test_a_cooperative_is_told_its_rule(visitor):
    _, answer = visitor.fill(RICE_COOPERATIVE)
    rules = answer.text.split('id="duties-title"')[1].split("</section>")[0]
    assert "Doanh nghiệp và hợp tác xã phải dùng" in rules
    assert "Chúng tôi chưa biết quy định nào" not in rules


def test_no_change_is_needed_is_not_said_while_a_duty_is_open(visitor, result):
    token, page = result
    while cards := re.findall(r'id="platform-([\w-]+)"', page):
        (id_,) = set(re.findall(r'name="recommendation_id" value="([^"]+)"', page))
        for platform in cards:
            card = {"recommendation_id": id_, "platform_id": platform}
            page = say(visitor, token, "dismiss", card).text
    assert "Không còn gì để gợi ý" in page
    assert "Bạn không cần thay đổi gì" not in page
    assert "Nhưng còn quy định" in page


def test_a_dismissal_needs_no_reason(visitor, result, card):
    token, page = result
    assert say(visitor, token, "dismiss", card(page), reason="").status_code == 200


def test_an_adopted_platform_is_not_suggested_any_more(visitor, result, card):
    token, page = result
    used = card(page)
    answer = say(visitor, token, "adopt", used)
    assert f'id="platform-{used["platform_id"]}"' not in answer.text
    assert "Đã ghi nhận: bạn dùng" in answer.text


def test_a_form_sent_twice_counts_once(visitor, result, card):
    token, page = result
    before = visitor.count("events")
    for _ in range(3):
        assert say(visitor, token, "save", card(page)).status_code == 200
    assert visitor.count("events") == before + 1


def test_a_visit_is_counted_and_leads_to_the_website_of_the_catalogue(visitor, result, card):
    token, page = result
    before = visitor.count("events")
    answer = say(visitor, token, "click", card(page), website="https://evil.example")
    assert visitor.count("events") == before + 1
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    assert re.search(r'http-equiv="refresh" content="0; url=https://[\w./-]+"', answer.text)


def test_all_that_is_known_of_a_platform_leads_back_to_the_list(visitor, result, card):
    token, page = result
    id_ = card(page)["platform_id"]
    (path,) = {*re.findall(rf'href="/vi(/result/{token}/platforms/{id_})"', page)}
    told = visitor.get(path)
    assert f'href="/vi/result/{token}#platform-{id_}"' in told.text
    assert "Có hợp với tôi không?" not in told.text
    assert told.headers["cache-control"] == "no-store"
    assert token not in visitor.get(f"/platforms/{id_}").text
    assert visitor.get(f"/result/AAAAAAAAAAAAAAAAAAAAAA/platforms/{id_}").status_code == 404


def test_deletion_is_asked_for_once_more_and_then_complete(visitor, result, card):
    token, page = result
    say(visitor, token, "save", card(page))
    kept = {"profiles": "id", "drafts": "id", "exposures": "profile_id", "events": "profile_id"}

    def rows():
        return [visitor.count(table, **{column: token}) for table, column in kept.items()]

    question = visitor.get(f"/result/{token}/delete")
    assert question.status_code == 200
    assert all(rows())
    answer = visitor.post(f"/result/{token}/delete", {})
    assert "Đã xoá dữ liệu của bạn" in answer.text
    assert answer.history[0].headers["clear-site-data"] == '"cache", "storage"'
    assert not any(rows())
    assert visitor.get(f"/result/{token}").status_code == 404
    assert visitor.get(f"/form/{token}").status_code == 404


def test_a_database_that_does_not_answer_is_said_in_words(visitor, restaurant, monkeypatch):
    async def refuse(*_):
        raise StoreUnavailable("gone")

    token = visitor.begin()
    monkeypatch.setattr(Store, "answer_draft", refuse)
    answer = visitor.answer(token, "sector", restaurant)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "chưa được lưu" in answer.text
    monkeypatch.undo()
    assert visitor.answer(token, "sector", restaurant).status_code == 200
