"""Clients of a workbench that cost next to nothing: HTTP over plain sockets, so that the server is what is measured."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit


class Client:
    """One connection, one request at a time.

    Args:
        reader: of its socket.
        writer: of its socket.
        token: of who asks.
        host: that is asked.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str, host: str) -> None:
        self._reader, self._writer = reader, writer
        self._head = f"Host: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lines = answer.decode("latin-1").split("\r\n")
        lengths = [int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")]
        return int(lines[0].split()[1]), await self._reader.readexactly(lengths[0] if lengths else 0)

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def connected(address: str, token: str) -> AsyncIterator[Client]:
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**24)
    client = Client(reader, writer, token, parts.netloc)
    try:
        yield client
    finally:
        client.close()
