"""How far the labelling of a project is."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from tagloom.workbench.database.tables import documents


@dataclass(frozen=True, slots=True)
class Progress:
    """How many documents are in each state."""

    new: int = 0
    draft: int = 0
    submitted: int = 0
    skipped: int = 0
    discarded: int = 0


def progress_of(connection: Connection, project_id: int) -> Progress:
    """How far a project is: counted in an index, whose size is that of its documents' numbers."""
    query = (
        select(documents.c.state, func.count()).where(documents.c.project_id == project_id).group_by(documents.c.state)
    )
    return Progress(**dict(connection.execute(query).all()))
