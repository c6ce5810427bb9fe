"""The port: is it free, or is it this service that has it?"""

import asyncio
from collections.abc import Iterator

from recommender.domain import Reference
from service.doctor.finding import Finding, failed, passed
from service.listening import is_free
from service.settings import Settings

SECONDS = 3.0
MOST_BYTES = 65_536
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked for, not listened on
"""Where a service that listens everywhere is asked."""


def check_port(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Listen on it for a moment; if that is taken, ask who has it."""
    where = f"{settings.host}:{settings.port}"
    try:
        free = asyncio.run(is_free(settings.host, settings.port))
    except OSError as error:
        yield failed("port", f"{where}: {error.strerror}", "see HOST and PORT")
        return
    if free:
        yield passed("port", f"{where} is free")
    elif told := asyncio.run(_ask(settings.host, settings.port)):
        yield passed("port", f"{where}: this service runs there, {told}")
    else:
        yield failed("port", f"{where} is in use by something else", "end that, or choose a PORT")


async def _ask(host: str, port: int) -> str:
    """Return what the service that runs there says of its health, or nothing if it is another."""
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_connection(ANY.get(host, host), port)
            writer.write(f"GET /health/live HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            answer = b""
            while len(answer) < MOST_BYTES and (part := await reader.read(MOST_BYTES)):
                answer += part  # the head and the body may come apart
            writer.close()
    except (OSError, TimeoutError):
        return ""
    head, _, body = answer.decode("utf-8", "replace").rpartition("\r\n")
    return body if head.startswith("HTTP/1") and '"status":"live"' in body else ""
