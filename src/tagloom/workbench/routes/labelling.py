"""Labelling: a document at a time, what is said of it, which one comes next, what models suggest."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from tagloom.text import Span
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.documents.field_conditions import refusing_slow_ones
from tagloom.workbench.documents.giving import Place, QueueOrder, give, hold, neighbour
from tagloom.workbench.documents.labelling import document_row
from tagloom.workbench.documents.opening import OpenedDocument, opened_document
from tagloom.workbench.documents.progress import Progress, progress_of
from tagloom.workbench.documents.recent import RecentDocument, recent_documents
from tagloom.workbench.documents.saving import Saved, Wanted, save
from tagloom.workbench.documents.span_checks import WantedSpan
from tagloom.workbench.documents.states import State
from tagloom.workbench.documents.suggestions import Rejection
from tagloom.workbench.markdown import as_html
from tagloom.workbench.models.facts import LabelScore, facts_of
from tagloom.workbench.pages.page import page
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.labels import labels_of
from tagloom.workbench.projects.projects import Project
from tagloom.workbench.routes.asking import Annotator, LabelledProject, Number, Shared, ViewedProject, Viewer
from tagloom.workbench.routes.choice import ChoiceQuery
from tagloom.workbench.workbench import Workbench

router = APIRouter(tags=["labelling"])

_MOST_SPANS = 20_000
_MOST_PASSED = 500

_Offset = Annotated[int, Field(ge=0, lt=2**31)]
_LabelName = Annotated[str, Field(max_length=100)]


class SpanWanted(BaseModel):
    """A span that a document is to have."""

    start: _Offset
    end: _Offset
    label: _LabelName = Field(description="The name of a label of the project.")
    text: str | None = Field(default=None, description="What you take the text to have there; another one is refused.")
    origin: str | None = Field(default=None, max_length=200, description="What proposed it, where no person did.")
    score: float | None = Field(default=None, ge=0, le=1, description="Of what proposed it.")


class PartRejected(BaseModel):
    """A suggestion that is not to come again."""

    start: _Offset
    end: _Offset
    label: _LabelName


class LabellingWanted(BaseModel):
    """What a document is to be labelled with."""

    revision: int = Field(ge=0, description="That of the document which you have changed.")
    spans: list[SpanWanted] = Field(max_length=_MOST_SPANS, description="All, not only new ones.")
    rejected: list[PartRejected] | None = Field(
        default=None,
        max_length=_MOST_SPANS,
        description="All suggestions that are not to come again; null leaves them.",
    )
    state: State | None = Field(
        default=None, description="How far it is; null leaves it, or makes a draft of a new one."
    )
    may_overlap: bool = Field(
        default=False, description="For spans that overlapped when they were imported, were removed, and come back."
    )

    def wanted(self) -> Wanted:
        """The same, as it is saved."""
        return Wanted(
            revision=self.revision,
            spans=[
                WantedSpan(Span(each.start, each.end, each.label, each.score, each.origin), each.text)
                for each in self.spans
            ],
            rejected=None
            if self.rejected is None
            else [Rejection(each.start, each.end, each.label) for each in self.rejected],
            state=self.state,
            may_overlap=self.may_overlap,
        )


class PlaceInQueue(BaseModel):
    """Where you are in the queue."""

    order: QueueOrder = QueueOrder.AS_IS
    after: int | None = Field(default=None, ge=1, lt=2**63, description="The document that you have now.")
    passed: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(
        default=[], max_length=_MOST_PASSED, description="Those that you have left as they were, which come last."
    )


class BesideQuery(ChoiceQuery):
    """A document beside another one, of those that are meant."""

    beside: int | None = Field(default=None, ge=1, lt=2**63, description="The present one; without, the first or last.")
    is_before: bool = Field(default=False, description="Whether the one before it is asked for.")


class Given(BaseModel):
    """The next document."""

    document: OpenedDocument | None = Field(description="Null where nothing else is left.")


class Held(BaseModel):
    """Whether a document is kept for you."""

    by_other: str | None = Field(description="The name of who else has it before them; null where it is yours.")


class Suggesting(BaseModel):
    """The model that suggests labels, and how far it is."""

    name: str = Field(description="Of the deployed model, or the newest training.")
    origin: str = Field(description="What spans say that come of its suggestions.")
    labels: Mapping[str, LabelScore] = Field(description="How well it finds each label, in what it was judged by.")
    num_unread: int = Field(description="Documents still to be labelled that it has not read.")
    is_reading: bool
    error: str = Field(description="Why it has stopped reading; empty where it has not.")


@router.get("/projects/{project_id}/label", include_in_schema=False)
async def labelling_page(workbench: Shared, project: ViewedProject, person: Viewer) -> HTMLResponse:
    """Where people label, beginning with the next document."""
    return await _page(workbench, project, person, None)


@router.get("/projects/{project_id}/label/{document_id}", include_in_schema=False)
async def labelling_page_of(
    workbench: Shared, project: ViewedProject, person: Viewer, document_id: Number
) -> HTMLResponse:
    """Where people label, beginning with one document."""
    await workbench.store.read(lambda connection: document_row(connection, project.id, document_id))
    return await _page(workbench, project, person, document_id)


@router.get("/api/projects/{project_id}/documents/{document_id}/labelling", summary="One document, to label it")
async def show_labelling(workbench: Shared, project: ViewedProject, document_id: Number) -> OpenedDocument:
    """Its text and words, what people have said of it, and what models suggest. Offsets are code points."""
    return await workbench.store.read(lambda connection: opened_document(connection, project.id, document_id))


@router.put("/api/projects/{project_id}/documents/{document_id}/labelling", summary="Label a document")
async def save_labelling(
    workbench: Shared, project: LabelledProject, person: Annotator, document_id: Number, labelling: LabellingWanted
) -> Saved:
    """All its spans, and how far it is. What is so already is left: where an answer was lost, send the same again.

    What is answered is on disk. Where somebody else has changed the document meanwhile, the problem's `present` says
    what it is now.
    """
    wanted = labelling.wanted()
    if wanted.state is State.NEW:
        raise Refused("wrong-fields", "/state: expected draft, submitted, skipped or discarded.")
    return await workbench.store.write(lambda connection: save(connection, project.id, document_id, person, wanted))


@router.post("/api/projects/{project_id}/documents/{document_id}/hold", summary="Keep a document for yourself")
async def hold_document(workbench: Shared, project: LabelledProject, person: Annotator, document_id: Number) -> Held:
    """For ten minutes nobody else is given it; each time you save them, or ask this, they begin anew."""

    def held(connection: Connection) -> str | None:
        document_row(connection, project.id, document_id)
        return hold(connection, document_id, person)

    return Held(by_other=await workbench.store.write(held))


@router.post("/api/projects/{project_id}/documents/{document_id}/suggestions", summary="Suggestions for a document")
async def suggest(workbench: Shared, project: LabelledProject, document_id: Number) -> list[Span]:
    """What imports and the project's model suggest, once the model has read it; not what was rejected."""
    return await workbench.prereading.read_one(project.id, document_id)


