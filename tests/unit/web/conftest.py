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
from tests.owners import AGREED, RESTAURANT, Answers


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

    def answer(self, token: str, step: str, answers: Answers, go: str = "next") -> httpx.Response:
        """Send one step; of the answers only those that it asks for count."""
        return self.post(f"/form/{token}/{step}", {**answers, "go": go})

    def answer_all(self, answers: Answers) -> tuple[str, httpx.Response]:
        """Fill the questionnaire; return its token and the page that asks for consent."""
        token = self.begin()
        page = self.get(f"/form/{token}")
        while not str(page.url).endswith("/check"):
            step = str(page.url).rsplit("/", 1)[1]
            page = self.answer(token, step, answers)
            assert page.status_code == 200, page.text
        page = self.confirm(token)
        assert str(page.url).endswith(f"/result/{token}/consent")
        return token, page

    def confirm(self, token: str) -> httpx.Response:
        """Say that the answers are right."""
        return self.post(f"/form/{token}/check", {})

    def fill(self, answers: Answers) -> tuple[str, httpx.Response]:
        """Fill the questionnaire and agree to everything; return its token and the result."""
        token, _ = self.answer_all(answers)
        return token, self.choose(token, **AGREED)

    def choose(self, token: str, **answers: str) -> httpx.Response:
        """Say what may be done with the answers."""
        return self.post(f"/result/{token}/consent", answers)

    def count(self, table: str, **columns: str) -> int:
        """Return how many rows of a table have these values, once what is queued is stored."""
        self.client.get("/health/ready")
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
def restaurant() -> Answers:
    return RESTAURANT


@pytest.fixture
def card():
    return first_card
