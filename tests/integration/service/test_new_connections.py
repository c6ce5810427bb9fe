"""Who comes new is answered as soon as those who have been there all along."""

import asyncio
import socket
from itertools import count

import httpx
import msgspec
import pytest
import uvicorn

from service.connections import Connection

pytestmark = pytest.mark.anyio

BUSY, NEW = 16, 64
FAIR = 16
"""Answers that each of the busy gets at most before all the new have had one; in turn, it is two
or three; where one new connection is taken in for each round of the others, it is `NEW`."""

HEAD = b"POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LENGTH = b"\r\ncontent-length: "


async def test_nobody_who_comes_new_waits_while_others_are_answered_again_and_again(
    start, models, restaurant, sqlite_database
):
    server = start(DATABASE_URL=sqlite_database)
    server.wait_until_ready()
    url = server.client.base_url
    bodies = (msgspec.json.encode({"profile": restaurant | {"employees": n}}) for n in count(1))
    answers = [0] * BUSY
    over = asyncio.Event()

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = next(bodies)
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        told = await reader.readuntil(b"\r\n\r\n")
        assert told.startswith(b"HTTP/1.1 200 "), told
        await reader.readexactly(int(told.lower().partition(LENGTH)[2].partition(b"\r\n")[0]))

    async def stay(number: int) -> None:
        reader, writer = await asyncio.open_connection(url.host, url.port)
        while not over.is_set():
            await ask(reader, writer)
            answers[number] += 1
        writer.close()

    async def come() -> None:
        reader, writer = await asyncio.open_connection(url.host, url.port)
        await ask(reader, writer)
        writer.close()

    busy = [asyncio.create_task(stay(number)) for number in range(BUSY)]
    while min(answers) < 3:
        await asyncio.sleep(0.01)
    before = answers.copy()
    await asyncio.gather(*(come() for _ in range(NEW)))
    meanwhile = [after - earlier for after, earlier in zip(answers, before, strict=True)]
    over.set()
    await asyncio.gather(*busy)
    assert max(meanwhile) <= FAIR


async def test_where_processes_share_a_socket_an_answer_is_sent_whole_at_once():
    noted = []

    class Noting(Connection):
        def connection_made(self, transport):
            super().connection_made(transport)
            connection = transport.get_extra_info("socket")
            noted.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    config = uvicorn.Config(app, port=0, http=Noting, loop="asyncio", lifespan="off")
    shared = config.bind_socket()  # as for several processes
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[shared]))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{shared.getsockname()[1]}") as client:
        assert (await client.get("/")).status_code == 204
    server.should_exit = True
    await serving
    assert noted == [1]
