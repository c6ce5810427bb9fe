"""Clients that send or read slowly cost others nothing, and do not keep the service from ending."""

import signal
import socket
from contextlib import ExitStack

from benchmarks.visitors import Visitors

EACH = 100
"""Slow clients of each kind, far more than there are threads or database connections."""

HEAD = b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = b'Content-Length: 1000\r\n\r\n{"events": ['
WHOLE = b"GET /v1/platforms HTTP/1.1\r\nHost: localhost\r\n\r\n"

BEGINNINGS = {
    "half a head": HEAD,
    "half a body": HEAD + BODY,
    "reads no answer": WHOLE * 50,
}


def test_others_are_answered_among_slow_clients_and_the_service_ends_in_time(
    start, models, restaurant, sqlite_database
):
    server = start(DATABASE_URL=sqlite_database)
    server.wait_until_ready()
    stored = server.client.post("/v1/profiles", json=restaurant)
    address = (server.client.base_url.host, server.client.base_url.port)
    with ExitStack() as connections:
        for beginning in BEGINNINGS.values():
            for _ in range(EACH):
                connection = connections.enter_context(socket.create_connection(address))
                connection.sendall(beginning)
        visitors = Visitors(server.url, "visit", [stored.json()["id"]])
        with visitors.running():
            server.wait_for(lambda: len(visitors.answered) > 300)
            assert server.ready() == (200, "")
            assert server.end(signal.SIGTERM) == 0, server.said()
    assert visitors.refused == []
    found = visitors.judge(sqlite_database, 0.0)
    assert (found.faulty, found.lists_lost) == (False, 0)
