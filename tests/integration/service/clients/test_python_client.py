"""The Python client calls every operation of a real service, and tells what goes wrong."""

import inspect
import json

import pytest
from smedx_client import AsyncClient, Client, Invalid, NotAllowed, NotFound
from smedx_client import models as wire

from clients.generate.__main__ import DOCUMENT
from clients.generate.document import operations

TOLD = {
    "legal_form": "household", "sector": "I", "employees": 4, "province": "48",
    "sells_to_consumers": True,
}  # fmt: skip
RESTAURANT = wire.BusinessProfile(**TOLD)


class Both:
    """Calls an operation with the client for threads or with the one for asyncio."""

    def __init__(self, client):
        self.client = client
        self.called = set()

    async def __call__(self, name, *given, **options):
        self.called.add(name)
        answer = getattr(self.client, name)(*given, **options)
        return await answer if inspect.isawaitable(answer) else answer


@pytest.fixture(params=[Client, AsyncClient])
async def call(request, service):
    client = request.param(service.url, service.key)
    yield Both(client)
    closing = client.close()
    if inspect.isawaitable(closing):
        await closing


@pytest.mark.anyio
async def test_every_operation_is_called_and_answered(call):
    stored = await call("create_profile", wire.NewProfile(**TOLD, consent=("service",)))
    assert stored.profile == RESTAURANT
    assert await call("get_profile", stored.id) == stored
    changed = await call(
        "replace_profile",
        stored.id,
        wire.BusinessProfile(**TOLD | {"employees": 5}),
    )
    assert changed.profile.employees == 5
    assert changed.created_at == stored.created_at

    request = wire.RecommendationRequest(profile_id=stored.id, n=3, locale="en")
    made = await call("recommend", request)
    assert [item.rank for item in made.items] == [1, 2, 3]
    batch = wire.BatchRequest(
        businesses=(wire.Business(profile=RESTAURANT), wire.Business(profile_id="nobody-there")),
        n=2,
        filters=wire.Filters(categories=("pos-fnb",)),
    )
    first, second = (await call("recommend_batch", batch)).answers
    assert first.problem is None
    assert {item.platform.category for item in first.recommendation.items} == {"pos-fnb"}
    assert second.recommendation is None
    assert second.problem.errors[0].field == "businesses[1].profile_id"

    event = wire.Event(
        kind="click",
        platform_id=made.items[0].platform.id,
        recommendation_id=made.recommendation_id,
    )
    for _ in range(2):
        told = await call("record_events", wire.EventBatch(events=(event,)))
        assert told.stored == (event.id,)

    catalogue = await call("list_platforms", locale="en", category="crm")
    assert {platform.category for platform in catalogue.platforms} == {"crm"}
    sapo = await call("get_platform", "sapo")
    assert sapo.id == "sapo"
    alike = await call("similar_platforms", "sapo", n=2)
    assert [item.same_category for item in alike.items] == [True, True]
    questionnaire = await call("get_questionnaire", locale="vi")
    assert questionnaire.steps[0].questions
    assert (await call("live")).status == "live"
    assert (await call("ready")).status == "ready"
    agreed = wire.ConsentChange(consent=("service", "improve"))
    assert (await call("set_consent", stored.id, agreed)).consent == ("improve", "service")
    history = (await call("get_consent", stored.id)).history
    assert [each.granted for each in history if each.purpose == "improve"] == [False, True]
    held = await call("export_profile", stored.id)
    assert [event.id for event in held.events] == [event.id]
    plan = await call("make_plan", wire.RecommendationRequest(profile=RESTAURANT))
    passer_by = plan.recommendation.recommendation_id
    assert await call("delete_list", passer_by) is None
    assert await call("delete_profile", stored.id) is None
    with pytest.raises(NotFound):
        await call("get_profile", stored.id)
    document = json.loads(DOCUMENT.read_text("utf-8"))
    assert call.called == {operation.id for operation in operations(document)}


@pytest.mark.anyio
async def test_what_is_wrong_is_told_field_by_field(call):
    with pytest.raises(Invalid) as caught:
        await call(
            "create_profile",
            wire.NewProfile(**TOLD | {"sector": "ZZ"}),
        )
    problem = caught.value.problem
    assert problem.status == 422
    assert [error.field for error in problem.errors] == ["sector"]
    assert problem.errors[0].expected.startswith("one of A, B, ")
    assert str(caught.value).startswith("422 The request is not valid: sector:")
    with pytest.raises(NotFound, match=r"platform_id: 'a \?b' is not known"):
        await call("get_platform", "a ?b")


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("key", [None, "smedx_sk_00000000_" + "A" * 43])
async def test_without_a_key_that_works_nothing_is_allowed(service, kind, key):
    client = kind(service.url, key)
    with pytest.raises(NotAllowed) as caught:
        await Both(client)("list_platforms")
    assert caught.value.problem.status == 401
    assert caught.value.problem.errors[0].field == "Authorization"


@pytest.mark.anyio
async def test_every_event_is_given_an_id_of_its_own():
    ids = {wire.Event(kind="view", platform_id="sapo").id for _ in range(1000)}
    assert len(ids) == 1000
    assert wire.Event(kind="view", platform_id="sapo", id="chosen-by-me").id == "chosen-by-me"
