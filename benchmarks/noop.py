"""A handler that does nothing, in the framework of the service: the most that it allows.

It takes the body of `POST /v1/recommendations` as the same type, and answers with one and the same
recommendation. `python -m benchmarks.noop` serves it as `smedx serve` serves the service.
"""

import os
from pathlib import Path

import msgspec
import uvicorn
from litestar import Litestar, get, post

from recommender.domain.recommendation import Recommendation
from service.api.recommendations import RecommendationRequest
from service.cli import WORKER_SECONDS

PATH = "/noop"


def create_app() -> Litestar:
    """Assemble it, with the answer in the file that the environment names."""
    told = Path(os.environ["ANSWER"]).read_bytes()
    answer = msgspec.json.decode(told, type=Recommendation)

    @post(PATH, status_code=200)
    async def noop(data: RecommendationRequest) -> Recommendation:
        return answer

    @get("/health/ready")
    async def ready() -> str:
        return "ready"

    return Litestar([noop, ready], openapi_config=None)


def main() -> None:
    """Serve it."""
    uvicorn.run(
        "benchmarks.noop:create_app",
        factory=True,
        port=int(os.environ["PORT"]),
        http="service.connections:Connection",
        loop="asyncio",
        workers=int(os.environ["WORKERS"]),
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_worker_healthcheck=WORKER_SECONDS,
    )


if __name__ == "__main__":
    main()
