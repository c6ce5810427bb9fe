"""The service with a key, for the clients to call, and a stand-in that answers as it is told."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import NamedTuple

import pytest


class Service(NamedTuple):
    """Where the service is, and a key of it."""

    url: str
    key: str


@pytest.fixture
def service(start, smedx, models) -> Service:
    """The service in a process of its own, which asks for a key."""
    created = smedx("keys", "create", "--kind", "secret", "--name", "clients")
    (key,) = re.findall(r"smedx_sk_\w{8}_[\w-]{43}", created.stdout)
    server = start()
    server.wait_until_live()
    return Service(server.url, key)


class Told(NamedTuple):
    """An answer that the stand-in is told to give; status 0 hangs up instead."""

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    body: object = None


@dataclass
class StandIn:
    """A server that answers as it is told, and remembers what it was asked."""

    url: str
    answers: list[Told] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def tell(self, *answers: Told) -> None:
        self.answers[:] = answers


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            known.asked.append((self.command, self.path, headers, self.rfile.read(length)))
            told = known.answers.pop(0)
            if told.status == 0:
                self.close_connection = True
                return
            body = b"" if told.body is None else json.dumps(told.body).encode()
            self.send_response(told.status)
            for name, value in {**told.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - its names

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told() -> Callable[..., Told]:
    return Told
