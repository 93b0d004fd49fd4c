"""A workbench with an owner, a project and many documents, for what measures it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from labelled_projects import add_documents
from workbench_server import OWNER, WorkbenchServer, running_workbench

from tagloom.text import Document
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.states import State

WORDS = "I bought the Sony CE-7RM3 last year and its battery life is far better than that of my old D90 .".split()
TEXT = " ".join(WORDS)
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Prepared:
    """A data folder that a workbench can be started over.

    Args:
        folder: of the data.
        token: of the owner.
        project: number of the project.
    """

    folder: Path
    token: str
    project: int


def prepare(folder: Path, num_documents: int, text: str = TEXT) -> Prepared:
    """A new data folder with documents that are still to be labelled."""
    with running_workbench(folder) as server:
        prepared = _owned(server, folder)
    store = Store(folder)
    for first in range(0, num_documents, _AT_ONCE):
        some = range(first, min(first + _AT_ONCE, num_documents))
        given = [(Document(f"{text} {number}", id=str(number)), State.NEW) for number in some]
        store.write_now(lambda connection, given=given: add_documents(connection, prepared.project, given, {}))
    store.close()
    return prepared


def _owned(server: WorkbenchServer, folder: Path) -> Prepared:
    server.accept(server.link, OWNER).close()
    with server.logged_in(OWNER) as client:
        token = client.post("/api/tokens", json={"name": "benchmark"}).json()["secret"]
        project = client.post("/api/projects", json={"name": "Reviews", "template": "camera"}).json()["id"]
    return Prepared(folder, token, project)


@contextmanager
def running(prepared: Prepared, port: int = 0) -> Iterator[WorkbenchServer]:
    with running_workbench(prepared.folder, port=port) as server:
        yield server
