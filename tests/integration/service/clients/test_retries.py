"""What may be sent again is, when the service asks for it; and an event keeps its id."""

import inspect
import json
import socket

import pytest
from smedx_client import AsyncClient, Busy, Client, Invalid, UnexpectedAnswer, Unreachable
from smedx_client import models as wire

pytestmark = pytest.mark.anyio

HEALTH = {"status": "live", "model": "none"}
STORED = {"stored": ["an-event"]}
BUSY = {"status": 503, "title": "Nothing can be stored or read at the moment"}
EVENTS = wire.EventBatch(events=(wire.Event(kind="view", platform_id="sapo"),))


@pytest.fixture(autouse=True)
def _pauses(monkeypatch):
    """Begin with pauses of a millisecond."""
    monkeypatch.setattr("smedx_client.transport.FIRST_PAUSE_SECONDS", 0.001)


@pytest.fixture(params=[Client, AsyncClient])
def call(request, stand_in):
    async def now(name, *given, **options):
        client = request.param(stand_in.url, "a key", **options)
        answer = getattr(client, name)(*given)
        answer = await answer if inspect.isawaitable(answer) else answer
        closing = client.close()
        if inspect.isawaitable(closing):
            await closing
        return answer

    return now


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_service_is_asked_again(call, stand_in, told, status):
    stand_in.tell(told(status, {"Retry-After": "0"}, BUSY), told(status), told(200, {}, STORED))
    assert (await call("record_events", EVENTS)).stored == ("an-event",)
    bodies = {body for *_, body in stand_in.asked}
    assert len(stand_in.asked) == 3
    assert len(bodies) == 1, "the ids are the same"
    assert json.loads(bodies.pop())["events"][0]["id"] == EVENTS.events[0].id


async def test_it_waits_as_long_as_it_is_asked_to_but_not_for_ever(call, stand_in, told):
    stand_in.tell(told(429, {"Retry-After": "1"}), told(200, {}, HEALTH))
    assert (await call("live")).status == "live"
    stand_in.tell(told(503, {"Retry-After": "3600"}, BUSY))
    with pytest.raises(Busy) as caught:
        await call("live")
    assert caught.value.retry_after == 3600
    assert caught.value.problem.title == BUSY["title"]


async def test_it_gives_up_after_some_tries(call, stand_in, told):
    stand_in.tell(*[told(503, {}, BUSY)] * 5)
    with pytest.raises(Busy):
        await call("live", retries=2)
    assert len(stand_in.asked) == 3


async def test_what_would_be_stored_twice_is_not_sent_again(call, stand_in, told):
    profile = wire.BusinessProfile(
        legal_form="household", sector="I", employees=1, province="48", sells_to_consumers=True
    )
    stand_in.tell(told(503, {"Retry-After": "0"}, BUSY))
    with pytest.raises(Busy):
        await call("create_profile", profile)
    stand_in.tell(told(0))
    with pytest.raises(Unreachable):
        await call("create_profile", profile)
    assert len(stand_in.asked) == 2


async def test_what_is_wrong_is_not_sent_again(call, stand_in, told):
    stand_in.tell(told(422, {}, {"status": 422, "title": "Wrong", "unknown": 1}))
    with pytest.raises(Invalid, match="422 Wrong"):
        await call("record_events", EVENTS)
    assert len(stand_in.asked) == 1


async def test_a_connection_that_breaks_is_made_again(call, stand_in, told):
    stand_in.tell(told(0), told(200, {}, HEALTH))
    assert (await call("live")).model == "none"


async def test_readiness_that_is_told_is_an_answer(call, stand_in, told):
    stand_in.tell(told(503, {}, HEALTH | {"problems": ["database: gone"]}))
    assert (await call("ready")).problems == ("database: gone",)


async def test_whoever_does_not_answer_is_named(call, stand_in):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        client = Client(f"http://127.0.0.1:{nobody.getsockname()[1]}", retries=1)
        with pytest.raises(Unreachable, match="GET /health/live"):
            client.live()


async def test_another_service_is_noticed(call, stand_in, told):
    stand_in.tell(told(200, {}, ["something", "else"]))
    with pytest.raises(UnexpectedAnswer, match="/health/live"):
        await call("live")


async def test_fields_that_are_new_are_no_trouble(call, stand_in, told):
    stand_in.tell(told(200, {}, HEALTH | {"new": {"field": 1}}))
    assert (await call("live")).status == "live"


async def test_what_has_not_changed_is_not_sent_again(stand_in, told):
    client = Client(stand_in.url)
    stand_in.tell(told(200, {"ETag": '"1"'}, HEALTH), told(304, {"ETag": '"1"'}))
    assert client.live() == client.live()
    assert stand_in.asked[0][2].get("if-none-match") is None
    assert stand_in.asked[1][2]["if-none-match"] == '"1"'


async def test_what_ends_is_warned_of(call, stand_in, told):
    ends = {"Deprecation": "@1798761600", "Sunset": "Thu, 01 Jul 2027 00:30:00 GMT"}
    stand_in.tell(told(200, ends, HEALTH))
    with pytest.warns(DeprecationWarning, match="GET /health/live ends: Thu, 01 Jul 2027"):
        await call("live")


async def test_only_what_was_chosen_is_sent(call, stand_in, told):
    stand_in.tell(told(500, {}, {"status": 500, "title": "Stop"}))
    with pytest.raises(Exception, match="Stop"):
        await call("recommend", wire.RecommendationRequest(profile_id="a-business", n=3))
    (method, path, headers, body) = stand_in.asked[0]
    assert (method, path) == ("POST", "/v1/recommendations")
    assert json.loads(body) == {"profile_id": "a-business", "n": 3}
    assert headers["authorization"] == "Bearer a key"
    assert headers["content-type"] == "application/json"
