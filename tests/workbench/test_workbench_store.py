"""The store: what it has acknowledged stays, what fails takes nothing else along."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from own_loop import run
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError

from tagloom.workbench.database.store import NAME, Store

WRITER = """
import sys
from pathlib import Path
from sqlalchemy import text
from tagloom.workbench.database.store import Store

store = Store(Path(sys.argv[1]))
store.write_now(lambda connection: connection.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY)")))
for number in range(100_000):
    one = {"number": number}
    store.write_now(lambda connection: connection.execute(text("INSERT INTO kept VALUES (:number)"), one))
    print(number, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path)
    made.write_now(lambda connection: connection.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY)")))
    yield made
    made.close()


def put(connection: Connection, number: int) -> int:
    connection.execute(text("INSERT INTO kept VALUES (:number)"), {"number": number})
    return number


def kept(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT number FROM kept ORDER BY number")).scalars())


class Held:
    """Keeps the writer busy within the block, so that what is asked meanwhile is written together."""

    def __init__(self, store: Store) -> None:
        self._begun, self._end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(store,))

    def _hold(self, store: Store) -> None:
        with suppress(IntegrityError):  # of others in its transaction
            store.write_now(self._wait)

    def _wait(self, _: Connection) -> None:
        self._begun.set()
        self._end.wait(20)

    def __enter__(self) -> None:
        self._thread.start()
        self._begun.wait(20)

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


def test_a_piece_of_work_that_fails_leaves_the_others(store: Store) -> None:
    def half(connection: Connection) -> int:
        put(connection, 10)
        raise KeyError("half done")

    async def all_at_once() -> list[object]:
        with Held(store):
            asked = [
                asyncio.ensure_future(store.write(work))
                for work in (lambda c: put(c, 1), half, lambda c: put(c, 1), lambda c: put(c, 2))
            ]
            await asyncio.sleep(0.05)
        return await asyncio.gather(*asked, return_exceptions=True)

    first, failed, again, last = run(all_at_once())
    assert (first, last) == (1, 2)
    assert isinstance(failed, KeyError)
    assert isinstance(again, IntegrityError)
    assert store.read_now(kept) == [1, 2]


def test_a_transaction_that_cannot_be_ended_well_fails_for_all_in_it(store: Store) -> None:
    def spoil(connection: Connection) -> None:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text("INSERT INTO members (project_id, person_id) VALUES (7, 7)"))

    async def all_at_once() -> list[object]:
        with Held(store):
            asked = [asyncio.ensure_future(store.write(work)) for work in (lambda c: put(c, 1), spoil)]
            await asyncio.sleep(0.05)
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = run(all_at_once())
    assert all(isinstance(each, IntegrityError) for each in answers)
    assert store.read_now(kept) == []
    assert store.write_now(lambda connection: put(connection, 3)) == 3  # the writer goes on


def test_what_nobody_waits_for_any_more_is_written(store: Store) -> None:
    async def given_up() -> None:
        with Held(store):
            asked = asyncio.ensure_future(store.write(lambda connection: put(connection, 1)))
            await asyncio.sleep(0.05)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked

    run(given_up())
    store.write_now(lambda connection: put(connection, 2))
    assert store.read_now(kept) == [1, 2]


def test_a_reader_sees_one_moment_and_cannot_write(store: Store) -> None:
    def twice(connection: Connection) -> tuple[list[int], list[int]]:
        before = kept(connection)
        store.write_now(lambda writing: put(writing, 1))
        return before, kept(connection)

    assert store.read_now(twice) == ([], [])
    assert store.read_now(kept) == [1]
    with pytest.raises(OperationalError, match="readonly"):
        store.read_now(lambda connection: put(connection, 2))


def test_closing_writes_what_waits_and_takes_nothing_more(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_now(lambda connection: connection.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY)")))
    with Held(store):
        waiting = [threading.Thread(target=store.write_now, args=(lambda c, n=n: put(c, n),)) for n in range(200)]
        for thread in waiting:
            thread.start()
    for thread in waiting:
        thread.join()
    store.close()
    with pytest.raises(RuntimeError, match="closed"):
        store.write_now(lambda connection: put(connection, 1000))
    with closing(sqlite3.connect(tmp_path / NAME)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (200,)


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == 150:
                process.send_signal(signal.SIGKILL)
                break
        told = [150, *map(int, process.stdout.read().split())]
        process.wait()
        process.stdout.close()
        with closing(sqlite3.connect(tmp_path / NAME)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            found = [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")]
            assert found == list(range(len(found)))
            assert len(found) > max(told)
            connection.execute("DROP TABLE kept")


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = Store(tmp_path)
        store.write_now(lambda connection: connection.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY)")))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}, modes
