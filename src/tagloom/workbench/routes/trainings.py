"""Trainings: queued, watched, stopped, gone on with, compared."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from tagloom.errors import DataError
from tagloom.runs.config import TrainingConfig
from tagloom.runs.run import Run
from tagloom.workbench.problems import Refused
from tagloom.workbench.routes.asking import Admin, ManagedProject, Number, Shared, ViewedProject
from tagloom.workbench.trainings import changing
from tagloom.workbench.trainings.advice import Advice, advice
from tagloom.workbench.trainings.comparisons import MOST as MOST_COMPARED
from tagloom.workbench.trainings.options import OptionField, chosen_options, option_fields
from tagloom.workbench.trainings.progress import Progress, log_from, progress
from tagloom.workbench.trainings.results import results
from tagloom.workbench.trainings.supervisor import LOG
from tagloom.workbench.trainings.trainings import State, Training, training_in, trainings_of
from tagloom.workbench.workbench import Workbench

router = APIRouter(tags=["trainings"])

MOST_SEEDS = 10
"""Trainings that are asked for at once."""

_SEED = "seed"
_Number = Annotated[int, Field(ge=1, lt=2**63)]


class NewTraining(BaseModel):
    """A training to queue. See `GET /api/projects/{project_id}/training-options` for the options."""

    feature_set_id: _Number = Field(description="That it learns from.")
    name: str = Field(default="", max_length=80, description="For people; by default the next number.")
    options: dict[str, Any] = Field(default={}, max_length=100, description="Those that differ from the defaults.")
    num_seeds: int = Field(
        default=1, ge=1, le=MOST_SEEDS, description="So many trainings, whose seeds follow one another."
    )


class TrainingName(BaseModel):
    """What a training is called."""

    name: str = Field(max_length=200)


class Stopping(BaseModel):
    """How a training stops."""

    at_once: bool = Field(default=False, description="Where it is, rather than after the step that it is at.")


@dataclass(frozen=True, slots=True)
class TrainingShown:
    """A training; `position` is its place among those that wait, from 1."""

    id: int
    name: str
    feature_set_id: int
    options: Mapping[str, Any]
    state: State
    position: int | None
    num_starts: int
    scores: Mapping[str, Any] | None
    error: str
    created_at: float
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """How far a training is, and what its process said from a byte of its log on."""

    state: State
    position: int | None
    error: str
    progress: Progress
    log: str
    log_end: int


@dataclass(frozen=True, slots=True)
class TrainingResults:
    """What a judged model shows, and what is advised."""

    scores: Mapping[str, Any] | None
    sections: list[dict[str, Any]]
    advice: list[Advice]


@router.get("/api/projects/{project_id}/training-options", summary="Options of trainings")
async def show_options(workbench: Shared, project: ViewedProject) -> list[OptionField]:
    """What each is for, what it takes, and which value suits the text of this project."""
    return option_fields(workbench.offered_embeddings(), project.settings.get("training", {}))


@router.get("/api/projects/{project_id}/trainings", summary="All trainings")
async def list_trainings(workbench: Shared, project: ViewedProject) -> list[TrainingShown]:
    """Those of a project, the newest first."""
    return await workbench.store.read(lambda connection: shown_trainings(connection, project.id))


@router.post("/api/projects/{project_id}/trainings", status_code=201, summary="Train")
async def queue_training(
    workbench: Shared, project: ManagedProject, person: Admin, new: NewTraining
) -> list[TrainingShown]:
    """Queues a training, or one for each seed. They run one after another, and go on when the workbench ends."""
    offered = workbench.offered_embeddings()
    seed = chosen_options(new.options, offered).get(_SEED, TrainingConfig().seed)
    options = [chosen_options({**new.options, _SEED: seed + place}, offered) for place in range(new.num_seeds)]

    def queued(connection: Connection) -> list[TrainingShown]:
        numbers = changing.queue_trainings(connection, project.id, person.id, new.feature_set_id, new.name, options)
        return [one for one in shown_trainings(connection, project.id) if one.id in numbers]

    made = await workbench.store.write(queued)
    workbench.supervisor.wake()
    return made


@router.get("/api/projects/{project_id}/training-comparison", summary="Trainings side by side")
async def compare_trainings(
    workbench: Shared,
    project: ViewedProject,
    training: Annotated[list[_Number], Query(min_length=1, max_length=MOST_COMPARED)],
) -> dict[str, Any]:
    """Scores, labels, how they were trained, the options that differ, and whether chance may explain a difference."""

    def found(connection: Connection) -> list[Training]:
        return [training_in(connection, project.id, number) for number in training]

    return await workbench.comparisons.of(await workbench.store.read(found))


@router.get("/api/projects/{project_id}/trainings/{training_id}", summary="One training")
async def show_training(workbench: Shared, project: ViewedProject, training_id: Number) -> TrainingShown:
    """What was asked, and how far it is."""
    return await workbench.store.read(lambda connection: shown_training(connection, project.id, training_id))


@router.get("/api/projects/{project_id}/trainings/{training_id}/progress", summary="How far a training is")
async def show_progress(
    workbench: Shared,
    project: ViewedProject,
    training_id: Number,
    log_start: Annotated[int, Query(ge=0, lt=2**63, description="The byte of its log to tell from.")] = 0,
    num_drawn: Annotated[
        int | None, Query(ge=0, lt=2**31, description="Epochs that you have curves of; with more of them they come.")
    ] = None,
) -> TrainingProgress:
    """Epochs, speed, time left, curves, and what its process says. Ask again each second to see it live."""
    one = await workbench.store.read(lambda connection: shown_training(connection, project.id, training_id))
    run = Run(workbench.folders.run(one.id))
    far = await asyncio.to_thread(progress, run, time.time(), num_drawn=num_drawn)
    log, end = await asyncio.to_thread(log_from, workbench.folders.job(one.id) / LOG, log_start)
    told = log.replace(f"{workbench.folders.root}/", "")
    return TrainingProgress(one.state, one.position, one.error, far, told, end)


@router.get("/api/projects/{project_id}/trainings/{training_id}/results", summary="What came of a training")
async def show_results(workbench: Shared, project: ViewedProject, training_id: Number) -> TrainingResults:
    """Scores of its model, and what its diagnosis advises, each piece with the page where it is done."""
    return await results_of(workbench, project.id, training_id)


@router.post("/api/projects/{project_id}/trainings/{training_id}/stop", status_code=202, summary="Stop a training")
async def stop_training(workbench: Shared, project: ManagedProject, training_id: Number, how: Stopping) -> None:
    """After the step that it is at, with a checkpoint from which it can go on."""

    def asked(connection: Connection) -> None:
        changing.ask_to_stop(connection, training_in(connection, project.id, training_id))

    await workbench.store.write(asked)
    if how.at_once:
        await asyncio.to_thread(workbench.supervisor.kill, training_id)
    workbench.supervisor.wake()


@router.post("/api/projects/{project_id}/trainings/{training_id}/resume", status_code=202, summary="Go on")
async def resume_training(workbench: Shared, project: ManagedProject, training_id: Number) -> None:
    """From the last checkpoint, when its turn comes."""

    def asked(connection: Connection) -> None:
        changing.ask_to_go_on(connection, training_in(connection, project.id, training_id))

    await workbench.store.write(asked)
    workbench.supervisor.wake()


@router.put("/api/projects/{project_id}/trainings/{training_id}", status_code=204, summary="Rename a training")
async def call_training(workbench: Shared, project: ManagedProject, training_id: Number, name: TrainingName) -> None:
    """Another name for people."""

    def renamed(connection: Connection) -> None:
        changing.rename_training(connection, training_in(connection, project.id, training_id), name.name)

    await workbench.store.write(renamed)


@router.delete("/api/projects/{project_id}/trainings/{training_id}", status_code=204, summary="Take a training away")
async def drop_training(workbench: Shared, project: ManagedProject, training_id: Number) -> None:
    """With its model and its report. What was deployed of it stays deployed."""

    def removed(connection: Connection) -> None:
        changing.remove_training(connection, training_in(connection, project.id, training_id))

    await workbench.store.write(removed)
    workbench.supervisor.wake()


def shown_trainings(connection: Connection, project_id: int) -> list[TrainingShown]:
    """All trainings of a project, the newest first."""
    waiting = _waiting(connection)
    return [_shown(one, waiting) for one in trainings_of(connection, project_id)]


def shown_training(connection: Connection, project_id: int, training_id: int) -> TrainingShown:
    """A training of a project.

    Raises:
        Refused: the project has none of that number.
    """
    return _shown(training_in(connection, project_id, training_id), _waiting(connection))


async def results_of(workbench: Workbench, project_id: int, training_id: int) -> TrainingResults:
    """What came of a training of a project.

    Raises:
        Refused: the project has none of that number, or its model was not judged.
    """
    one = await workbench.store.read(lambda connection: training_in(connection, project_id, training_id))
    if one.state is not State.FINISHED:
        raise Refused("wrong-state", "Its model is not judged yet.")
    run = Run(workbench.folders.run(one.id))
    try:
        found = await asyncio.to_thread(results, run)
    except DataError as error:
        raise Refused("unreadable", str(error).replace(f"{workbench.folders.root}/", "")) from None
    page = str(run.page.relative_to(workbench.folders.root))
    advised = advice(one, found.diagnosis, page, workbench.offered_embeddings())
    return TrainingResults(one.scores, found.sections, advised)


def _waiting(connection: Connection) -> list[int]:
    """The numbers of the trainings that wait, in their order."""
    return [one.id for one in changing.unfinished(connection) if one.state is State.QUEUED]


def _shown(one: Training, waiting: Sequence[int]) -> TrainingShown:
    return TrainingShown(
        id=one.id,
        name=one.name,
        feature_set_id=one.feature_set_id,
        options=one.options,
        state=one.state,
        position=waiting.index(one.id) + 1 if one.id in waiting else None,
        num_starts=one.num_starts,
        scores=one.scores,
        error=one.error,
        created_at=one.created_at,
        ended_at=one.ended_at,
    )
