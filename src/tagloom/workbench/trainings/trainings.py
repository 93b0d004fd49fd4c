"""The trainings of a project."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from tagloom.workbench.database.rows import row_of
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import trainings


class State(StrEnum):
    """How far a training is."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    """It was asked to stop, and does after the step that it is at."""
    STOPPED = "stopped"
    """It can be gone on with."""
    FINISHED = "finished"
    """Its model was judged."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Training:
    """One training.

    Args:
        id: number, also of its folder: `Folders.run`.
        project_id: whose it is.
        feature_set_id: that it learns from.
        name: for people; no other of the project has it.
        options: those of `TrainingConfig` that were chosen.
        state: how far it is.
        process_id: of the system; None where no process runs.
        process_started: what the system says of that process, since numbers come again.
        num_starts: how often it was begun or gone on with.
        num_in_vain: of these, the last ones that came no further.
        reached: how far it was when it was last begun or gone on with, a number that grows.
        scores: of its model, as `results.headline` tells them; None before it was judged.
        error: why it failed; empty where it did not.
        created_at: seconds since 1970.
        ended_at: seconds since 1970; None while it has not ended.
    """

    id: int
    project_id: int
    feature_set_id: int
    name: str
    options: Mapping[str, Any]
    state: State
    process_id: int | None
    process_started: float | None
    num_starts: int
    num_in_vain: int
    reached: int
    scores: Mapping[str, Any] | None
    error: str
    created_at: float
    ended_at: float | None


def trainings_of(connection: Connection, project_id: int) -> list[Training]:
    """Those of a project, the newest first."""
    query = select(trainings).where(trainings.c.project_id == project_id).order_by(trainings.c.id.desc())
    return [training_of(row) for row in connection.execute(query)]


def trained(connection: Connection, project_id: int) -> list[Training]:
    """Those of a project that have a judged model, the newest first."""
    return [one for one in trainings_of(connection, project_id) if one.state is State.FINISHED]


def training_in(connection: Connection, project_id: int, training_id: int) -> Training:
    """A training of a project.

    Raises:
        Refused: the project has none of that number.
    """
    query = select(trainings).where(trainings.c.project_id == project_id, trainings.c.id == training_id)
    return training_of(row_of(connection, query, "There is no such training in this project."))


def training_of(row: AnyRow) -> Training:
    """The training of a row of `trainings`."""
    values = row._asdict()
    del values["person_id"]
    return Training(**{**values, "state": State(row.state)})
