"""How fast a workbench saves labels, and gives the next document.

    PYTHONPATH=tests:tests/workbench python benchmarks/workbench/saving.py

Clients save at once, each other documents: each save adds a span to those that the document has, as the page does. Then
one client alone; then the next document is asked for. The server is a process of its own, as users start it.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from clients import Client, connected
from prepared import WORDS, prepare, running

SPANS_EACH = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--saves", type=int, default=3_000)
    parser.add_argument("--next", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(Path(folder) / "data", options.documents)
        with running(prepared) as server:
            project = f"/api/projects/{prepared.project}"
            asyncio.run(_measure(server.address, server.process.pid, prepared.token, project, options))


async def _measure(address: str, process: int, token: str, project: str, options: argparse.Namespace) -> None:
    numbers = iter(range(1, options.documents + 1))
    async with connected(address, token) as client:
        await _saves(client, project, next(numbers))  # so that nothing is for the first time
    used, start = _processor_seconds(process), time.perf_counter()
    num_saves = options.saves // options.clients
    together = await asyncio.gather(
        *(_client(address, token, project, numbers, num_saves) for _ in range(options.clients))
    )
    seconds = time.perf_counter() - start
    times = sorted(each for own in together for each in own)
    each = 1e3 * (_processor_seconds(process) - used) / len(times)
    rate = len(times) / seconds
    print(f"{options.clients} clients: {rate:,.0f} saves/s, {_told(times)}; {each:.2f} ms of the processor each")
    async with connected(address, token) as client:
        await _measure_one(client, project, numbers, options)


async def _measure_one(client: Client, project: str, numbers: Iterator[int], options: argparse.Namespace) -> None:
    """What one client waits for."""
    alone = [each for _ in range(60) for each in await _saves(client, project, next(numbers))]
    print(f"one client: {_told(sorted(alone))}")
    for order in ("as-is", "random", "least-sure"):
        times = await _nexts(client, project, order, options.next)
        print(f"next of {options.documents:,} documents, {order}: {_told(times)}")
    progress = [await _timed(client, "GET", f"{project}/progress") for _ in range(100)]
    print(f"progress of {options.documents:,} documents: {_told(sorted(progress))}")


async def _client(address: str, token: str, project: str, numbers: Iterator[int], num_saves: int) -> list[float]:
    times: list[float] = []
    async with connected(address, token) as client:
        while len(times) < num_saves:
            times += await _saves(client, project, next(numbers))
    return times


async def _saves(client: Client, project: str, number: int) -> list[float]:
    """The times of a few saves of a document, each with a span more; the last one submits it."""
    spans, times, start = [], [], 0
    for revision, word in enumerate(WORDS[:SPANS_EACH]):
        spans.append({"start": start, "end": start + len(word), "label": "PNAME"})
        start += len(word) + 1
        body = {"revision": revision, "spans": spans, "rejected": []}
        if revision == SPANS_EACH - 1:
            body["state"] = "submitted"
        times.append(await _timed(client, "PUT", f"{project}/documents/{number}/labelling", body))
    return times


async def _nexts(client: Client, project: str, order: str, times: int) -> list[float]:
    found, after = [], None
    for _ in range(times):
        start = time.perf_counter()
        status, answer = await client.ask("POST", f"{project}/queue", {"order": order, "after": after})
        found.append(time.perf_counter() - start)
        assert status == 200, answer
        after = int(answer.split(b'"id":')[1].split(b",")[0])
    return sorted(found)


async def _timed(client: Client, method: str, path: str, body: object = None) -> float:
    start = time.perf_counter()
    status, answer = await client.ask(method, path, body)
    assert status == 200, answer
    return time.perf_counter() - start


def _processor_seconds(process: int) -> float:
    """What a process has used so far, which tells more than a clock where others compute, too."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(times: list[float]) -> str:
    p99 = times[min(len(times) - 1, round(0.99 * len(times)))]
    return f"median {1e3 * statistics.median(times):.1f} ms, p99 {1e3 * p99:.1f} ms, most {1e3 * times[-1]:.1f} ms"


if __name__ == "__main__":
    main()
