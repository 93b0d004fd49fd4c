"""HTTP/1.1 by uvicorn and httptools, within bounds: slow and endless headers, unread answers, too many connections."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from tagloom.bundle.format import KIBIBYTE
from tagloom.serving.corked import corked
from tagloom.serving.limits import Limits
from tagloom.serving.problems import Problem
from tagloom.serving.responses import problem_response

_HEADER_BYTES = 64 * KIBIBYTE


class Protocol(HttpToolsProtocol):
    """One connection. `limits` is set in a class made for a server (`bounded`)."""

    limits = Limits()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waits_since: float | None = time.monotonic()  # for the end of a request's headers
        self._num_header_bytes, self._is_in_body = 0, False
        self._unread, self._unread_since = 0, 0.0

    # a connection's transport both reads and writes, while the base class of all protocols promises neither
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(corked(transport))
        if len(self.connections) > self.limits.connections:
            self._refuse(Problem("queue-full", "Too many connections are open. Come again later.", retry_after=1))

    def data_received(self, data: bytes) -> None:
        """A piece of a request."""
        if self.transport.is_closing():
            return
        was_in_body = self._is_in_body  # of a request that was answered before its end
        super().data_received(data)
        if self._waits_since is None or was_in_body or self._is_in_body:
            return
        self._num_header_bytes += len(data)
        if self._num_header_bytes > _HEADER_BYTES and not self.transport.is_closing():
            told = f"The headers of a request may have at most {_HEADER_BYTES} bytes."
            self._refuse(Problem("headers-too-large", told))

    def on_headers_complete(self) -> None:
        """A request begins."""
        self._waits_since, self._num_header_bytes, self._is_in_body = None, 0, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request has been received."""
        self._is_in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """A request ends."""
        self._waits_since = time.monotonic()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says nothing that the problem does not
        """What comes is no HTTP."""
        self._refuse(Problem("not-http", "Send HTTP/1.1."))

    def look(self, now: float) -> None:
        """Ends the connection where the client has kept it waiting for too long."""
        unread = self.transport.get_write_buffer_size()
        if not unread or unread != self._unread:
            self._unread, self._unread_since = unread, now
        is_slow = self._waits_since is not None and now - self._waits_since > self.limits.head_seconds
        if is_slow or now - self._unread_since > self.limits.write_seconds:
            self.transport.abort()

    def _refuse(self, problem: Problem) -> None:
        response = problem_response(problem)
        lines = [b"%s: %s\r\n" % header for header in (*response.raw_headers, (b"connection", b"close"))]
        self.transport.write(b"".join([STATUS_LINE[response.status_code], *lines, b"\r\n", response.body]))
        self.transport.close()


def bounded(limits: Limits) -> type[Protocol]:
    """The protocol of a server with these limits."""
    return type("BoundedProtocol", (Protocol,), {"limits": limits})


async def keep_looking(connections: Iterable[object]) -> None:
    """Looks at all connections every second, until it is cancelled."""
    while True:
        await asyncio.sleep(1.0)
        now = time.monotonic()
        for connection in list(connections):
            cast(Protocol, connection).look(now)
