"""`/health/live` and `/health/ready`: for those who watch the service."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Struct

from service.access.key_watch import KeyWatch
from service.serving import ServingSlot
from service.store import Store, StoreUnavailable

NOT_READY = "It answers, but not well: `problems` says why"


class Health(Struct, frozen=True):
    """The state of the service; `problems` says what is amiss.

    Attributes:
        status: `live`, `ready` or `not ready`.
        model: Which model is in service.
        problems: What is amiss, in English.
    """

    status: str
    model: str
    problems: tuple[str, ...] = ()


@get(
    "/health/live",
    sync_to_thread=False,
    operation_id="live",
    summary="Is the process alive?",
    tags=["health"],
)
def live(slot: NamedDependency[ServingSlot]) -> Health:
    """Answer as long as the process can."""
    return Health("live", slot.serving.version)


@get(
    "/health/ready",
    responses={503: ResponseSpec(Health, generate_examples=False, description=NOT_READY)},
    operation_id="ready",
    summary="Is everything there to answer well?",
    tags=["health"],
)
async def ready(
    slot: NamedDependency[ServingSlot],
    store: NamedDependency[Store],
    keys: NamedDependency[KeyWatch],
) -> Response[Health]:
    """Answer 200 when a model is in service and the database stores, else 503 with reasons.

    Told, too, but no reason not to be ready, as what was in service before goes on: data tables
    that are not taken over, and an experiment that is not under way.
    """
    problems = [f"model: {slot.problem}"] if slot.problem else []
    try:
        await store.ready()
    except StoreUnavailable as error:
        problems.append(f"database: {error}")
    else:
        if keys.ring is None:
            problems.append("keys: they have not been read yet")
    state = "not ready" if problems else "ready"
    status = 503 if problems else 200
    if slot.data_problem:
        problems.append(f"data: {slot.data_problem}")
    if slot.trial_problem:
        problems.append(f"experiment: {slot.trial_problem}")
    return Response(Health(state, slot.serving.version, tuple(problems)), status_code=status)
