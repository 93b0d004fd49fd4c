"""Portions of an import into the tables, and out of them again: each in a transaction of its own."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, or_, select, update

from tagloom.workbench.database.tables import documents, imports
from tagloom.workbench.documents.imports.asked import Labels, Repeated, Unlabelled
from tagloom.workbench.documents.imports.imports import Import, ImportState
from tagloom.workbench.documents.imports.portions import Portion
from tagloom.workbench.documents.new_documents import NewDocument
from tagloom.workbench.documents.rows import add_rows
from tagloom.workbench.documents.states import State
from tagloom.workbench.projects.labels import labels_by_name

MODEL = "import"
"""Whose the suggestions of an import are."""

_REMOVED_AT_ONCE = 100


def add_portion(connection: Connection, one: Import, place: int, portion: Portion) -> bool:
    """Puts a portion into the tables; gives whether the import still wants it.

    Args:
        connection: to write with.
        one: the import.
        place: of the portion among those of the import, from 0.
        portion: its documents.
    """
    is_wanted = select(imports.c.id).where(
        imports.c.id == one.id, imports.c.state == ImportState.ADDING.value, imports.c.num_portions == place
    )
    if connection.execute(is_wanted).one_or_none() is None:
        return False
    repeated = _repeated(connection, one, portion)
    kept = [new for new in portion if one.asked.repeated is Repeated.KEPT or new.digest not in repeated]
    names = dict.fromkeys(span[2] for new in kept for span in (*new.spans, *new.suggestions))
    add_rows(
        connection,
        one.project_id,
        [(new, _state(new, one)) for new in kept],
        labels_by_name(connection, one.project_id, list(names)),
        import_id=one.id,
        model=MODEL,
    )
    counts = {
        "num_portions": place + 1,
        "num_documents": imports.c.num_documents + len(kept),
        "num_repeated": imports.c.num_repeated + sum(new.digest in repeated for new in portion),
    }
    connection.execute(update(imports).where(imports.c.id == one.id).values(counts))
    return True


def remove_some(connection: Connection, one: Import) -> int:
    """Takes some documents of an import away, and gives how many; 0 when none is left."""
    some = select(documents.c.id).where(documents.c.import_id == one.id).limit(_REMOVED_AT_ONCE)
    return connection.execute(delete(documents).where(documents.c.id.in_(some.scalar_subquery()))).rowcount


def _repeated(connection: Connection, one: Import, portion: Sequence[NewDocument]) -> set[int]:
    """The digests in a portion that documents of the project have, which this import has not brought."""
    given = func.json_each(json.dumps([new.digest for new in portion])).table_valued("value")
    query = select(documents.c.digest).where(
        documents.c.project_id == one.project_id,
        documents.c.digest.in_(select(given.c.value)),
        or_(documents.c.import_id.is_(None), documents.c.import_id != one.id),
    )
    return set(connection.execute(query).scalars())


def _state(new: NewDocument, one: Import) -> State:
    """How far the labelling of a document is that comes in."""
    if new.spans:
        return State.SUBMITTED
    if new.suggestions or one.asked.labels in (Labels.TO_CHECK, Labels.LEFT_OUT):
        return State.NEW
    is_labelled = {
        Unlabelled.BY_FORMAT: bool(one.facts.get("is_tagged")),
        Unlabelled.TO_LABEL: False,
        Unlabelled.LABELLED: True,
    }
    return State.SUBMITTED if is_labelled[one.asked.unlabelled] else State.NEW
