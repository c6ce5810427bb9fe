"""The loop closes: what an owner does is kept, learned from, and seen in the next answer."""

import sqlite3
import time
from contextlib import closing

import httpx
from playwright.sync_api import expect

from tests.e2e.owner import fill_in
from tests.owners import RESTAURANT


def stored_events(installation, profile_id):
    with closing(sqlite3.connect(installation.database)) as database:
        return database.execute(
            "SELECT kind, platform_id, reason FROM events WHERE profile_id = ?", [profile_id]
        ).fetchall()


def model_in_service(installation):
    return httpx.get(f"{installation.address}/health/ready").json()["model"]


def wait_for_another_model(installation, before):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if (now := model_in_service(installation)) != before:
            return now
        time.sleep(0.1)
    raise AssertionError(f"{before} is still in service")


def test_feedback_is_kept_and_learned_from_while_the_service_runs(installation, phone):
    page = phone(360)
    fill_in(page, installation.address, RESTAURANT)
    ours = page.url
    profile_id = ours.rsplit("/", 1)[1]
    first_kinds = page.locator(".card h3 + p").all_inner_texts()[:5]
    assert any("Bán hàng tại quầy (ăn uống)" in kind for kind in first_kinds)

    page.locator(".card").first.locator("summary", has_text="Xem thêm").click()
    page.locator(".card").first.get_by_role("button", name="Xem trang web").click()
    page.wait_for_url("https://**")
    page.goto(ours)
    card = page.locator(".card").nth(1)
    dismissed = card.locator("h3").inner_text().split(maxsplit=1)[1]
    card.locator("summary", has_text="Không hợp").click()
    card.get_by_label("Vì sao không hợp?").select_option("Giá cao quá")
    card.get_by_role("button", name="Bỏ khỏi danh sách").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ")
    page.locator(".card").nth(0).get_by_role("button", name="Đang dùng").click()
    expect(page.get_by_role("status")).to_be_visible()

    kept = stored_events(installation, profile_id)
    assert sorted(kind for kind, _, _ in kept) == ["adopt", "click", "dismiss"]
    assert [reason for kind, _, reason in kept if kind == "dismiss"] == ["too_expensive"]

    before = model_in_service(installation)
    installation.smedx("train")
    after = wait_for_another_model(installation, before)

    page.goto(ours)
    assert dismissed not in " ".join(page.locator(".card h3").all_text_contents())
    answer = httpx.post(
        f"{installation.address}/v1/recommendations", json={"profile_id": profile_id, "n": 50}
    ).json()
    assert answer["model"]["version"] == after
    assert answer["model"]["simulated_share"] < 1
    assert answer["excluded"]["dismissed"] == 1
    shown = {item["platform"]["id"] for item in answer["items"]}
    assert not shown & {platform for kind, platform, _ in kept if kind in ("adopt", "dismiss")}
