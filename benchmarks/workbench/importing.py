"""How fast documents come into a workbench, from the first byte of the request until all can be seen.

    PYTHONPATH=tests:tests/workbench python benchmarks/workbench/importing.py

Texts are those of the packaged camera reviews, numbered so that all differ, labelled. Once nobody else asks for
anything; once others save meanwhile. The server is a process of its own, as users start it.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import httpx
from meanwhile import processor_seconds, saving
from prepared import Prepared, prepare, running

from tagloom.data import Dataset, write
from tagloom.data.packaged import camera_reviews
from tagloom.text import Document

FORMATS = ("json_lines", "conll", "text", "csv", "doccano")
_SECONDS_BETWEEN = 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--there", type=int, default=10_000, help="documents that are there before")
    parser.add_argument("--formats", nargs="*", default=FORMATS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = {name: _file(Path(folder), name, options.documents) for name in options.formats}
        prepared = prepare(Path(folder) / "data", options.there)
        with running(prepared) as server:
            asyncio.run(_measure(server.address, server.process.pid, prepared, files))


async def _measure(address: str, process: int, prepared: Prepared, files: dict[str, Path]) -> None:
    numbers = iter(range(1, 10**9))
    project = f"/api/projects/{prepared.project}"
    headers = {"Authorization": f"Bearer {prepared.token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=600, trust_env=False) as client:
        _, told = await saving(address, prepared.token, project, numbers, asyncio.sleep(3))
        print(f"saves alone: {told}")
        for name, path in files.items():
            used = processor_seconds(process)
            first, number = await _imported(client, project, name, path)
            used = processor_seconds(process) - used
            (second, _), told = await saving(
                address, prepared.token, project, numbers, _imported(client, project, name, path)
            )
            print(
                f"{name} ({number:,} in {path.stat().st_size / 1e6:.1f} MB): {number / first:,.0f} documents/s "
                f"({first:.2f} s, {used:.2f} s of the processor); "
                f"while others save {number / second:,.0f}/s; {told}"
            )


async def _imported(client: httpx.AsyncClient, project: str, name: str, path: Path) -> tuple[float, int]:
    """Seconds until all documents of a file can be seen, and how many these are: in tables each sentence is one."""
    start = time.perf_counter()
    query = {"name": path.name, "format": name}
    answer = await client.post(f"{project}/imports", params=query, content=path.read_bytes())
    answer.raise_for_status()
    address = f"{project}/imports/{answer.json()['id']}"
    while (found := (await client.get(address)).json())["state"] != "done":
        await asyncio.sleep(_SECONDS_BETWEEN)
    return time.perf_counter() - start, found["num_documents"]


def _file(folder: Path, name: str, number: int) -> Path:
    parts = camera_reviews()
    reviews = [*parts.train.documents, *parts.dev.documents, *parts.test.documents]
    documents = tuple(
        _numbered(review, place) for place, review in zip(range(number), itertools.cycle(reviews), strict=False)
    )
    path = folder / f"reviews.{name}"
    write(Dataset(documents), path, format=name)
    return path


def _numbered(review: Document, number: int) -> Document:
    """A review that no other one is equal to."""
    return replace(review, text=f"{review.text} {number}", id=str(number), tokens=None, sentence_bounds=None)


if __name__ == "__main__":
    main()
