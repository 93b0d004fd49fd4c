"""Several documents changed at once: submitted, put back, discarded, taken away."""

import time
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, case, delete, exists, update

from tagloom.workbench.database.tables import documents, spans
from tagloom.workbench.documents.states import State

MOST_AT_ONCE = 200
"""Documents that a request changes, so that nobody who saves meanwhile waits for it."""


class Action(StrEnum):
    """What is done with documents."""

    SUBMIT = "submit"
    """They are labelled as they are."""
    PUT_BACK = "put_back"
    """They are to be labelled again, with the spans that they have."""
    DISCARD = "discard"
    """They are not to be learned from."""


def change_states(
    connection: Connection, project_id: int, ids: Sequence[int], action: Action, *, person_id: int
) -> int:
    """Does something with documents, and gives how many that changed; what is not of the project is passed over.

    Args:
        connection: to write with.
        project_id: whose documents they are.
        ids: their numbers.
        action: what is done.
        person_id: who does it.
    """
    has_spans = exists().where(spans.c.document_id == documents.c.id)
    to = {
        Action.SUBMIT: State.SUBMITTED.value,
        Action.DISCARD: State.DISCARDED.value,
        Action.PUT_BACK: case((has_spans, State.DRAFT.value), else_=State.NEW.value),
    }[action]
    changed = {
        "state": to,
        "revision": documents.c.revision + 1,
        "changed_at": time.time(),
        "changed_by": person_id,
        "held_by": None,
        "held_until": None,
    }
    query = update(documents).where(
        documents.c.project_id == project_id, documents.c.id.in_(ids), documents.c.state != to
    )
    return connection.execute(query.values(changed)).rowcount


def remove_documents(connection: Connection, project_id: int, ids: Sequence[int]) -> int:
    """Takes documents away with their spans, and gives how many; what is not of the project is passed over."""
    query = delete(documents).where(documents.c.project_id == project_id, documents.c.id.in_(ids))
    return connection.execute(query).rowcount
