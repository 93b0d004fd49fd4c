"""The feature sets of a project as rows: what was asked, how far each is, what it holds. None is ever changed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from tagloom.workbench.database.rows import inserted, row_of
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, feature_sets, imports, people, trainings
from tagloom.workbench.documents.states import State as DocumentState
from tagloom.workbench.feature_sets.asked import Asked
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.projects import fit_name

_TAKEN = "Another feature set has that name. Choose another."


class State(StrEnum):
    """How far a feature set is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """A feature set.

    Args:
        id: number, also of its folder: `Folders.feature_set`.
        project_id: whose it is.
        name: for people; no other of the project has it.
        by: the name of who made it; None where they are gone.
        asked: what was asked.
        state: how far it is.
        parts: how much each part holds, as `data inspect --json` tells it; empty before it is ready.
        severities: how many kinds of findings there are of each severity; likewise.
        num_trainings: that learn from it.
        error: why it failed; empty where it did not.
        created_at: seconds since 1970.
    """

    id: int
    project_id: int
    name: str
    by: str | None
    asked: Asked
    state: State
    parts: Mapping[str, Any]
    severities: Mapping[str, int]
    num_trainings: int
    error: str
    created_at: float


def begin_feature_set(connection: Connection, project_id: int, person_id: int, name: str, asked: Asked) -> int:
    """A new feature set that is to be made; gives its number.

    Args:
        connection: to write with.
        project_id: whose it is.
        person_id: who makes it.
        name: for people; empty for the next one of its kind.
        asked: which documents, and how they are divided.

    Raises:
        Refused: there are no documents for it, or the name is none or taken.
    """
    if not num_documents(connection, project_id, with_drafts=asked.with_drafts):
        raise Refused("wrong-state", "No document of this project is submitted yet. Label some and submit them.")
    values = {
        "project_id": project_id,
        "person_id": person_id,
        "name": fit_name(name) if name.strip() else _next_name(connection, project_id),
        "options": asked.to_json(),
        "state": State.MAKING.value,
        "error": "",
        "created_at": time.time(),
    }
    return inserted(connection, feature_sets, taken=Refused("name-taken", _TAKEN), **values)


def feature_sets_of(connection: Connection, project_id: int) -> list[FeatureSet]:
    """Those of a project, the newest first."""
    query = _feature_sets().where(feature_sets.c.project_id == project_id).order_by(feature_sets.c.id.desc())
    return [_feature_set(row) for row in connection.execute(query)]


def feature_set_in(connection: Connection, project_id: int, feature_set_id: int) -> FeatureSet:
    """A feature set of a project.

    Raises:
        Refused: the project has none of that number.
    """
    query = _feature_sets().where(feature_sets.c.project_id == project_id, feature_sets.c.id == feature_set_id)
    return _feature_set(row_of(connection, query, "There is no such feature set in this project."))


def sections_of(connection: Connection, feature_set_id: int) -> list[dict[str, Any]]:
    """What its page shows of what it holds, as `pages.blocks` has it; nothing before it is ready."""
    query = select(feature_sets.c.summary["sections"]).where(feature_sets.c.id == feature_set_id)
    return connection.execute(query).scalar_one() or []


def to_make(connection: Connection) -> list[FeatureSet]:
    """Those that are still to be made."""
    query = _feature_sets().where(feature_sets.c.state == State.MAKING.value).order_by(feature_sets.c.id)
    return [_feature_set(row) for row in connection.execute(query)]


def known(connection: Connection) -> set[int]:
    """The numbers of all feature sets."""
    return set(connection.execute(select(feature_sets.c.id)).scalars())


def end_making(connection: Connection, feature_set_id: int, said: Mapping[str, Any]) -> None:
    """Notes what came of making one: its `summary`, or why it was `refused`."""
    is_ready = "summary" in said
    values = {
        "state": (State.READY if is_ready else State.FAILED).value,
        "summary": said.get("summary"),
        "error": said.get("refused", ""),
    }
    connection.execute(update(feature_sets).where(feature_sets.c.id == feature_set_id).values(values))


def rename_feature_set(connection: Connection, feature_set_id: int, name: str) -> None:
    """Another name for people.

    Raises:
        Refused: it is none, or taken.
    """
    try:
        connection.execute(update(feature_sets).where(feature_sets.c.id == feature_set_id).values(name=fit_name(name)))
    except IntegrityError:
        raise Refused("name-taken", _TAKEN) from None


def remove_feature_set(connection: Connection, feature_set: FeatureSet) -> None:
    """Takes one away.

    Raises:
        Refused: trainings learn from it.
    """
    if feature_set.num_trainings:
        raise Refused("wrong-state", "Trainings have learned from it. Take those away first.")
    connection.execute(delete(feature_sets).where(feature_sets.c.id == feature_set.id))


def num_documents(connection: Connection, project_id: int, *, with_drafts: bool) -> int:
    """How many documents of a project may be in one."""
    states = [DocumentState.SUBMITTED, *([DocumentState.DRAFT] if with_drafts else [])]
    query = select(func.count()).where(
        documents.c.project_id == project_id, documents.c.state.in_([state.value for state in states])
    )
    return connection.execute(query).scalar_one()


def fields_of(connection: Connection, project_id: int) -> list[str]:
    """Names in the metadata of a project's documents, as its imports brought them."""
    facts = connection.execute(select(imports.c.facts).where(imports.c.project_id == project_id)).scalars()
    return list(dict.fromkeys(name for each in facts for name in each.get("fields", ())))


def _next_name(connection: Connection, project_id: int) -> str:
    query = select(feature_sets.c.name).where(feature_sets.c.project_id == project_id)
    taken = set(connection.execute(query).scalars())
    number = len(taken) + 1
    while f"Feature set {number}" in taken:
        number += 1
    return f"Feature set {number}"


def _feature_sets() -> Any:
    of_it = select(func.count()).where(trainings.c.feature_set_id == feature_sets.c.id).scalar_subquery()
    kept = [column for column in feature_sets.c if column.name not in ("summary", "person_id")]
    return select(
        *kept,
        feature_sets.c.summary["parts"].label("parts"),
        feature_sets.c.summary["severities"].label("severities"),
        people.c.name.label("by"),
        of_it.label("num_trainings"),
    ).outerjoin(people, people.c.id == feature_sets.c.person_id)


def _feature_set(row: AnyRow) -> FeatureSet:
    values = row._asdict()
    asked = Asked.from_json(values.pop("options"))
    told = {"parts": row.parts or {}, "severities": row.severities or {}, "state": State(row.state)}
    return FeatureSet(**{**values, **told, "asked": asked})
