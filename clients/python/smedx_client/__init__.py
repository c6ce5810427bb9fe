"""A typed client of the SMEdx recommender: `Client` for threads, `AsyncClient` for asyncio.

What is sent and answered stands in `smedx_client.models`, what can go wrong in
`smedx_client.errors`.
"""

from smedx_client.async_client import AsyncClient
from smedx_client.client import Client
from smedx_client.errors import (
    ApiError,
    Busy,
    Invalid,
    NotAllowed,
    NotFound,
    SmedxError,
    UnexpectedAnswer,
    Unreachable,
)

__all__ = [
    "ApiError",
    "AsyncClient",
    "Busy",
    "Client",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "SmedxError",
    "UnexpectedAnswer",
    "Unreachable",
]
