"""Wrong and missing answers, going back, and going on with it on another phone."""

from playwright.sync_api import expect

from tests.e2e.owner import RESTAURANT_WORK, agree, describe_work, go_on, tick


def test_wrong_and_missing_answers_are_mended_where_they_stand(address, phone):
    page = phone(360, scripts=True)
    page.goto(f"{address}/vi/")
    page.get_by_role("button", name="Bắt đầu").click()
    go_on(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    tick(page, "legal-form", "enterprise")
    tick(page, "sector", "C")
    go_on(page)

    page.get_by_label("Có bao nhiêu người làm việc?").fill("chừng 2,5")
    go_on(page)
    link = page.get_by_role("alert").get_by_role("link", name="Có bao nhiêu người làm việc?")
    link.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Có bao nhiêu người làm việc?")
    expect(field).to_be_focused()
    expect(field).to_have_value("chừng 2,5")
    field.fill("120")
    page.get_by_label("tỉnh, thành phố nào").select_option("79")
    tick(page, "consumers", "no")
    field.press("Enter")

    expect(page.get_by_text("Bước 3 trên 8")).to_be_visible()
    page.get_by_label("Doanh thu năm gần nhất").fill("1.500")
    page.get_by_label("Tổng nguồn vốn").fill("400")
    go_on(page)
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    page.get_by_label("Doanh thu năm gần nhất").fill("150 tỷ")
    page.get_by_label("Tổng nguồn vốn").fill("40 tỷ")
    go_on(page)
    expect(page.get_by_text("Bước 4 trên 8")).to_be_visible()


def test_going_back_loses_nothing_and_the_link_goes_on_elsewhere(address, phone):
    page = phone(360)
    page.goto(f"{address}/vi/")
    page.get_by_role("button", name="Bắt đầu").click()
    tick(page, "legal-form", "cooperative")
    page.locator("summary", has_text="Nghề khác").click()
    tick(page, "sector", "A")
    go_on(page)
    page.get_by_label("Có bao nhiêu người làm việc?").fill("35")
    page.get_by_role("button", name="Quay lại").click()
    expect(page.locator('input[name="sector"][value="A"]')).to_be_visible()
    expect(page.locator('input[name="sector"][value="A"]')).to_be_checked()
    go_on(page)
    expect(page.get_by_label("Có bao nhiêu người làm việc?")).to_have_value("35")
    page.locator("summary", has_text="Làm tiếp lúc khác").click()
    link = page.locator("a.keep").inner_text()

    other = phone(360)
    other.goto(link)
    expect(other.get_by_text("Bước 2 trên 8")).to_be_visible()
    expect(other.get_by_label("Có bao nhiêu người làm việc?")).to_have_value("35")
    other.get_by_label("tỉnh, thành phố nào").select_option("An Giang (gồm Kiên Giang)")
    tick(other, "consumers", "no")
    go_on(other)
    go_on(other)
    describe_work(other, RESTAURANT_WORK)
    for _ in range(3):
        go_on(other)
    agree(other)
    expect(other.locator("h1")).to_contain_text("Hợp tác xã của bạn đang ở mức")


def test_a_page_sent_twice_does_no_harm(address, phone):
    page = phone(360)
    page.goto(f"{address}/vi/")
    page.get_by_role("button", name="Bắt đầu").click()
    tick(page, "legal-form", "household")
    tick(page, "sector", "G")
    go_on(page)
    expect(page.get_by_text("Bước 2 trên 8")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Bước 1 trên 8")).to_be_visible()
    go_on(page)
    expect(page.get_by_text("Bước 2 trên 8")).to_be_visible()
