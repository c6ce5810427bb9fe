"""Whether the service could listen where it is asked to."""

import asyncio


async def is_free(host: str, port: int) -> bool:
    """Return whether this process could serve there; listens for a moment.

    Raises:
        OSError: If it could not even if nobody else did.
    """
    try:
        server = await asyncio.start_server(lambda *_: None, host, port)
    except OSError as error:
        if "address already in use" in str(error).lower():
            return False
        raise
    server.close()
    await server.wait_closed()
    return True
