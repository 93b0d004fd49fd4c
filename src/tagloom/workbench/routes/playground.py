"""The playground: texts that people try models on. They are read and forgotten."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from tagloom.inference.explaining import NUM_PATHS
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.models.models import Models
from tagloom.workbench.models.trying import Stretch
from tagloom.workbench.pages.page import page
from tagloom.workbench.playground.choices import Choice, choices, chosen
from tagloom.workbench.projects.labels import labels_of
from tagloom.workbench.projects.projects import Project
from tagloom.workbench.routes.asking import Shared, ViewedProject, Viewer
from tagloom.workbench.workbench import Workbench

router = APIRouter(tags=["playground"])

LONGEST_TEXT = 100_000
"""Characters of a text that people try a model on."""

_MOST_PATHS = 20


class TextToRead(BaseModel):
    """A text, and the model that reads it."""

    model: str = Field(max_length=100, description="The `id` of one of the models that can be tried.")
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


class SentenceToExplain(TextToRead):
    """A sentence of a text."""

    sentence: int = Field(default=1, ge=1, lt=2**31, description="Its number in the text, from 1.")
    num_paths: int = Field(default=NUM_PATHS, ge=1, le=_MOST_PATHS, description="How many of the best ways to tag it.")


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """What a model has found, in code points."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class ReadText:
    """What a model says of a text. Offsets are code points.

    Args:
        entities: that it finds, in order.
        sentences: where each begins and ends.
        unknown: words that its vocabulary lacks; it goes by their characters and neighbours alone.
        num_words: of the text.
    """

    entities: list[FoundEntity]
    sentences: list[Stretch]
    unknown: list[Stretch]
    num_words: int


@router.get("/projects/{project_id}/playground", include_in_schema=False)
async def playground_page(workbench: Shared, project: ViewedProject, person: Viewer) -> HTMLResponse:
    """Where people try models."""
    labels = await workbench.store.read(lambda connection: labels_of(connection, project.id))
    return page(
        "playground",
        title="Playground",
        person=person,
        project=project,
        longest=LONGEST_TEXT,
        data={
            "project": project.id,
            "may_label": person.role.includes(Role.ANNOTATOR),
            "labels": [asdict(label) for label in labels],
            "models": jsonable_encoder(await _choices(workbench, person, project)),
        },
    )


@router.get("/api/projects/{project_id}/playground", summary="Models to try")
async def list_models(workbench: Shared, project: ViewedProject, person: Viewer) -> list[Choice]:
    """What is deployed for the project, what was trained in it, and what the gallery shows you."""
    return await _choices(workbench, person, project)


@router.post("/api/projects/{project_id}/playground/read", summary="Try a model")
async def read_text(workbench: Shared, project: ViewedProject, person: Viewer, asked: TextToRead) -> ReadText:
    """What a model finds in a text, which is not kept."""
    path = await workbench.store.read(lambda connection: chosen(connection, workbench, person, project.id, asked.model))
    return await read_with(workbench.models, path, asked.text)


@router.post("/api/projects/{project_id}/playground/explain", summary="Explain a sentence")
async def explain_sentence(
    workbench: Shared, project: ViewedProject, person: Viewer, asked: SentenceToExplain
) -> dict[str, Any]:
    """Why a model tags a sentence as it does, in the JSON that `tagloom explain --json` prints.

    That is its words, tags, scores, the probability of each tag at each word (`marginals`), and the best `paths`; and
    beside it `offsets` of the words in code points, `num_sentences` of the text, and `telling_tags`, to show where not
    all have room.
    """
    path = await workbench.store.read(lambda connection: chosen(connection, workbench, person, project.id, asked.model))
    return await workbench.models.explain(path, asked.text, sentence=asked.sentence, num_paths=asked.num_paths)


async def read_with(models: Models, path: Path, text: str) -> ReadText:
    """What the model at a path says of a text."""
    read = await models.try_text(path, text)
    entities = [FoundEntity(*entity) for entity in read.entities]
    return ReadText(entities, read.sentences, read.unknown, read.num_words)


async def _choices(workbench: Workbench, person: Person, project: Project) -> list[Choice]:
    return await workbench.store.read(lambda connection: choices(connection, workbench, person, project.id))