@router.post("/api/projects/{project_id}/queue", summary="The next document to label")
async def next_in_queue(workbench: Shared, project: LabelledProject, person: Annotator, asked: PlaceInQueue) -> Given:
    """New ones and your own drafts, then drafts of others, then what was skipped; none that somebody else has now.

    What you are given is kept for you for ten minutes.
    """
    place = Place(order=asked.order, after=asked.after, passed=tuple(asked.passed))
    number = await workbench.store.write(lambda connection: give(connection, project.id, person, place))
    if number is None:
        return Given(document=None)
    return Given(
        document=await workbench.store.read(lambda connection: opened_document(connection, project.id, number))
    )


@router.get("/api/projects/{project_id}/document-beside", summary="The document beside another")
async def show_beside(workbench: Shared, project: ViewedProject, query: Annotated[BesideQuery, Query()]) -> Given:
    """Of the documents that are meant, the one that comes after another one, as they came, or before it."""
    choice = query.choice()

    def found(connection: Connection) -> OpenedDocument | None:
        with refusing_slow_ones():
            number = neighbour(connection, project.id, choice, query.beside, is_before=query.is_before)
        return None if number is None else opened_document(connection, project.id, number)

    return Given(document=await workbench.store.read(found))


@router.get("/api/projects/{project_id}/progress", summary="How far the labelling is")
async def show_progress(workbench: Shared, project: ViewedProject) -> Progress:
    """How many documents are in each state."""
    return await workbench.store.read(lambda connection: progress_of(connection, project.id))


@router.get("/api/projects/{project_id}/recent", summary="What you have worked at last")
async def list_recent(workbench: Shared, project: ViewedProject, person: Viewer) -> list[RecentDocument]:
    """The last 50 documents that you have changed."""
    return await workbench.store.read(lambda connection: recent_documents(connection, project.id, person))


@router.get("/api/projects/{project_id}/suggesting", summary="The model that suggests labels")
async def show_suggesting(workbench: Shared, project: ViewedProject) -> Suggesting | None:
    """The model that is deployed for the project, else its newest; null where it has none."""
    model = await workbench.prereading.current(project.id)
    if model is None:
        return None
    last = workbench.prereading.last(project.id)
    return Suggesting(
        name=model.name,
        origin=model.origin,
        labels=(await asyncio.to_thread(facts_of, model.path)).label_scores,
        num_unread=await workbench.prereading.num_unread(project.id, model),
        is_reading=workbench.prereading.is_reading(project.id),
        error=last.error if last is not None and last.model == model else "",
    )


@router.post("/api/projects/{project_id}/suggesting", status_code=202, summary="Let the model read ahead")
async def begin_suggesting(workbench: Shared, project: LabelledProject) -> None:
    """It reads what is still to be labelled, some documents at a time: for suggestions, and to tell how sure it is."""
    workbench.prereading.begin(project.id)


async def _page(workbench: Workbench, project: Project, person: Person, document_id: int | None) -> HTMLResponse:
    labels = await workbench.store.read(lambda connection: labels_of(connection, project.id))
    return page(
        "labelling",
        title="Label",
        person=person,
        project=project,
        guidelines=as_html(project.guidelines),
        has_labels=bool(labels),
        data={
            "project": project.id,
            "document": document_id,
            "person": person.id,
            "person_name": person.name,
            "can_label": person.role.includes(Role.ANNOTATOR),
            "labels": [asdict(each) for each in labels],
        },
    )
