"""A head of a request that does not end is refused before it fills the memory."""

import select
import socket

import pytest

PIECE = b"a" * 65_536
PIECES = 1_000
"""Far more than the buffers between client and service hold."""

BEGINNINGS = {
    "one header": b"GET /vi HTTP/1.1\r\nHost: localhost\r\nX-Long: ",
    "an address": b"GET /vi?q=",
}


@pytest.fixture
def server(start):
    server = start()
    server.wait_for(lambda: server.client.get("/health/live").status_code == 200)
    return server


def answer_to_what_does_not_end(address, beginning: bytes) -> bytes:
    """Send a head until the service does not read on; return what it says, if that arrives."""
    with socket.create_connection(address, timeout=30) as client:
        client.sendall(beginning)
        try:
            for _ in range(PIECES):
                client.sendall(PIECE)
        except ConnectionError:
            pass
        else:
            pytest.fail("all of it was read")
        try:
            return client.recv(65_536)
        except ConnectionError:  # what was under way made the system drop the answer
            return b""


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_head_that_does_not_end_is_refused(server, beginning):
    address = server.client.base_url.host, server.client.base_url.port
    assert answer_to_what_does_not_end(address, beginning)[:12] in (b"", b"HTTP/1.1 431")
    with socket.create_connection(address, timeout=30) as client:
        client.sendall(beginning)
        while not select.select([client], [], [], 1.0)[0]:  # what is under way would lose it
            client.sendall(PIECE)
        told = client.recv(65_536)
    assert told.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert told.endswith(b"expected at most 65,536 bytes")
    assert server.client.get("/health/live").status_code == 200


def test_heads_that_browsers_and_proxies_send_are_taken_and_bodies_are_not_counted(server):
    long = {"X-Long": "a" * 32_000}
    assert server.client.get("/vi/about", headers=long).status_code == 200
    for _ in range(3):  # on one connection
        large = server.client.post(
            "/v1/events", content=b" " * 900_000, headers={"Content-Type": "application/json"}
        )
        assert large.status_code == 400
