"""The readers of a server: started, given batches, and started anew where they end."""

import asyncio
import itertools
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tagloom.bundle.format import MEBIBYTE
from tagloom.errors import BundleError
from tagloom.serving.reading.messages import Done, Frames, Load, Loaded, Message, Read, Unload, to_frame

AT_ONCE = 2
"""Batches that a reader is given: one that it reads, and one that is at hand when it has."""

_PROGRAM = "tagloom.serving.reading.reader"
_MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(2 * MEBIBYTE), "MALLOC_TRIM_THRESHOLD_": str(32 * MEBIBYTE)}
"""What makes the GNU C library give back what a large batch needed: a fifth of the memory, by default it keeps all."""

_SECONDS_TO_END = 5.0
_SECONDS_BEFORE_ANOTHER = 0.2  # so that a reader which cannot start does not keep the processor busy

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Reader:
    """One reader, as the server sees it.

    Args:
        process: of the operating system.
        transport: to it.
        reading: the batches that it was given, by number.
        models: the digests of those that it has ready.
        since: when it began with what it reads, on the monotonic clock.
    """

    process: subprocess.Popen[bytes]
    transport: asyncio.Transport
    reading: dict[int, Read] = field(default_factory=dict)
    models: set[str] = field(default_factory=set)
    since: float = 0.0

    def send(self, message: Message) -> None:
        self.transport.write(to_frame(message))


class Readers:
    """Some readers, all with the same models.

    Args:
        models: the folder of bundles.
        number: of readers.
        threads: of the processor, for each model in each reader.
        on_done: gets what was found in a batch.
        on_lost: gets a batch whose reader has ended.
        on_room: is told that a reader has room for a batch.
    """

    def __init__(
        self,
        models: Path,
        number: int,
        threads: int,
        *,
        on_done: Callable[[Done], None],
        on_lost: Callable[[Read], None],
        on_room: Callable[[], None],
    ) -> None:
        self._models, self._number, self._threads = models, number, threads
        self._on_done, self._on_lost, self._on_room = on_done, on_lost, on_room
        self._readers: list[_Reader] = []
        self._wanted: dict[str, asyncio.Future[Loaded]] = {}
        self._numbers = itertools.count()
        self._is_ending = False
        self._restarts: set[asyncio.Task[None]] = set()

    @property
    def process_ids(self) -> list[int]:
        """Of the readers that there are."""
        return [reader.process.pid for reader in self._readers]

    async def start(self) -> None:
        """Starts all of them."""
        for _ in range(self._number):
            await self._start_one()

    async def end(self) -> None:
        """Ends all of them, once they have read what they were given."""
        self._is_ending = True
        for task in self._restarts:
            task.cancel()
        for reader in self._readers:
            reader.transport.write_eof()
        for reader in list(self._readers):
            await asyncio.to_thread(_wait_for_end, reader.process)

    async def load(self, digest: str) -> Loaded:
        """Has a model ready in every reader, now and in those that are to be started.

        Raises:
            BundleError: a reader cannot load it.
        """
        known = self._wanted.get(digest)
        if known is None:
            known = self._wanted[digest] = asyncio.get_running_loop().create_future()
            for reader in self._readers:
                reader.send(Load(digest))
        loaded = await asyncio.shield(known)
        if loaded.problem is not None:
            self.unload(digest)
            raise BundleError(loaded.problem)
        return loaded

    def unload(self, digest: str) -> None:
        """Lets go of a model. What is given to readers by now is still read with it."""
        if self._wanted.pop(digest, None) is not None:
            for reader in self._readers:
                reader.models.discard(digest)
                reader.send(Unload(digest))

    def has_room(self, digest: str) -> bool:
        """Whether a reader can be given a batch for a model."""
        return self._free(digest) is not None

    def read(self, digest: str, texts: list[str]) -> int:
        """Gives a batch to the reader that has least to do; returns the batch's number."""
        reader = self._free(digest)
        assert reader is not None, "has_room was asked before"
        batch = Read(next(self._numbers), digest, texts)
        if not reader.reading:
            reader.since = time.monotonic()
        reader.reading[batch.number] = batch
        reader.send(batch)
        return batch.number

    def end_hung(self, seconds: float) -> None:
        """Ends readers that have taken longer than that for a batch; others take their place."""
        for reader in self._readers:
            if reader.reading and time.monotonic() - reader.since > seconds:
                reader.process.kill()

    def _free(self, digest: str) -> _Reader | None:
        able = [each for each in self._readers if len(each.reading) < AT_ONCE and digest in each.models]
        return min(able, key=lambda each: len(each.reading), default=None)

    async def _start_one(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", _PROGRAM, str(theirs.fileno()), str(self._models), str(self._threads)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**_MALLOC, **os.environ},
            )
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.connect_accepted_socket(lambda: _Line(self._hear, self._lose), ours)
        reader = protocol.reader = _Reader(process, transport)
        self._readers.append(reader)
        for digest in self._wanted:
            reader.send(Load(digest))

    def _hear(self, reader: _Reader, message: Message) -> None:
        match message:
            case Done():
                del reader.reading[message.number]
                reader.since = time.monotonic()
                self._on_room()
                self._on_done(message)
            case Loaded():
                self._hear_of_model(reader, message)

    def _hear_of_model(self, reader: _Reader, loaded: Loaded) -> None:
        """Notes which reader has a model; when all have, those who wait are told."""
        wanted = self._wanted.get(loaded.digest)
        if wanted is None:  # it was let go of meanwhile
            reader.send(Unload(loaded.digest))
            return
        if loaded.problem is None:
            reader.models.add(loaded.digest)
            self._on_room()
        else:
            _log.error("Reader %d cannot load a model: %s", reader.process.pid, loaded.problem)
        if wanted.done():
            return
        if loaded.problem is not None or all(loaded.digest in each.models for each in self._readers):
            wanted.set_result(loaded)

    def _lose(self, reader: _Reader) -> None:
        """Starts another reader in place of one that has ended, and gives its batches back."""
        self._readers.remove(reader)
        if self._is_ending:
            return
        _log.error("Reader %d has ended; another one is started", reader.process.pid)
        task = asyncio.get_running_loop().create_task(self._replace(reader.process))
        self._restarts.add(task)
        task.add_done_callback(self._restarts.discard)
        for batch in reader.reading.values():
            self._on_lost(batch)

    async def _replace(self, ended: subprocess.Popen[bytes]) -> None:
        await asyncio.to_thread(_wait_for_end, ended)
        await asyncio.sleep(_SECONDS_BEFORE_ANOTHER)
        await self._start_one()


class _Line(asyncio.Protocol):
    """The server's end of the connection to a reader.

    Args:
        hear: gets its messages.
        lose: is told that it has ended.
    """

    def __init__(self, hear: Callable[[_Reader, Message], None], lose: Callable[[_Reader], None]) -> None:
        self._hear, self._lose, self._frames = hear, lose, Frames()
        self.reader: _Reader | None = None

    def data_received(self, data: bytes) -> None:
        for message in self._frames.feed(data):
            assert self.reader is not None
            self._hear(self.reader, message)

    def eof_received(self) -> bool:
        return False  # the connection closes

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        if self.reader is not None:
            self._lose(self.reader)


def _wait_for_end(process: subprocess.Popen[bytes]) -> None:
    """Waits for a process that has nothing more to do, and makes it end where it does not."""
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
