"""HTTP/1.1 as uvicorn (0.54) speaks it, but for two things that it leaves open.

It keeps all that a client sends before a body, however much comes. And where several processes
share a socket, the end of an answer waits until the client confirms what came before it (Nagle's
algorithm): asyncio switches that off only for sockets that it made itself.
"""

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

IPPROTO_TCP, TCP_NODELAY = 6, 1
"""As everywhere; `socket`, where they stand, is for who calls others: the service does not."""

MOST_BYTES = 65_536
"""Eight times what proxies take; one more read of the socket may come on top."""

TOLD = f"The head of the request is too large: expected at most {MOST_BYTES:,} bytes".encode()
REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\n"
    b"connection: close\r\n\r\n%b" % (len(TOLD), TOLD)
)


class Connection(HttpToolsProtocol):
    """HTTP/1.1 that answers a head which does not end by 431 (RFC 6585), and sends at once."""

    _in_head = False
    _read = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve a connection."""
        connection = transport.get_extra_info("socket")
        if connection.family.name in ("AF_INET", "AF_INET6"):
            connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        super().connection_made(cast(asyncio.Transport, transport))

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        self._in_head, self._read = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Go on with the body."""
        self._in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Read what came, which may begin with the end of another body."""
        self._read += len(data) if self._in_head else 0
        super().data_received(data)
        if self._in_head and self._read > MOST_BYTES and not self.transport.is_closing():
            self.transport.write(REFUSAL)
            self.transport.close()
