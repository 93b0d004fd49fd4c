"""How long a feature set of many documents takes, how much memory its process, and how pages fare meanwhile.

PYTHONPATH=tests:tests/workbench python benchmarks/workbench/feature_sets.py [DOCUMENTS]
"""

import sys
import tempfile
import time
from pathlib import Path

from labelled_projects import a_project, add
from workbench_server import OWNER, running_workbench

from server_process import until
from tagloom.data.packaged import camera_reviews
from tagloom.text import Document
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.states import State

_PROGRAM = "tagloom.workbench.feature_sets.making"


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    folder = Path(tempfile.mkdtemp())
    with running_workbench(folder) as server:
        server.accept(server.link, OWNER).close()
        store = Store(folder)
        project = a_project(store)
        reviews = camera_reviews().train.documents
        for first in range(0, number, 1000):
            some = [
                Document(f"{place} {own.text}", id=f"review {place}", metadata={"product": str(place % 500)})
                for place in range(first, first + 1000)
                for own in [reviews[place % len(reviews)]]
            ]
            add(store, project, some, State.SUBMITTED)
        store.close()
        with server.logged_in(OWNER) as client:
            address = f"/api/projects/{project}"
            began, most, waits = time.monotonic(), 0, []
            client.post(f"{address}/feature-sets", json={}).raise_for_status()

            def is_ready() -> bool:
                nonlocal most
                most = max(most, _resident(_PROGRAM))
                asked = time.monotonic()
                found = client.get(f"{address}/feature-sets").json()[0]
                waits.append(time.monotonic() - asked)
                return bool(found["state"] != "making")

            until(is_ready, 600)
            print(f"{number:,} documents: {time.monotonic() - began:.1f} s, {most / 2**20:.0f} MiB at most")
            print(
                f"a list meanwhile: {1000 * sorted(waits)[len(waits) // 2]:.1f} ms, {1000 * max(waits):.0f} ms at most"
            )


def _resident(program: str) -> int:
    """Bytes that the process of that program holds; 0 where there is none."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if program.encode() in (process / "cmdline").read_bytes():
                return int((process / "statm").read_text().split()[1]) * 4096
        except OSError:
            continue
    return 0


if __name__ == "__main__":
    main()
