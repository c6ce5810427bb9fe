"""A request that takes too long is ended: nobody can hold the service by being slow."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg
import pytest
import uvicorn

from service.access import time_limit
from service.app import create_app
from service.settings import Settings

SHORT = 0.5
TOKEN = "A" * 22


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Handlers that do not say otherwise have half a second."""
    monkeypatch.setattr(time_limit, "SECONDS", SHORT)


@contextmanager
def running(app) -> Iterator[tuple[str, int]]:
    """Serve an application as `smedx serve` does, and give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", http="httptools"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield listener.getsockname()
    server.should_exit = True
    thread.join()


@pytest.fixture
def address(sqlite_database, tmp_path):
    settings = Settings(database_url=sqlite_database, models_dir=tmp_path / "models")
    with running(create_app(settings)) as address:
        yield address


def begin(path: str, kind: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
        "Content-Length: 1000\r\n\r\n"
    ).encode()


def read_to_the_end(connection: socket.socket) -> str:
    """Return all that comes until the other side closes."""
    connection.settimeout(60)
    said = b""
    while part := connection.recv(65_536):
        said += part
    return said.decode()


@pytest.mark.parametrize("drip", [False, True], ids=["nothing more comes", "a byte now and then"])
def test_a_slow_body_is_cut_and_the_connection_closed(address, drip):
    with socket.create_connection(address) as connection:
        connection.sendall(begin("/v1/events", "application/json") + b'{"events": [')
        stop = threading.Event()

        def send_on() -> None:
            while drip and not stop.wait(0.05):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return

        sender = threading.Thread(target=send_on)
        sender.start()
        head, _, body = read_to_the_end(connection).partition("\r\n\r\n")
        stop.set()
        sender.join()
    assert head.startswith("HTTP/1.1 408 ")
    assert "connection: close" in head.lower()
    assert "application/problem+json" in head
    assert '"title":"The body came too slowly"' in body


def test_a_slow_form_is_answered_by_a_page(address):
    begun = httpx.post(f"http://{address[0]}:{address[1]}/vi/start", follow_redirects=False)
    with socket.create_connection(address) as connection:
        connection.sendall(begin(begun.headers["Location"], "application/x-www-form-urlencoded"))
        answer = read_to_the_end(connection)
    assert answer.startswith("HTTP/1.1 408 ")
    assert "connection: close" in answer.lower()
    assert '<html lang="vi">' in answer


def test_what_hangs_is_answered_and_others_go_on(gated_on, postgresql_database, restaurant):
    gated = gated_on(postgresql_database, host="127.0.0.1")
    with psycopg.connect(postgresql_database) as connection:
        connection.execute("LOCK TABLE profiles, drafts IN ACCESS EXCLUSIVE MODE")
        hangs = gated.client.get("/v1/profiles/nobody-there")
        page = gated.client.get(f"/vi/form/{TOKEN}")
        answer = gated.client.post("/v1/recommendations", json={"profile": restaurant})
        connection.rollback()
    assert hangs.status_code == 503
    assert hangs.headers["Content-Type"] == "application/problem+json"
    assert hangs.json()["title"] == "This takes too long at the moment"
    assert int(hangs.headers["Retry-After"]) > 0
    assert page.status_code == 503
    assert '<html lang="vi">' in page.text
    assert answer.status_code == 200
    assert gated.client.get("/v1/profiles/nobody-there").status_code == 404
