"""The documents of a project as `tagloom.text` has them, some at a time, so that any number goes through."""

from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, select

from tagloom.text import Document
from tagloom.workbench.database.store import Store
from tagloom.workbench.database.tables import documents
from tagloom.workbench.documents.rows import document_of, spans_of
from tagloom.workbench.documents.states import State

AT_ONCE = 500
"""Documents that one reading takes: few enough that nobody waits for it."""


def documents_after(
    connection: Connection,
    project_id: int,
    after_id: int,
    *,
    limit: int = AT_ONCE,
    states: Sequence[State] = (State.SUBMITTED,),
) -> list[tuple[int, Document]]:
    """The next documents of a project with their numbers, in the order of these.

    Args:
        connection: to read with.
        project_id: whose they are.
        after_id: number of the last one before them; 0 for the first.
        limit: how many at most.
        states: that they are in.
    """
    query = (
        select(documents)
        .where(documents.c.project_id == project_id, documents.c.state.in_(list(states)), documents.c.id > after_id)
        .order_by(documents.c.id)
        .limit(limit)
    )
    rows = list(connection.execute(query))
    own = spans_of(connection, [row.id for row in rows])
    return [(row.id, document_of(row, tuple(own.get(row.id, ())))) for row in rows]


def labelled_documents(
    store: Store, project_id: int, *, states: Sequence[State] = (State.SUBMITTED,)
) -> Iterator[tuple[int, Document]]:
    """All documents of a project in these states with their numbers, read some at a time as they are asked for.

    It waits for the database: go through it in a thread or process, never in the event loop. What is saved meanwhile
    is found where its document was not passed yet.
    """
    after = 0
    while found := store.read_now(partial(documents_after, project_id=project_id, after_id=after, states=states)):
        yield from found
        after = found[-1][0]
