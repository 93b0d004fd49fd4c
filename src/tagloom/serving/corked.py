"""A connection on which the head of an answer waits for its body, so that both go out in one piece."""

import asyncio
from typing import Any, cast


class CorkedTransport:
    """A transport whose first write waits for a second one, or for the end of this turn of the event loop.

    uvicorn writes the head and the body of an answer one after the other. Each write to a socket wakes the client up:
    of a small answer that is a third of all its work.

    Args:
        transport: the connection.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: bytes | None = None
        self._loop = asyncio.get_running_loop()

    def write(self, data: bytes) -> None:
        """Sends, with what waits, or waits."""
        if self._held is None:
            self._held = data
            self._loop.call_soon(self.flush)
        else:
            held, self._held = self._held, None
            self._transport.write(held + data)

    def flush(self) -> None:
        """Sends what waits."""
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held)

    def close(self) -> None:
        """Closes the connection, once what waits is sent."""
        self.flush()
        self._transport.close()

    def get_write_buffer_size(self) -> int:
        """Bytes that are not yet sent."""
        return self._transport.get_write_buffer_size() + len(self._held or b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def corked(transport: asyncio.Transport) -> asyncio.Transport:
    """The transport, corked."""
    return cast(asyncio.Transport, CorkedTransport(transport))
