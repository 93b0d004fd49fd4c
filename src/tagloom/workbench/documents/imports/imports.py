"""Imports as rows: what is asked, how far it is, what was found."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from tagloom.workbench.database.rows import inserted, row_of
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, imports, people
from tagloom.workbench.documents.imports.asked import Asked
from tagloom.workbench.documents.imports.file_names import shown_name


class ImportState(StrEnum):
    """How far an import is."""

    UPLOADING = "uploading"
    """Its files are on their way."""
    WAITING = "waiting"
    """Its files are here, and are read next or are being read. None of its documents can be seen."""
    ADDING = "adding"
    """All is read and fit; its documents come in. From here on nothing in the files can stop it."""
    DONE = "done"
    FAILED = "failed"
    """It has brought nothing."""
    REMOVING = "removing"
    """What it brought is taken away."""


UNFINISHED = (ImportState.UPLOADING, ImportState.WAITING, ImportState.ADDING, ImportState.REMOVING)


@dataclass(frozen=True, slots=True)
class Import:
    """An import.

    Args:
        id: number.
        project_id: whose it is.
        name: of its files, for people.
        by: the name of who asked for it; None where they are gone.
        asked: what is asked.
        state: how far it is.
        num_expected: documents that were read; None before all are.
        num_portions: of these, that are in the tables.
        num_documents: that it has brought so far.
        num_repeated: with a text that the project had already.
        facts: what its files were taken for, and hold.
        findings: what was noticed, as `tagloom.data.Finding.to_json` has it.
        error: why it failed; empty where it did not.
        created_at: seconds since 1970.
    """

    id: int
    project_id: int
    name: str
    by: str | None
    asked: Asked
    state: ImportState
    num_expected: int | None
    num_portions: int
    num_documents: int
    num_repeated: int
    facts: dict[str, Any]
    findings: list[dict[str, Any]]
    error: str
    created_at: float


def begin_import(connection: Connection, project_id: int, person_id: int, asked: Asked, *, name: str = "") -> int:
    """A new import whose files are on their way; gives its number.

    Args:
        connection: to write with.
        project_id: whose it is.
        person_id: who asks for it.
        asked: what is asked.
        name: for people; empty for the names of its files.
    """
    of_files = " + ".join(map(shown_name, asked.names[:2])) + (" …" if len(asked.names) > 2 else "")
    return inserted(
        connection,
        imports,
        project_id=project_id,
        person_id=person_id,
        name=name or of_files,
        options=asked.to_json(),
        state=ImportState.UPLOADING.value,
        num_portions=0,
        num_documents=0,
        num_repeated=0,
        facts={},
        findings=[],
        error="",
        created_at=time.time(),
    )


def imports_of(connection: Connection, project_id: int) -> list[Import]:
    """Those of a project, the newest first."""
    query = _imports().where(imports.c.project_id == project_id).order_by(imports.c.id.desc())
    return [_import(row) for row in connection.execute(query)]


def import_in(connection: Connection, project_id: int, import_id: int) -> Import:
    """An import of a project.

    Raises:
        Refused: the project has none of that number.
    """
    query = _imports().where(imports.c.project_id == project_id, imports.c.id == import_id)
    return _import(row_of(connection, query, "There is no such import in this project."))


def import_with(connection: Connection, import_id: int) -> Import | None:
    """The import of that number; None where it was taken away, or its project was."""
    row = connection.execute(_imports().where(imports.c.id == import_id)).one_or_none()
    return None if row is None else _import(row)


def unfinished(connection: Connection) -> list[Import]:
    """Those that something is still to be done for."""
    query = _imports().where(imports.c.state.in_([state.value for state in UNFINISHED])).order_by(imports.c.id)
    return [_import(row) for row in connection.execute(query)]


def num_changed(connection: Connection, import_id: int) -> int:
    """How many of the documents that it brought somebody has worked on since."""
    query = select(func.count()).where(
        documents.c.import_id == import_id, or_(documents.c.revision > 0, documents.c.changed_at.is_not(None))
    )
    return connection.execute(query).scalar_one()


def advance(
    connection: Connection, import_id: int, states: Sequence[ImportState], to: ImportState, **values: Any
) -> bool:
    """Brings an import from one of some states to another; gives whether it was in one of them.

    Args:
        connection: to write with.
        import_id: its number.
        states: that it may be in.
        to: that it is to be in.
        values: of further columns.
    """
    found = connection.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.state.in_([state.value for state in states]))
        .values(state=to.value, **values)
    )
    return found.rowcount > 0


def forget(connection: Connection, import_id: int) -> None:
    """Takes the row of an import away."""
    connection.execute(delete(imports).where(imports.c.id == import_id))


def _imports() -> Any:
    return select(imports, people.c.name.label("by")).outerjoin(people, people.c.id == imports.c.person_id)


def _import(row: AnyRow) -> Import:
    values = row._asdict()
    del values["person_id"]
    asked = Asked.from_json(values.pop("options"))
    return Import(**{**values, "asked": asked, "state": ImportState(row.state)})
