"""How the tables are read and written: by many readers and one writer, which writes what waits in one transaction."""

import asyncio
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, Row, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from tagloom.errors import ConfigError, one_line

T = TypeVar("T")
Work = Callable[[Connection], T]
"""What reads or writes, within one transaction: it must not wait for anything else."""

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of any columns."""

NAME = "workbench.sqlite3"

_READERS = 4
_MOST_AT_ONCE = 64  # pieces of work in one transaction
_MOST_SECONDS = 0.05  # after which a transaction takes no more of them
_BUSY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """A piece of work, and where what it gives goes."""

    work: Work[Any]
    answer: "Future[Any]"


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a piece of work raised."""

    error: Exception


class Store:
    """The database of a data folder. What `write` has given is on disk: no end of the process takes it back.

    Writing is one thread's, so that nothing waits for a lock; pieces of work that wait are written in one transaction,
    each whole or not at all, and one flush to disk serves them all.

    Args:
        folder: in which the database is made, or brought to its present form.

    Raises:
        ConfigError: it holds what is no database of a workbench, or one of a newer Tagloom.
    """

    def __init__(self, folder: Path) -> None:
        from tagloom.workbench.database.migrating import migrate  # processes that only read load none of that

        path = folder / NAME
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        url = f"sqlite:///{path}"
        self._writer, self._reader = _engine(url, is_reader=False), _engine(url, is_reader=True)
        try:
            migrate(self._writer)
        except DatabaseError as error:
            raise ConfigError(
                f"{path}: expected the data of a workbench, received {one_line(error)}. Name another --data folder."
            ) from error
        self._glancer = self._reader.connect()
        self._is_closed = False
        self._waiting: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(_READERS, "tagloom-reader")
        self._thread = threading.Thread(target=self._write_on, name="tagloom-writer", daemon=True)
        self._thread.start()

    async def read(self, work: Work[T]) -> T:
        """What a piece of work finds, all of it at one moment."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def glance(self, work: Work[T]) -> T:
        """`read`, at once and in the event loop: for a row or two by their key, which is sooner done than passed on."""
        with self._glancer.begin():
            return work(self._glancer)

    async def write(self, work: Work[T]) -> T:
        """What a piece of work gives, once what it has changed is on disk; it is done even where nobody waits for it.

        Raises:
            Exception: what the work raises; then it has changed nothing.
        """
        return await asyncio.shield(asyncio.wrap_future(self._ask(work)))

    def read_now(self, work: Work[T]) -> T:
        """`read`, for threads."""
        with self._reader.connect() as connection, connection.begin():
            return work(connection)

    def write_now(self, work: Work[T]) -> T:
        """`write`, for threads."""
        return self._ask(work).result()

    def close(self) -> None:
        """Writes what waits, and ends; what is asked from now on is refused."""
        self._is_closed = True
        self._waiting.put(None)
        self._thread.join()
        self._readers.shutdown()
        self._glancer.close()
        for engine in (self._reader, self._writer):
            engine.dispose()

    def _ask(self, work: Work[T]) -> "Future[T]":
        if self._is_closed:
            raise RuntimeError("the store is closed")
        answer: Future[T] = Future()
        self._waiting.put(_Asked(work, answer))
        return answer

    def _write_on(self) -> None:
        while (first := self._waiting.get()) is not None:
            self._write_some(first)

    def _write_some(self, first: _Asked) -> None:
        """One transaction: the first piece of work, and those that wait behind it."""
        taken: list[_Asked] = []
        values: list[Any] = []
        try:
            with self._writer.connect() as connection, connection.begin():
                for asked in self._some(first):
                    taken.append(asked)
                    values.append(_done(connection, asked.work))
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the thread goes on
            for asked in taken or [first]:
                asked.answer.set_exception(error)
            return
        for asked, value in zip(taken, values, strict=True):
            if isinstance(value, _Failed):
                asked.answer.set_exception(value.error)
            else:
                asked.answer.set_result(value)

    def _some(self, first: _Asked) -> Iterator[_Asked]:
        """The first piece of work, then what waits, as much as one transaction takes."""
        yield first
        end = time.monotonic() + _MOST_SECONDS
        for _ in range(_MOST_AT_ONCE - 1):
            following = self._next() if time.monotonic() < end else None
            if following is None:
                return
            yield following

    def _next(self) -> _Asked | None:
        """What waits; None where nothing does, or where the end waits, which is put back."""
        try:
            found = self._waiting.get_nowait()
        except queue.Empty:
            return None
        if found is None:
            self._waiting.put(None)
        return found


def reading_engine(folder: Path) -> Engine:
    """The database of a data folder for another process, which only reads it."""
    return _engine(f"sqlite:///{folder / NAME}", is_reader=True)


def _done(connection: Connection, work: Work[Any]) -> Any:
    """What a piece of work gives, done whole or not at all within the transaction of several; else `_Failed`."""
    part = connection.begin_nested()
    try:
        value = work(connection)
        part.commit()
    except Exception as error:  # noqa: BLE001 - it is told to who asked, and the other pieces go on
        part.rollback()
        return _Failed(error)
    return value


def _engine(url: str, *, is_reader: bool) -> Engine:
    num_connections = _READERS + 1 if is_reader else 1
    engine = create_engine(
        url, pool_size=num_connections, max_overflow=0, hide_parameters=True
    )  # in errors that are logged

    def connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, and not by the driver in its own time
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {int(_BUSY_SECONDS * 1000)}",
            "temp_store = MEMORY",
            "cache_size = -16000",
            *(["query_only = ON"] if is_reader else []),
        ):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connected)
    began = text("BEGIN" if is_reader else "BEGIN IMMEDIATE")
    event.listen(engine, "begin", lambda connection: connection.execute(began))
    return engine
