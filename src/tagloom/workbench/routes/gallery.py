"""The gallery: models that are shown, also to visitors where an admin has said so; what is shown, admins say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from tagloom.errors import BundleError
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.door import asking_of
from tagloom.workbench.folders import Folders
from tagloom.workbench.gallery.exhibits import (
    About,
    Audience,
    Exhibit,
    Showable,
    add_exhibit,
    change_exhibit,
    exhibit_for,
    exhibits_for,
    label_colours,
    remove_exhibit,
    showable,
)
from tagloom.workbench.markdown import as_html
from tagloom.workbench.models.facts import ModelFacts, facts_of
from tagloom.workbench.pages.page import page
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.labels import NUM_COLOURS
from tagloom.workbench.routes.asking import Admin, Number, Shared, workbench_of
from tagloom.workbench.routes.playground import LONGEST_TEXT, ReadText, read_with

router = APIRouter(tags=["gallery"])

LONGEST_OF_VISITORS = 2_000
"""Characters of a text that a visitor tries a model on."""

_HEADING = re.compile(r"^(#{1,4} )", re.MULTILINE)  # which stands below the page's own
_LONGEST_ABOUT = 10_000
_MOST_SAMPLES, _LONGEST_SAMPLE = 10, 500


class ExhibitTexts(BaseModel):
    """What is said of a model in the gallery."""

    title: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=_LONGEST_ABOUT, description="In Markdown.")
    data: str = Field(default="", max_length=_LONGEST_ABOUT, description="What it was trained on, in Markdown.")
    licence: str = Field(default="", max_length=_LONGEST_ABOUT, description="What others may do with it.")
    samples: list[str] = Field(default=[], max_length=_MOST_SAMPLES, description="Sentences to try it on.")
    audience: Audience = Field(default=Audience.ADMINS, description="Who sees it.")

    def about(self) -> About:
        """The same, as it is kept.

        Raises:
            Refused: the title is none, or a sample is too long.
        """
        title, samples = self.title.strip(), [sample.strip() for sample in self.samples if sample.strip()]
        if not title or not title.isprintable():
            raise Refused("wrong-fields", "title: expected 1 to 100 characters in one line.")
        if any(len(sample) > _LONGEST_SAMPLE for sample in samples):
            raise Refused("wrong-fields", f"samples: expected at most {_LONGEST_SAMPLE} characters each.")
        return About(title, self.description, self.data, self.licence, samples, self.audience)


class NewExhibit(ExhibitTexts):
    """A model to show."""

    training_id: int = Field(ge=1, lt=2**63)


class TextToTry(BaseModel):
    """A text for a model of the gallery."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class ShownExhibit:
    """A model in the gallery.

    Args:
        exhibit: what it is.
        facts: what the model says of itself; None where it cannot be read.
        colours: of its labels, in the palette of pages.
    """

    exhibit: Exhibit
    facts: ModelFacts | None
    colours: Mapping[str, int]


@router.get("/gallery", include_in_schema=False)
async def gallery_page(request: Request) -> HTMLResponse:
    """The models that are shown."""
    person = _person(request)
    workbench = workbench_of(request)
    is_admin = person is not None and person.role.includes(Role.ADMIN)
    trainings = await workbench.store.read(showable) if is_admin else []
    return page(
        "gallery",
        title="Gallery",
        person=person,
        exhibits=await _shown(request),
        trainings=trainings,
        audiences=list(Audience),
    )


@router.get("/gallery/{exhibit_id}", include_in_schema=False)
async def exhibit_page(request: Request, exhibit_id: Number) -> HTMLResponse:
    """A model with all that is said of it, to be tried."""
    person, shown = _person(request), await _one(request, exhibit_id)
    about, facts = shown.exhibit.about, shown.facts
    return page(
        "exhibit",
        title=about.title,
        person=person,
        shown=shown,
        description=as_html(about.description),
        data_html=as_html(about.data),
        card="" if facts is None else as_html(_HEADING.sub(r"##\1", facts.card)),
        audiences=list(Audience),
        longest=_longest(person),
        data={"exhibit": jsonable_encoder(shown.exhibit), "colours": dict(shown.colours)},
    )


