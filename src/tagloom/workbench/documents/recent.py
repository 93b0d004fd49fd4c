"""What somebody has worked at last."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from tagloom.workbench.accounts.people import Person
from tagloom.workbench.database.tables import documents
from tagloom.workbench.documents.states import State

MOST = 50

_BEGINNING = 120


@dataclass(frozen=True, slots=True)
class RecentDocument:
    """A document that somebody has changed.

    Args:
        id: number.
        name: its id in files.
        beginning: of its text.
        state: how far it is.
        changed_at: seconds since 1970.
    """

    id: int
    name: str
    beginning: str
    state: State
    changed_at: float


def recent_documents(connection: Connection, project_id: int, person: Person) -> list[RecentDocument]:
    """The documents of a project that somebody has changed last, the last one first."""
    query = (
        select(
            documents.c.id,
            documents.c.name,
            func.substr(documents.c.text, 1, _BEGINNING).label("beginning"),
            documents.c.state,
            documents.c.changed_at,
        )
        .where(documents.c.project_id == project_id, documents.c.changed_by == person.id)
        .order_by(documents.c.changed_at.desc())
        .limit(MOST)
    )
    return [
        RecentDocument(row.id, row.name, row.beginning, State(row.state), row.changed_at)
        for row in connection.execute(query)
    ]
