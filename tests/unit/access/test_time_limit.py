"""What the time limit does where it can answer nothing, or nothing of it is meant."""

import asyncio
from types import SimpleNamespace

import pytest
from litestar.plugins.problem_details import ProblemDetailsException

from service.access.time_limit import TimeLimit


def handle(app, seconds=0.05, receive=None):
    """Run an application under the limit; return what it sent."""
    sent = []

    async def send(message):
        sent.append(message["type"])

    handler = SimpleNamespace(opt={"seconds": seconds})
    scope = {"type": "http", "method": "POST", "path": "/", "route_handler": handler}
    asyncio.run(TimeLimit()(app)(scope, receive, send))
    return sent


async def hang(scope, receive, send):
    await asyncio.Event().wait()


def test_a_handler_that_hangs_is_503_and_a_body_that_does_is_408():
    async def nothing_comes():
        await asyncio.Event().wait()

    async def read(scope, receive, send):
        await receive()

    with pytest.raises(ProblemDetailsException) as error:
        handle(hang)
    assert error.value.status_code == 503
    with pytest.raises(ProblemDetailsException) as error:
        handle(read, receive=nothing_comes)
    assert error.value.status_code == 408


def test_an_answer_that_nobody_reads_is_left_as_it_is():
    async def begin_and_hang(scope, receive, send):
        await send({"type": "http.response.start"})
        await hang(scope, receive, send)

    assert handle(begin_and_hang) == ["http.response.start"]


def test_a_handler_may_time_out_by_itself():
    async def give_up(scope, receive, send):
        raise TimeoutError("the other side")

    with pytest.raises(TimeoutError, match="the other side"):
        handle(give_up, seconds=60)


def test_who_is_quick_is_left_alone():
    async def answer(scope, receive, send):
        await send({"type": "http.response.start"})

    assert handle(answer) == ["http.response.start"]
