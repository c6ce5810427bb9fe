"""What a shop owner does on the pages, in the words of the questionnaire."""

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


def describe_work(page: Page, work: dict[str, dict[str, str]]) -> None:
    """Answer both steps about the eight business functions."""
    for question, states in work.items():
        for function, state in states.items():
            tick(page, f"{question}-{function}", state)
        go_on(page)
