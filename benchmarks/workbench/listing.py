"""How fast a workbench lists, searches, filters and counts many documents.

    PYTHONPATH=tests:tests/workbench python benchmarks/workbench/listing.py

Texts are those of the packaged camera reviews, numbered so that all differ, labelled, with metadata. Each request is
asked several times over HTTP, one at a time. The server is a process of its own, as users start it.
"""

import argparse
import asyncio
import itertools
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from clients import connected
from labelled_projects import add_documents
from prepared import Prepared, prepare, running

from tagloom.data.packaged import camera_reviews
from tagloom.text import Document
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.states import State
from tagloom.workbench.projects.labels import labels_by_name

CHOICES = {
    "all": {},
    "search, in many": {"search": "battery"},
    "search, in one": {"search": " 43210 "},
    "search, in none": {"search": "no such text"},
    "with a label": {"label": "PNAME"},
    "of a state": {"state": "new"},
    "of a state, search": {"state": "new", "search": "lens"},
    "metadata": {"filter": "brand=Nikon"},
    "metadata, in order": {"filter": "year>2020"},
    "regular expression": {"filter": "text~[0-9]{9}"},
}
ORDERS = ("added", "changed", "certainty")
_AT_ONCE = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--reviews", type=int, default=1, help="of a document: makes it longer")
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(Path(folder) / "data", 0)
        _fill(prepared, options.documents, options.reviews)
        with running(prepared) as server:
            asyncio.run(_measure(server.address, prepared, options.times))


async def _measure(address: str, prepared: Prepared, times: int) -> None:
    project = f"/api/projects/{prepared.project}"
    print(f"{'':24}{''.join(f'{name:>24}' for name in (*ORDERS, 'counts'))}")
    async with connected(address, prepared.token) as client:
        for name, choice in CHOICES.items():
            paths = [f"documents?{urlencode({**choice, 'order': order})}" for order in ORDERS]
            cells = []
            for path in (*paths, f"document-counts?{urlencode(choice)}"):
                taken = []
                for _ in range(times):
                    start = time.perf_counter()
                    status, answer = await client.ask("GET", f"{project}/{path}")
                    taken.append(time.perf_counter() - start)
                    assert status == 200, answer
                cells.append(f"{1e3 * statistics.median(taken):.1f} ms, most {1e3 * max(taken):.0f}")
            print(f"{name:24}{''.join(f'{cell:>24}' for cell in cells)}")


def _fill(prepared: Prepared, number: int, num_reviews: int) -> None:
    store = Store(prepared.folder)
    labels = store.write_now(lambda connection: labels_by_name(connection, prepared.project, ["PNAME", "PFEATURE"]))
    reviews = itertools.cycle(camera_reviews().train.documents)
    for first in range(0, number, _AT_ONCE):
        given = [
            (_review(reviews, place, num_reviews), State.SUBMITTED if place % 3 else State.NEW)
            for place in range(first, min(first + _AT_ONCE, number))
        ]
        store.write_now(lambda connection, given=given: add_documents(connection, prepared.project, given, labels))
    store.close()


def _review(reviews: "itertools.cycle[Document]", place: int, number: int) -> Document:
    first = next(reviews)
    text = "\n".join([f"{first.text} {place} .", *(next(reviews).text for _ in range(number - 1))])
    return Document(
        text, first.spans, str(place), {"brand": ("Nikon", "Sony")[place % 2], "year": str(2000 + place % 25)}
    )


if __name__ == "__main__":
    main()
