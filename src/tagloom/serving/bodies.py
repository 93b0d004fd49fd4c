"""The body of a request, read within its size and its time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from tagloom.serving.exchange import ClientGoneError, Headers, Receive
from tagloom.serving.limits import Limits
from tagloom.serving.problems import Problem

JSON = frozenset({b"application/json"})
JSON_LINES = frozenset({b"application/x-ndjson", b"application/jsonl", b"application/json-lines", b"application/json"})
BUNDLE = frozenset({b"application/zip", b"application/octet-stream", b"application/x-zip-compressed"})


class Bodies:
    """Reads the bodies of all requests of a process, and bounds what they hold together.

    Args:
        limits: of their sizes and times.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0

    async def whole(self, receive: Receive, headers: Headers) -> bytes:
        """The body, whole.

        Raises:
            ClientGoneError: the client hung up.
            Problem: it is too large or too slow, or too much is held already.
        """
        most = self._limits.body_bytes
        expect_size(headers, most)
        body = b""
        with self._holding() as hold:
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    while True:
                        piece, is_last = await _piece(receive)
                        hold(len(piece))
                        if len(body) + len(piece) > most:
                            raise _too_large(most)
                        body = body + piece if body else piece
                        if is_last:
                            return body
            except TimeoutError:
                raise _too_slow(self._limits.body_seconds) from None

    async def pieces(self, receive: Receive) -> AsyncIterator[bytes]:
        """The body piece by piece, of any size; each has its time.

        Raises:
            ClientGoneError: the client hung up.
            Problem: a piece is too slow.
        """
        while True:
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    piece, is_last = await _piece(receive)
            except TimeoutError:
                raise _too_slow(self._limits.body_seconds) from None
            if piece:
                yield piece
            if is_last:
                return

    @contextlib.contextmanager
    def _holding(self) -> Iterator["_Hold"]:
        hold = _Hold(self)
        try:
            yield hold
        finally:
            self._held -= hold.size

    def hold(self, size: int) -> None:
        """Counts what is held more.

        Raises:
            Problem: that is too much.
        """
        self._held += size
        if self._held > self._limits.held_bytes:
            raise Problem("queue-full", "Too many bodies are being read. Ask again later.", retry_after=1)


class _Hold:
    """What one body holds.

    Args:
        bodies: all of them.
    """

    __slots__ = ("_bodies", "size")

    def __init__(self, bodies: Bodies) -> None:
        self._bodies, self.size = bodies, 0

    def __call__(self, size: int) -> None:
        self.size += size
        self._bodies.hold(size)


def expect_media_type(headers: Headers, known: frozenset[bytes]) -> None:
    """Lets a body pass that says what it is. A page of another site cannot say so unless it may ask.

    Raises:
        Problem: it is of another media type.
    """
    given = headers.get(b"content-type", b"")
    if given not in known and given.partition(b";")[0].strip().lower() not in known:
        expected = " or ".join(sorted(each.decode() for each in known))
        raise Problem("wrong-media-type", f"Send a body with the header Content-Type: {expected}.")


def expect_size(headers: Headers, most: int) -> None:
    """Lets a body pass that does not say that it is too large.

    Raises:
        Problem: it does.
    """
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > most:
        raise _too_large(most)


def _too_large(most: int) -> Problem:
    return Problem("body-too-large", f"A body may have at most {most} bytes. Send fewer documents, or stream them.")


def _too_slow(seconds: float) -> Problem:
    close = [(b"connection", b"close")]  # whatever may still come is no request
    return Problem("body-too-slow", f"A body has {seconds:g} seconds to arrive. Send it faster.", headers=close)


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGoneError
    return message.get("body", b""), not message.get("more_body", False)
