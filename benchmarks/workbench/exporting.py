"""How fast documents go out of a workbench in each format, in how much memory, while others save.

    PYTHONPATH=tests:tests/workbench python benchmarks/workbench/exporting.py

Texts are those of the packaged camera reviews, labelled, with their words. The server is a process of its own, as
users start it; its memory, and that of the process that writes, are looked at all the time.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import httpx
from labelled_projects import add_documents
from meanwhile import processor_seconds, saving
from prepared import Prepared, prepare, running

from tagloom.data import FORMATS
from tagloom.data.packaged import camera_reviews
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.states import State
from tagloom.workbench.projects.labels import labels_by_name

_AT_ONCE = 500
_SECONDS_BETWEEN = 0.02


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--there", type=int, default=10_000, help="documents that are saved meanwhile")
    parser.add_argument("--formats", nargs="*", default=[one.name for one in FORMATS])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(Path(folder) / "data", options.there)
        _fill(prepared, options.documents)
        with running(prepared) as server:
            asyncio.run(_measure(server.address, server.process.pid, prepared, options))


async def _measure(address: str, process: int, prepared: Prepared, options: argparse.Namespace) -> None:
    numbers = iter(range(1, 10**9))
    project = f"/api/projects/{prepared.project}"
    headers = {"Authorization": f"Bearer {prepared.token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=600, trust_env=False) as client:
        _, told = await saving(address, prepared.token, project, numbers, asyncio.sleep(3))
        print(f"saves alone: {told}")
        for name in options.formats:
            used = processor_seconds(process)
            first = await _exported(client, project, name)
            used = processor_seconds(process) - used
            watching = asyncio.create_task(_most_memory(process))
            second, told = await saving(address, prepared.token, project, numbers, _exported(client, project, name))
            watching.cancel()
            own, writer = await watching
            print(
                f"{name}: {first[1] / 1e6:.1f} MB in {first[0]:.2f} s ({used:.2f} s of the processor); "
                f"while others save {second[0]:.2f} s; {told}; "
                f"server {own:.0f} MiB, writer {writer:.0f} MiB"
            )


async def _exported(client: httpx.AsyncClient, project: str, name: str) -> tuple[float, int]:
    """Seconds until an export is here, and its bytes."""
    start, size = time.perf_counter(), 0
    query = {"format": name, "filter": "brand=Nikon"}  # not those that are saved meanwhile
    async with client.stream("GET", f"{project}/export", params=query) as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_bytes():
            size += len(piece)
    return time.perf_counter() - start, size


async def _most_memory(process: int) -> tuple[float, float]:
    """The most that the server and a process that it has started held, in MiB, until it is cancelled."""
    own = writer = 0.0
    try:
        while True:
            own = max(own, _memory(process))
            children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
            writer = max([writer, *(_memory(int(child)) for child in children if _is_writer(child))])
            await asyncio.sleep(_SECONDS_BETWEEN)
    except asyncio.CancelledError:
        return own, writer


def _memory(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def _is_writer(process: str) -> bool:
    try:
        return b"exports.writing" in Path(f"/proc/{process}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def _fill(prepared: Prepared, number: int) -> None:
    store = Store(prepared.folder)
    labels = store.write_now(lambda connection: labels_by_name(connection, prepared.project, ["PNAME", "PFEATURE"]))
    reviews = itertools.cycle(camera_reviews().train.documents)
    for first in range(0, number, _AT_ONCE):
        given = [
            (replace(next(reviews), id=str(place), metadata={"brand": "Nikon"}), State.SUBMITTED)
            for place in range(first, min(first + _AT_ONCE, number))
        ]
        store.write_now(lambda connection, given=given: add_documents(connection, prepared.project, given, labels))
    store.close()


if __name__ == "__main__":
    main()
