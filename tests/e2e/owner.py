"""What a shop owner does on the pages, in the words of the questionnaire."""

from typing import NamedTuple

from playwright.sync_api import Page, expect

RESTAURANT_WORK = {
    "functions-market": {
        "sales": "paper",
        "finance": "paper",
        "customers": "not_done",
        "supply-chain": "not_applicable",
    },
    "functions-inside": {
        "people": "spreadsheet",
        "operations": "not_done",
        "documents": "paper",
        "infrastructure": "not_done",
    },
}


def tick(page: Page, name: str, value: str) -> None:
    """Tick an answer by its label, as a finger does."""
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()
    expect(page.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()


def go_on(page: Page) -> None:
    """Press the main button of a step."""
    page.locator('button[name="go"][value="next"]').click()


def agree(page: Page, service: str = "yes", improve: str = "yes") -> None:
    """Say what may be done with the answers, and open the result."""
    tick(page, "service", service)
    tick(page, "improve", improve)
    page.locator("main form button").click()


def describe_work(page: Page, work: dict[str, dict[str, str]]) -> None:
    """Answer both steps about the eight business functions."""
    for question, states in work.items():
        for function, state in states.items():
            tick(page, f"{question}-{function}", state)
        go_on(page)


class Owner(NamedTuple):
    """Answers to the whole questionnaire; `work` has the states of the eight functions."""

    legal_form: str
    sector: str
    province: str
    employees: str
    consumers: str
    work: dict[str, dict[str, str]]
    needs: tuple[str, ...]
    budget: str
    revenue: str = ""


def fill_in(page: Page, address: str, owner: Owner) -> None:
    """Answer the questionnaire in Vietnamese and open the result."""
    page.goto(f"{address}/vi/")
    page.get_by_role("button", name="Bắt đầu").click()
    tick(page, "legal-form", owner.legal_form)
    tick(page, "sector", owner.sector)
    go_on(page)
    page.get_by_label("tỉnh, thành phố nào").select_option(owner.province)
    page.get_by_label("Có bao nhiêu người làm việc?").fill(owner.employees)
    tick(page, "consumers", owner.consumers)
    go_on(page)
    page.get_by_label("Doanh thu năm gần nhất").fill(owner.revenue)
    go_on(page)
    describe_work(page, owner.work)
    go_on(page)
    for need in owner.needs:
        tick(page, "needs", need)
    tick(page, "budget", owner.budget)
    go_on(page)
    go_on(page)
    agree(page)
    expect(page.locator(".card").first).to_be_visible()
