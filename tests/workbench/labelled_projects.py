"""Projects with documents to label, written straight into the tables."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from tagloom.text import Document, Span
from tagloom.workbench.accounts.people import Person, add_person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.database.store import Store
from tagloom.workbench.database.tables import documents, suggestions
from tagloom.workbench.documents.imports.adding import MODEL as IMPORTS
from tagloom.workbench.documents.new_documents import new_document
from tagloom.workbench.documents.rows import add_rows
from tagloom.workbench.documents.span_checks import WantedSpan
from tagloom.workbench.documents.states import State
from tagloom.workbench.projects.labels import labels_of
from tagloom.workbench.projects.projects import add_project

LABELS = ("PNAME", "PFEATURE")


def a_project(store: Store, name: str = "Reviews") -> int:
    """A project with the labels of camera reviews."""
    return store.write_now(lambda connection: add_project(connection, name, "camera").id)


def a_person(store: Store, name: str) -> Person:
    """Somebody who labels."""
    return store.write_now(lambda connection: add_person(connection, name, Role.ANNOTATOR, "none"))


def add(store: Store, project: int, given: Iterable[Document], state: State = State.NEW) -> list[int]:
    """Adds documents, and gives their numbers."""

    def work(connection: Connection) -> list[int]:
        numbers = {label.name: label.id for label in labels_of(connection, project)}
        before = set(connection.execute(select(documents.c.id)).scalars())
        add_documents(connection, project, [(document, state) for document in given], numbers)
        return sorted(set(connection.execute(select(documents.c.id)).scalars()) - before)

    return store.write_now(work)


def add_documents(
    connection: Connection, project_id: int, given: Iterable[tuple[Document, State]], label_ids: Mapping[str, int]
) -> int:
    """Adds documents with their spans, each in its state, and gives how many."""
    rows = [(new_document(document, document.spans), state) for document, state in given]
    return len(add_rows(connection, project_id, rows, label_ids))


def suggest(store: Store, number: int, *spans: tuple[int, int, str, float | None], model: str = IMPORTS) -> None:
    """Keeps what an import, or a model, suggests for a document: beginning, end, label, score."""
    row = {"document_id": number, "model": model, "spans": [list(span) for span in spans]}
    store.write_now(lambda connection: connection.execute(insert(suggestions).values(row)))


def wanted(*spans: tuple[int, int, str], **said: Any) -> list[WantedSpan]:
    """Spans as they are wanted."""
    return [WantedSpan(Span(*span, **said)) for span in spans]
