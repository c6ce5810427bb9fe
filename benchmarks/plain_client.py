"""A client that costs little beside what it measures: one connection, one request at a time."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from benchmarks.server import PATIENCE


class PlainClient:
    """Sends JSON and reads JSON.

    Args:
        connection: To the service.
    """

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return what is answered.

        Raises:
            AssertionError: If that is an error.
        """
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        said = answer.read()
        assert answer.status == 200, said
        found: dict[str, Any] = json.loads(said)
        return found


@contextmanager
def plain_client(url: str) -> Iterator[PlainClient]:
    """Open a client of the service at an address."""
    host = url.removeprefix("http://")
    with closing(http.client.HTTPConnection(host, timeout=PATIENCE)) as connection:
        yield PlainClient(connection)
