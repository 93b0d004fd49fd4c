"""Files of an import from a request's body onto disk."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import IO

from tagloom.serving.problems import Problem
from tagloom.workbench.problems import Refused

_AT_ONCE = 1 << 20  # bytes that are written at a time, so that few threads are asked for it


async def receive(pieces: AsyncIterator[bytes], paths: Sequence[Path], sizes: Sequence[int], most: int) -> None:
    """Writes a body into files, one after another, and onto the disk.

    Args:
        pieces: of the body.
        paths: of the files to make.
        sizes: of each; nothing for a single file of any size.
        most: bytes of all together.

    Raises:
        Refused: there are too many bytes, or others than said, or the disk is full.
    """
    files = _Files(paths, sizes[:-1])
    num_bytes = 0
    held = bytearray()
    try:
        async for piece in pieces:
            num_bytes += len(piece)
            if num_bytes > most:
                raise Problem("body-too-large", f"An import may have at most {most} bytes. Divide it.")
            held += piece
            if len(held) >= _AT_ONCE:
                await asyncio.to_thread(files.write, bytes(held))
                held.clear()
        await asyncio.to_thread(files.write, bytes(held))
        await asyncio.to_thread(files.complete)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused("no-room", "The disk of the server is full. Ask its admin.") from None
        raise
    finally:
        files.close()
    if sizes and num_bytes != sum(sizes):
        raise Refused("wrong-fields", f"size: expected {sum(sizes)} bytes in all files, received {num_bytes}.")


class _Files:
    """Files that are written one after another.

    Args:
        paths: of the files to make.
        sizes: of each but the last, which has what is left.
    """

    def __init__(self, paths: Sequence[Path], sizes: Sequence[int]) -> None:
        self._paths, self._sizes = iter(paths), [*sizes]
        self._stream = self._next()

    def write(self, content: bytes) -> None:
        """Writes what comes next."""
        for part in self._divided(content):
            self._stream.write(part)

    def complete(self) -> None:
        """Makes the files that nothing came for, and puts all onto the disk."""
        while self._sizes:
            self._begin_next()
        self._sync()

    def close(self) -> None:
        """Closes the file that is open."""
        self._stream.close()

    def _divided(self, content: bytes) -> Iterator[bytes]:
        """The content, at the edges of files."""
        while self._sizes and len(content) >= self._sizes[0]:
            size = self._sizes[0]
            yield content[:size]
            content = content[size:]
            self._begin_next()
        if self._sizes:
            self._sizes[0] -= len(content)
        yield content

    def _begin_next(self) -> None:
        self._sizes.pop(0)
        self._sync()
        self._stream.close()
        self._stream = self._next()

    def _next(self) -> IO[bytes]:
        return next(self._paths).open("xb")

    def _sync(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())
