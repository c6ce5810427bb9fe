"""An operation that ends says so in every answer, and in the document (RFC 9745, RFC 8594)."""

import datetime as dt

import pytest
from litestar import Litestar, get
from litestar.params import FromQuery
from litestar.testing import TestClient

from service.access.headers import add_headers
from service.access.retirement import NOTICE, Retirement
from service.access.scopes import needs

SINCE = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
SUNSET = dt.datetime(2027, 7, 1, 7, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
ENDS = Retirement(SINCE, SUNSET, "https://www.example.vn/changes#old")


@get("/old", sync_to_thread=False, operation_id="old", **needs("recommend", ends=ENDS))
def old(fail: FromQuery[bool] = False) -> str:
    """Answer as long as it lasts."""
    return "still here"


@get("/new", sync_to_thread=False, operation_id="new", **needs("recommend"))
def new() -> str:
    """Answer."""
    return "here"


@pytest.fixture
def client():
    with TestClient(Litestar([old, new], before_send=[add_headers])) as client:
        yield client


@pytest.mark.parametrize(("path", "status"), [("/old", 200), ("/old?fail=perhaps", 400)])
def test_every_answer_of_what_ends_says_since_when_and_until_when(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["Deprecation"] == "@1798761600"
    assert answer.headers["Sunset"] == "Thu, 01 Jul 2027 00:30:00 GMT"
    assert answer.headers["Link"] == '<https://www.example.vn/changes#old>; rel="deprecation"'


def test_what_does_not_end_says_nothing(client):
    for path in ("/new", "/nowhere"):
        assert not {"deprecation", "sunset", "link"} & set(client.get(path).headers)


def test_the_document_calls_it_deprecated(client):
    paths = client.app.openapi_schema.to_schema()["paths"]
    assert paths["/old"]["get"]["deprecated"] is True
    assert paths["/new"]["get"]["deprecated"] is False


def test_nothing_ends_sooner_than_promised():
    assert NOTICE.days == 180
    with pytest.raises(ValueError, match="at least 180 days"):
        Retirement(SINCE, SINCE + dt.timedelta(days=179), "https://www.example.vn")