@router.get("/api/gallery", summary="Models in the gallery")
async def list_exhibits(request: Request) -> list[ShownExhibit]:
    """Those that you see, the newest first; without a login, those that visitors may see."""
    return await _shown(request)


@router.get("/api/gallery/{exhibit_id}", summary="One model of the gallery")
async def show_exhibit(request: Request, exhibit_id: Number) -> ShownExhibit:
    """What it is, how well it does, and its card."""
    return await _one(request, exhibit_id)


@router.post("/api/gallery/{exhibit_id}/read", summary="Try a model of the gallery")
async def read_with_exhibit(request: Request, exhibit_id: Number, asked: TextToTry) -> ReadText:
    """What it finds in a text, which is not kept. Without a login texts are short, and a few a minute."""
    person, workbench = _person(request), workbench_of(request)
    exhibit = await workbench.store.read(lambda connection: exhibit_for(connection, person, exhibit_id))
    if len(asked.text) > _longest(person):
        raise Refused("text-too-long", f"Without an account a text has at most {LONGEST_OF_VISITORS:,} characters.")
    path = exhibit.path(workbench.folders)
    if person is not None:
        return await read_with(workbench.models, path, asked.text)
    with workbench.visitors.asking("" if request.client is None else request.client.host):
        return await read_with(workbench.models, path, asked.text)


@router.get("/api/exhibits/showable", summary="Trainings that could be shown")
async def list_showable(workbench: Shared, _: Admin) -> list[Showable]:
    """The finished trainings of all projects whose models are not in the gallery."""
    return await workbench.store.read(showable)


@router.post("/api/exhibits", status_code=201, summary="Show a model in the gallery")
async def make_exhibit(workbench: Shared, person: Admin, new: NewExhibit) -> Exhibit:
    """The model of a finished training, with what is said of it, and who sees it."""
    about = new.about()
    number = await workbench.store.write(lambda connection: add_exhibit(connection, new.training_id, about))
    return await workbench.store.read(lambda connection: exhibit_for(connection, person, number))


@router.put("/api/exhibits/{exhibit_id}", summary="Change what is said of a model")
async def edit_exhibit(workbench: Shared, person: Admin, exhibit_id: Number, texts: ExhibitTexts) -> Exhibit:
    """All of it, and who sees it."""
    about = texts.about()
    await workbench.store.write(lambda connection: change_exhibit(connection, exhibit_id, about))
    return await workbench.store.read(lambda connection: exhibit_for(connection, person, exhibit_id))


@router.delete("/api/exhibits/{exhibit_id}", status_code=204, summary="Show a model no longer")
async def drop_exhibit(workbench: Shared, _: Admin, exhibit_id: Number) -> None:
    """It goes from the gallery; its training stays."""
    await workbench.store.write(lambda connection: remove_exhibit(connection, exhibit_id))


def _person(request: Request) -> Person | None:
    """Who looks; None for a visitor."""
    return asking_of(request.scope).person


def _longest(person: Person | None) -> int:
    return LONGEST_OF_VISITORS if person is None else LONGEST_TEXT


async def _shown(request: Request) -> list[ShownExhibit]:
    person, workbench = _person(request), workbench_of(request)
    return await workbench.store.read(
        lambda connection: [
            _with_facts(connection, each, workbench.folders) for each in exhibits_for(connection, person)
        ]
    )


async def _one(request: Request, exhibit_id: int) -> ShownExhibit:
    person, workbench = _person(request), workbench_of(request)
    return await workbench.store.read(
        lambda connection: _with_facts(connection, exhibit_for(connection, person, exhibit_id), workbench.folders)
    )


def _with_facts(connection: Connection, exhibit: Exhibit, folders: Folders) -> ShownExhibit:
    try:
        facts = facts_of(exhibit.path(folders))
    except BundleError:
        return ShownExhibit(exhibit, None, {})
    known = label_colours(connection, exhibit)
    colours = {label: known.get(label, place % NUM_COLOURS) for place, label in enumerate(facts.labels)}
    return ShownExhibit(exhibit, facts, colours)
