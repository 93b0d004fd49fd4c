"""People who save while something else goes on: whether they notice it."""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from clients import connected

T = TypeVar("T")

CLIENTS, PAUSE = 5, 0.05  # a hundred saves a second: dozens of people


async def saving(address: str, token: str, project: str, numbers: Iterator[int], work: Awaitable[T]) -> tuple[T, str]:
    """What some work gives, and how long saves took meanwhile.

    Args:
        address: of the server.
        token: of who saves.
        project: its address in the API.
        numbers: of documents that nobody has saved yet.
        work: what goes on meanwhile.
    """
    times: list[float] = []
    clients = [asyncio.create_task(_save(address, token, project, numbers, times)) for _ in range(CLIENTS)]
    try:
        return await work, _told(times)
    finally:
        for client in clients:
            client.cancel()
        for client in clients:
            with suppress(asyncio.CancelledError):
                await client


def processor_seconds(process: int) -> float:
    """What a process and those that it has started and that have ended used, which tells more than a clock where others
    compute, too."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


async def _save(address: str, token: str, project: str, numbers: Iterator[int], times: list[float]) -> None:
    wanted = {"revision": 0, "spans": [{"start": 0, "end": 1, "label": "PNAME"}], "state": "submitted"}
    async with connected(address, token) as client:
        for number in numbers:
            start = time.perf_counter()
            status, answer = await client.ask("PUT", f"{project}/documents/{number}/labelling", wanted)
            assert status == 200, answer
            times.append(time.perf_counter() - start)
            await asyncio.sleep(PAUSE)


def _told(times: list[float]) -> str:
    if len(times) < 2:
        return "no saves"
    p99 = sorted(times)[round(0.99 * (len(times) - 1))]
    return (
        f"{len(times)} saves, median {1e3 * statistics.median(times):.1f} ms, p99 {1e3 * p99:.1f} ms, "
        f"most {1e3 * max(times):.1f} ms"
    )
