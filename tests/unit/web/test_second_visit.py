"""Who comes back on another day sees what has changed, and is asked about what was chosen."""

import datetime as dt
import re
import sqlite3
import time

import pytest

from service.recommend import VIETNAM


@pytest.fixture
def result(visitor, restaurant):
    token, page = visitor.fill(restaurant)
    return token, page.text


def put_back(visitor, token, days=1):
    """Let everything that was shown and said have happened some days ago."""
    while not visitor.count("exposures", profile_id=token):
        time.sleep(0.01)  # the answer did not wait for it
    with sqlite3.connect(visitor.database) as connection:
        for table in ("exposures", "events"):
            rows = connection.execute(
                f"SELECT id, at FROM {table} WHERE profile_id = ?", [token]
            ).fetchall()
            for id_, at in rows:
                before = dt.datetime.fromisoformat(at) - dt.timedelta(days=days)
                connection.execute(
                    f"UPDATE {table} SET at = ? WHERE id = ?", [before.isoformat(" "), id_]
                )


def since_of(page):
    found = re.search(r'class="since".*?</section>', page, re.S)
    return found[0] if found else None


def test_the_first_day_has_nothing_to_compare_with(visitor, result):
    token, page = result
    assert since_of(page) is None
    assert since_of(visitor.get(f"/result/{token}").text) is None


def test_another_day_says_that_nothing_has_changed(visitor, result):
    token, _ = result
    put_back(visitor, token)
    found = since_of(visitor.get(f"/result/{token}").text)
    day = dt.datetime.now(VIETNAM) - dt.timedelta(days=1)
    assert f"Từ lần xem trước, ngày {day:%d/%m/%Y}" in found
    assert "Không có gì thay đổi." in found


def test_what_came_and_went_and_the_points_are_told(visitor, result):
    token, page = result
    put_back(visitor, token)
    first = re.search(r'<span class="rank">1</span> (.*?)</h3>', page)[1]
    (gone,) = re.findall(r'id="platform-([\w-]+)"', page)[:1]
    event = {"kind": "dismiss", "platform_id": gone, "reason": ""}
    (recommendation,) = set(re.findall(r'name="recommendation_id" value="([^"]+)"', page))
    visitor.post(f"/result/{token}/feedback", event | {"recommendation_id": recommendation})
    with sqlite3.connect(visitor.database) as connection:  # as the questionnaire stores it
        (profile,) = connection.execute(
            "SELECT profile FROM profiles WHERE id = ?", [token]
        ).fetchone()
        connection.execute(
            "UPDATE profiles SET profile = ? WHERE id = ?",
            [profile.replace('"sales":"paper"', '"sales":"linked_tool"'), token],
        )
    found = since_of(visitor.get(f"/result/{token}").text)
    before, now = map(int, re.search(r"Điểm của bạn: từ (\d+) thành (\d+)\.", found).groups())
    assert before < now
    assert f"Không còn trong danh sách: {first}" in found
    assert "Mới vào danh sách: " in found


def test_what_was_chosen_is_asked_about_until_it_is_decided(visitor, result, card):
    token, page = result
    chosen = card(page)
    visitor.post(f"/result/{token}/feedback", {"kind": "save", **chosen})
    assert since_of(visitor.get(f"/result/{token}").text) is None
    put_back(visitor, token)
    found = since_of(visitor.get(f"/result/{token}").text)
    assert "Lần trước bạn đã xem" in found
    again = card(found)
    assert again["platform_id"] == chosen["platform_id"]

    visitor.post(f"/result/{token}/feedback", {"kind": "trial", **again})
    assert "Lần trước bạn đã xem" not in since_of(visitor.get(f"/result/{token}").text)
    put_back(visitor, token)
    assert "Lần trước bạn đã xem" in since_of(visitor.get(f"/result/{token}").text)
    visitor.post(f"/result/{token}/feedback", {"kind": "adopt", **again})
    assert "Lần trước bạn đã xem" not in since_of(visitor.get(f"/result/{token}").text)


def test_what_is_useful_stays_marked(visitor, result, card):
    token, page = result
    assert 'aria-pressed="true"' not in page
    answer = visitor.post(f"/result/{token}/feedback", {"kind": "save", **card(page)})
    assert answer.text.count('aria-pressed="true"') == 1
