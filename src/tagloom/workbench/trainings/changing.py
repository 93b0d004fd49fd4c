"""Trainings begun, stopped, gone on with and taken away as rows: what people ask for, and what becomes of it."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from tagloom.schemes import OUTSIDE
from tagloom.workbench.database.rows import inserted
from tagloom.workbench.database.tables import trainings
from tagloom.workbench.feature_sets.feature_sets import FeatureSet, feature_set_in
from tagloom.workbench.feature_sets.feature_sets import State as FeatureSetState
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.projects import fit_name
from tagloom.workbench.trainings.process import Process
from tagloom.workbench.trainings.trainings import State, Training, training_of

ACTIVE = (State.RUNNING, State.STOPPING)
"""The states in which there is a process."""

_WEIGHTS = "label_weights"
_TAKEN = "Another training has that name. Choose another."


def queue_trainings(
    connection: Connection,
    project_id: int,
    person_id: int,
    feature_set_id: int,
    name: str,
    options: Sequence[Mapping[str, Any]],
) -> list[int]:
    """New trainings that wait for their turn; gives their numbers.

    Args:
        connection: to write with.
        project_id: whose they are.
        person_id: who asks for them.
        feature_set_id: that they learn from.
        name: for people; empty for the next one of its kind. Where there are several, each has its seed behind it.
        options: of each.

    Raises:
        Refused: the feature set is none of the project's, is not ready or lacks labels that options name, or the name
            is none or taken.
    """
    feature_set = feature_set_in(connection, project_id, feature_set_id)
    if feature_set.state is not FeatureSetState.READY:
        raise Refused("wrong-state", "The feature set is not ready. Choose another, or wait until it is.")
    _expect_labels(feature_set, options)
    shared = fit_name(name) if name.strip() else _next_name(connection, project_id)
    seeds = [f", seed {own.get('seed', 13)}" if len(options) > 1 else "" for own in options]
    return [
        _queue(connection, project_id, person_id, feature_set_id, f"{shared}{seed}", own)
        for own, seed in zip(options, seeds, strict=True)
    ]


def ask_to_stop(connection: Connection, training: Training) -> None:
    """Asks a training to stop where it is; it can be gone on with.

    Raises:
        Refused: it is neither waiting nor running.
    """
    if _advance(connection, training.id, [State.QUEUED], State.STOPPED, ended_at=time.time()):
        return
    if not _advance(connection, training.id, ACTIVE, State.STOPPING):
        raise Refused("wrong-state", "It is not running.")


def ask_to_go_on(connection: Connection, training: Training) -> None:
    """Lets a training that was stopped or has failed wait for its turn again.

    Raises:
        Refused: it was not stopped and has not failed.
    """
    if not _advance(
        connection, training.id, [State.STOPPED, State.FAILED], State.QUEUED, error="", ended_at=None, num_in_vain=0
    ):
        raise Refused("wrong-state", "It is running, waiting, or finished. Train anew with other options.")


def rename_training(connection: Connection, training: Training, name: str) -> None:
    """Another name for people.

    Raises:
        Refused: it is none, or taken.
    """
    try:
        connection.execute(update(trainings).where(trainings.c.id == training.id).values(name=fit_name(name)))
    except IntegrityError:
        raise Refused("name-taken", _TAKEN) from None


def remove_training(connection: Connection, training: Training) -> None:
    """Takes a training away; what was deployed of it stays deployed.

    Raises:
        Refused: it is running.
    """
    if training.state in ACTIVE:
        raise Refused("wrong-state", "It is running. Stop it first.")
    connection.execute(delete(trainings).where(trainings.c.id == training.id))


def unfinished(connection: Connection) -> list[Training]:
    """Those of all projects that are running or wait, in the order in which they were asked for."""
    states = [state.value for state in (*ACTIVE, State.QUEUED)]
    query = select(trainings).where(trainings.c.state.in_(states)).order_by(trainings.c.id)
    return [training_of(row) for row in connection.execute(query)]


def known(connection: Connection) -> set[int]:
    """The numbers of all trainings."""
    return set(connection.execute(select(trainings.c.id)).scalars())


def claim(connection: Connection, training: Training) -> bool:
    """Takes one out of those that wait, for a process to be begun for it; gives whether it still waited."""
    return _advance(connection, training.id, [State.QUEUED], State.RUNNING)


def note_begun(connection: Connection, training: Training, process: Process | None, *, reached: int) -> None:
    """A process was begun for it; it is not known where it has ended already."""
    _note(connection, training, _of(process) | {"num_starts": training.num_starts + 1, "reached": reached})


def note_found(connection: Connection, training: Training, process: Process) -> None:
    """The process that works for it is known again."""
    _note(connection, training, _of(process))


def note_in_vain(connection: Connection, training: Training, number: int) -> None:
    """So many of its last starts have come no further."""
    _note(connection, training, {"num_in_vain": number})


def note_ended(
    connection: Connection,
    training: Training,
    state: State,
    *,
    error: str = "",
    scores: Mapping[str, Any] | None = None,
) -> None:
    """Nothing works for it any more."""
    told: dict[str, Any] = {} if scores is None else {"scores": dict(scores)}
    _advance(
        connection,
        training.id,
        [State.QUEUED, *ACTIVE],
        state,
        **_of(None),
        error=error,
        ended_at=time.time(),
        **told,
    )


def _expect_labels(feature_set: FeatureSet, options: Sequence[Mapping[str, Any]]) -> None:
    """Lets pass weights of labels that there are."""
    labels = {OUTSIDE, *(label for part in feature_set.parts.values() for label in part["entities"])}
    unknown = {label for own in options for label in own.get(_WEIGHTS, {})} - labels
    if unknown:
        told = (
            f"option {_WEIGHTS}: the feature set has no {', '.join(sorted(unknown))}, only {', '.join(sorted(labels))}."
        )
        raise Refused("wrong-fields", told, errors=[{"pointer": f"/options/{_WEIGHTS}", "detail": told}])


def _of(process: Process | None) -> dict[str, Any]:
    if process is None:
        return {"process_id": None, "process_started": None}
    return {"process_id": process.id, "process_started": process.started}


def _note(connection: Connection, training: Training, values: Mapping[str, Any]) -> None:
    connection.execute(update(trainings).where(trainings.c.id == training.id).values(values))


def _advance(connection: Connection, training_id: int, states: Sequence[State], to: State, **values: Any) -> bool:
    """Brings a training from one of some states to another; gives whether it was in one of them."""
    found = connection.execute(
        update(trainings)
        .where(trainings.c.id == training_id, trainings.c.state.in_([state.value for state in states]))
        .values(state=to.value, **values)
    )
    return found.rowcount > 0


def _queue(
    connection: Connection,
    project_id: int,
    person_id: int,
    feature_set_id: int,
    name: str,
    options: Mapping[str, Any],
) -> int:
    values = {
        "project_id": project_id,
        "feature_set_id": feature_set_id,
        "person_id": person_id,
        "name": fit_name(name),
        "options": dict(options),
        "state": State.QUEUED.value,
        "num_starts": 0,
        "num_in_vain": 0,
        "reached": 0,
        "error": "",
        "created_at": time.time(),
    }
    return inserted(connection, trainings, taken=Refused("name-taken", _TAKEN), **values)


def _next_name(connection: Connection, project_id: int) -> str:
    query = select(trainings.c.name).where(trainings.c.project_id == project_id)
    taken = list(connection.execute(query).scalars())
    number = len(taken) + 1
    while any(name == f"Training {number}" or name.startswith(f"Training {number},") for name in taken):
        number += 1
    return f"Training {number}"
