"""What people have said of a document: its spans, what they have rejected, how far it is."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from tagloom.text import Span
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, people
from tagloom.workbench.documents.rows import spans_of
from tagloom.workbench.documents.states import State
from tagloom.workbench.documents.suggestions import Rejection, rejections_of
from tagloom.workbench.problems import Refused


@dataclass(frozen=True, slots=True)
class Labelling:
    """What people have said of a document.

    Args:
        revision: goes up with each change.
        state: how far it is.
        spans: what is labelled, in order.
        rejected: what was suggested, and is not to be suggested again.
        changed_at: seconds since 1970; None for never.
        changed_by: the name of who has changed it last; None for nobody.
    """

    revision: int
    state: State
    spans: list[Span]
    rejected: list[Rejection]
    changed_at: float | None
    changed_by: str | None


def document_row(connection: Connection, project_id: int, document_id: int) -> AnyRow:
    """The row of a document of a project.

    Raises:
        Refused: the project has none of that number.
    """
    query = select(documents).where(documents.c.id == document_id, documents.c.project_id == project_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise no_such_document()
    return row


def no_such_document() -> Refused:
    """What is said of a document that a project has not."""
    return Refused("no-such-thing", "There is no such document in this project.")


def labelling_of(connection: Connection, row: AnyRow) -> Labelling:
    """What people have said of the document of a row."""
    by = select(people.c.name).where(people.c.id == row.changed_by)
    return Labelling(
        revision=row.revision,
        state=State(row.state),
        spans=spans_of(connection, [row.id], with_proposals=True).get(row.id, []),
        rejected=rejections_of(connection, row.id),
        changed_at=row.changed_at,
        changed_by=None if row.changed_by is None else connection.execute(by).scalar_one_or_none(),
    )
