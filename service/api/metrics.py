"""`GET /metrics`: for a Prometheus that has a key."""

from litestar import Response, Router, get
from litestar.di import NamedDependency

from service.access.scopes import GATED, needs
from service.telemetry.telemetry import Telemetry

TEXT = "text/plain; version=0.0.4"
"""The format of Prometheus in the version that all of them read; Litestar adds the charset."""


@get("/metrics", include_in_schema=False, **needs("metrics"))
async def get_metrics(telemetry: NamedDependency[Telemetry]) -> Response[bytes]:
    """Return the metrics of all processes."""
    return Response(await telemetry.exposition(), media_type=TEXT)


metrics_router = Router("/", route_handlers=[get_metrics], opt={GATED: True})
