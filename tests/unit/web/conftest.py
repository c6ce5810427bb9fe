"""A service with an empty database and no model, and a shop owner who fills the questionnaire."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from service.app import create_app
from service.settings import Settings

RESTAURANT = {
    "who": {"legal-form": "household", "sector": "I56"},
    "place-people": {"province": "48", "employees": "6", "consumers": "yes"},
    "money": {"revenue": "1,5 tỷ"},
    "work-1": {
        "functions-market-sales": "paper",
        "functions-market-finance": "paper",
        "functions-market-customers": "not_done",
        "functions-market-supply-chain": "not_applicable",
    },
    "work-2": {
        "functions-inside-people": "spreadsheet",
        "functions-inside-operations": "not_done",
        "functions-inside-documents": "paper",
        "functions-inside-infrastructure": "not_done",
    },
    "plans": {"security": "passwords"},
    "needs-budget": {"needs": ["invoices-tax", "shop-floor"], "budget": "under_200k"},
    "tools": {},
}


@dataclass
class Visitor:
    """Somebody with a browser that runs no scripts."""

    client: TestClient[Any]
    database: Path
    language: str = "vi"

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(f"/{self.language}{path}", **options)

    def post(self, path: str, form: dict[str, Any], **options: Any) -> httpx.Response:
        return self.client.post(f"/{self.language}{path}", data=form, **options)

    def begin(self) -> str:
        """Start a questionnaire; return its token."""
        answer = self.post("/start", {}, follow_redirects=False)
        assert answer.status_code == 303
        return answer.headers["location"].split("/")[3]

    def fill(self, answers: dict[str, dict[str, Any]]) -> tuple[str, httpx.Response]:
        """Fill the questionnaire and agree to everything; return its token and the result."""
        token = self.begin()
        page = None
        for step, form in answers.items():
            page = self.post(f"/form/{token}/{step}", {**form, "go": "next"})
        assert page is not None
        assert str(page.url).endswith(f"/result/{token}/consent")
        return token, self.choose(token, service="yes", improve="yes")

    def choose(self, token: str, **answers: str) -> httpx.Response:
        """Say what may be done with the answers."""
        return self.post(f"/result/{token}/consent", answers)

    def count(self, table: str, **columns: str) -> int:
        """Return how many rows of a table have these values."""
        where = " AND ".join(f"{column} = ?" for column in columns) or "TRUE"
        with sqlite3.connect(self.database) as connection:
            query = f"SELECT count(*) FROM {table} WHERE {where}"
            (number,) = connection.execute(query, tuple(columns.values())).fetchone()
        return int(number)


def first_card(html: str) -> dict[str, str]:
    """Return what the form below the first suggestion sends."""
    fields = re.findall(r'name="(recommendation_id|platform_id)" value="([^"]+)"', html)
    return dict(fields[:2])


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[tuple[TestClient[Any], Path]]:
    folder = tmp_path_factory.mktemp("service")
    database = folder / "smedx.sqlite3"
    settings = Settings(
        database_url=f"sqlite:///{database}",
        models_dir=folder / "models",
        forms_a_minute=1_000_000,  # the tests come from one address
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client, database


@pytest.fixture
def visitor(service) -> Visitor:
    client, database = service
    return Visitor(client, database)


@pytest.fixture
def restaurant() -> dict[str, dict[str, Any]]:
    return {step: dict(form) for step, form in RESTAURANT.items()}


@pytest.fixture
def card():
    return first_card
