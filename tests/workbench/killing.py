"""A workbench that is killed amid saves, again and again; what it has acknowledged is compared with what it has."""

import asyncio
import os
import random
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from clients import Client, connected
from labelled_projects import add
from own_loop import run
from sqlalchemy import Connection
from workbench_server import WorkbenchServer, running_workbench

from tagloom.text import Document
from tagloom.workbench.accounts.people import add_person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.accounts.tokens import create_token
from tagloom.workbench.database.store import NAME, Store
from tagloom.workbench.folders import Folders
from tagloom.workbench.projects.projects import add_project

CLIENTS = 10
WORDS = "The Sony CE-7RM3 beats my old D90 .".split()
TEXT = " ".join(WORDS)

Saved = tuple[str, tuple[tuple[int, int], ...]]
"""State and spans of a document."""


@dataclass
class Memory:
    """What clients know of the documents that they saved.

    Args:
        acknowledged: what the server has said that it has.
        sent: what it was sent since, and has not answered.
        num_acknowledged: saves that were answered.
    """

    acknowledged: dict[int, Saved] = field(default_factory=dict)
    sent: dict[int, Saved] = field(default_factory=dict)
    num_acknowledged: int = 0


def kill_amid_saves(folder: Path, *, num_kills: int, num_saves: int, seed: int = 1) -> Memory:
    """Saves through a server that is killed on the way, each time after as many saves, with others under way.

    Args:
        folder: of its data; made here.
        num_kills: how often it is killed.
        num_saves: that are acknowledged in all, at least.
        seed: of the moments.

    Raises:
        AssertionError: something that was acknowledged is gone, or the database is not sound.
    """
    memory, chance = Memory(), random.Random(seed)
    store = Store(Folders(folder).root)
    token, project = store.write_now(_prepared)
    numbers = count(add(store, project, [Document(f"{TEXT} {number}") for number in range(num_saves)])[0])
    store.close()
    for number in range(1, num_kills + 1):
        with running_workbench(folder) as server:
            until = num_saves * number // num_kills
            run(_save_until(server, token, f"/api/projects/{project}", numbers, memory, until, chance))
            server.process.wait()
        memory.acknowledged |= expect_kept(folder, memory)
        memory.sent.clear()
    return memory


def expect_kept(folder: Path, memory: Memory) -> dict[int, Saved]:
    """Compares the database of a server that has ended with what clients know; gives what it has of these documents.

    Raises:
        AssertionError: something that was acknowledged is gone, or the database is not sound.
    """
    with closing(sqlite3.connect(folder / NAME)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        found = {number: _there(connection, number) for number in memory.acknowledged.keys() | memory.sent.keys()}
        for number, there in found.items():
            may_be = [memory.acknowledged.get(number, ("new", ())), memory.sent.get(number)]
            assert there in may_be, f"document {number}: expected one of {may_be}, found {there}"
    return found


def _there(connection: sqlite3.Connection, number: int) -> Saved:
    (state,) = connection.execute("SELECT state FROM documents WHERE id = ?", (number,)).fetchone()
    rows = connection.execute('SELECT start, "end" FROM spans WHERE document_id = ? ORDER BY start', (number,))
    return state, tuple((start, end) for start, end in rows)


def _prepared(connection: Connection) -> tuple[str, int]:
    """A token of somebody, and a project."""
    person = add_person(connection, "Ada", Role.ADMIN, "none")
    _, token = create_token(connection, person, "kills")
    return token, add_project(connection, "Reviews", "camera").id


async def _save_until(
    server: WorkbenchServer,
    token: str,
    project: str,
    numbers: Iterator[int],
    memory: Memory,
    until: int,
    chance: random.Random,
) -> None:
    """Clients save; once so many saves were acknowledged, the server is killed at some moment of the next ones."""
    clients = [asyncio.create_task(_client(server.address, token, project, numbers, memory)) for _ in range(CLIENTS)]
    while memory.num_acknowledged < until:
        await asyncio.sleep(0.001)
    await asyncio.sleep(chance.uniform(0, 0.02))
    os.kill(server.process.pid, signal.SIGKILL)
    await asyncio.gather(*clients)


async def _client(address: str, token: str, project: str, numbers: Iterator[int], memory: Memory) -> None:
    try:
        async with connected(address, token) as client:
            while True:
                await _label(client, project, next(numbers), memory)
    except (ConnectionError, asyncio.IncompleteReadError):
        return


async def _label(client: Client, project: str, number: int, memory: Memory) -> None:
    """Saves a document a few times, with a span more each time; the last one submits it."""
    spans: list[dict[str, Any]] = []
    start = 0
    for revision, word in enumerate(WORDS[:4]):
        spans.append({"start": start, "end": start + len(word), "label": "PNAME"})
        start += len(word) + 1
        state = "submitted" if revision == 3 else "draft"
        memory.sent[number] = (state, tuple((span["start"], span["end"]) for span in spans))
        body = {"revision": revision, "spans": spans, "state": state}
        status, answer = await client.ask("PUT", f"{project}/documents/{number}/labelling", body)
        assert status == 200, answer
        memory.acknowledged[number] = memory.sent.pop(number)
        memory.num_acknowledged += 1
