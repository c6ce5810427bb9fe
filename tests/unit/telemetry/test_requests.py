"""What is noted of a request, whoever answers it and however that ends."""

import itertools
import logging
import re

import pytest
from prometheus_client import REGISTRY

from service.telemetry.current import CURRENT
from service.telemetry.requests import Observed

NAMES = itertools.count()
UUID = "0192f0c4-aaaa-7000-8000-00000000000A"


@pytest.fixture
def route() -> str:
    """A route that no other test counts."""
    return f"/test-{next(NAMES)}/{{id}}"


async def call(app, route=None, *, method="GET", headers=(), received="http.request"):
    """Send a request; return the answer's start, or None if there was none."""
    sent = []

    async def receive():
        return {"type": received, "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/zq7", "headers": list(headers)}

    async def routed(scope, receive, send):
        if route is not None:
            scope["path_template"] = route
        await app(scope, receive, send)

    await Observed(routed, access_log=True)(scope, receive, send)
    return sent[0] if sent else None


def answering(status):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b""})

    return app


def counted(route, **labels):
    found = REGISTRY.get_sample_value("smedx_requests_total", {"route": route, **labels})
    return found or 0


def id_of(start):
    (found,) = [value.decode() for name, value in start["headers"] if name == b"x-request-id"]
    return found


@pytest.mark.anyio
@pytest.mark.parametrize("sent", [UUID, UUID.lower(), "0123456789abcdef" * 2])
async def test_the_id_of_a_caller_is_kept_where_it_is_one(sent):
    start = await call(answering(200), headers=[(b"x-request-id", sent.encode())])
    assert id_of(start) == sent
    assert (b"a", b"b") in start["headers"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"0912345678",
        b"nguyen-van-a@example.vn",
        b"n" * 32,
        b"vtrOTLfHQ1RSSPBT18Y86Q",
        b"0123456789abcdef" * 3,
        b"0123456789abcdef0123456789abcdef\n",
        "ộ".encode() * 32,
    ],
)
async def test_what_might_be_about_somebody_is_no_id(sent):
    first, second = [
        id_of(await call(answering(200), headers=[(b"x-request-id", sent)])) for _ in range(2)
    ]
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert re.fullmatch(r"[0-9a-f]{32}", second)
    assert first != second


@pytest.mark.anyio
async def test_an_answer_is_counted_and_timed_under_its_route(route, caplog):
    caplog.set_level(logging.INFO)
    await call(answering(201), route, method="POST")
    assert counted(route, method="POST", status="201") == 1
    assert REGISTRY.get_sample_value("smedx_request_seconds_count", {"route": route}) == 1
    (line,) = [each for each in caplog.records if each.message == "answered"]
    assert (line.status, line.duration_ms > 0) == (201, True)


@pytest.mark.anyio
async def test_what_no_handler_is_for_and_methods_of_all_kinds_are_counted_together():
    before = counted("unknown", method="other", status="404")
    for method in ("BREW", "ZQ7"):
        await call(answering(404), method=method)
    assert counted("unknown", method="other", status="404") == before + 2


@pytest.mark.anyio
async def test_what_fails_without_an_answer_is_counted_as_500(route):
    async def failing(scope, receive, send):
        raise RuntimeError("of the business zq7")

    with pytest.raises(RuntimeError):
        await call(failing, route)
    assert counted(route, method="GET", status="500") == 1
    assert CURRENT.get() is None


@pytest.mark.anyio
async def test_who_goes_away_before_the_answer_is_no_failure_of_ours(route):
    async def disappointed(scope, receive, send):
        await receive()
        await answering(500)(scope, receive, send)

    await call(disappointed, route, received="http.disconnect")
    assert counted(route, method="GET", status="499") == 1
    assert counted(route, method="GET", status="500") == 0


@pytest.mark.anyio
async def test_who_goes_away_after_the_answer_was_answered(route):
    async def app(scope, receive, send):
        await answering(200)(scope, receive, send)
        await receive()

    await call(app, route, received="http.disconnect")
    assert counted(route, method="GET", status="200") == 1
