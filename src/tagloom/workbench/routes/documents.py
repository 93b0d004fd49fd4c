"""Documents of a project: listed, counted, changed several at a time."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from tagloom.data import formats
from tagloom.text import Document, Span
from tagloom.workbench.documents.adding import Added, add_some
from tagloom.workbench.documents.changing import MOST_AT_ONCE, Action, change_states, remove_documents
from tagloom.workbench.documents.counting import Counts, count_documents
from tagloom.workbench.documents.listing import MOST_FIELDS, Order, Page, ids_of, list_documents
from tagloom.workbench.documents.new_documents import LONGEST_TEXT
from tagloom.workbench.documents.span_checks import WantedSpan
from tagloom.workbench.pages.page import page
from tagloom.workbench.projects.labels import labels_of
from tagloom.workbench.routes.asking import Annotator, LabelledProject, ManagedProject, Shared, ViewedProject, Viewer
from tagloom.workbench.routes.choice import AskedChoice, ChoiceQuery

router = APIRouter(tags=["documents"])

MOST_LISTED = 200
"""Documents of a page."""

_TAGGED = frozenset({"two_files", "csv", "conll"})
_MOST_IDS = 10_000
_MOST_ADDED = 100
_MOST_SPANS = 20_000

_Number = Annotated[int, Field(ge=1, lt=2**63)]
_Offset = Annotated[int, Field(ge=0, lt=2**31)]


class ListQuery(ChoiceQuery):
    """A page of the documents that are meant."""

    order: Order = Order.ADDED
    after: str | None = Field(default=None, max_length=100, description="What the page before gave as `next`.")
    limit: int = Field(default=50, ge=1, le=MOST_LISTED)


class IdsQuery(ChoiceQuery):
    """Numbers of the documents that are meant."""

    after: int = Field(default=0, ge=0, lt=2**63, description="The last number before them.")


class GivenSpan(BaseModel):
    """A stretch of a text, in code points."""

    start: _Offset
    end: _Offset
    label: str = Field(max_length=100, description="The name of a label of the project.")
    text: str | None = Field(default=None, description="What you take the text to have there; another one is refused.")
    score: float | None = Field(default=None, ge=0, le=1)

    def wanted(self) -> WantedSpan:
        """The same, to be checked."""
        return WantedSpan(Span(self.start, self.end, self.label, self.score), self.text)


class GivenDocument(BaseModel):
    """A document to add."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    id: str = Field(default="", max_length=256)
    metadata: dict[str, str] = Field(default={}, max_length=MOST_FIELDS)
    spans: list[GivenSpan] | None = Field(
        default=None,
        max_length=_MOST_SPANS,
        description="With them, be they none, it is labelled; null: to be labelled.",
    )
    suggestions: list[GivenSpan] = Field(default=[], max_length=_MOST_SPANS, description="For somebody to accept.")

    def added(self) -> Added:
        """The same, to be added."""
        return Added(
            Document(self.text, id=self.id, metadata=self.metadata),
            None if self.spans is None else [span.wanted() for span in self.spans],
            [span.wanted() for span in self.suggestions],
        )


class GivenDocuments(BaseModel):
    """Documents to add."""

    documents: list[GivenDocument] = Field(min_length=1, max_length=_MOST_ADDED)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of documents, in the order in which they were given."""

    ids: list[int]


class Chosen(BaseModel):
    """Documents by their numbers."""

    ids: list[_Number] = Field(max_length=MOST_AT_ONCE)


class StateChange(Chosen):
    """What is done with documents."""

    action: Action


@dataclass(frozen=True, slots=True)
class Changed:
    """How many documents were changed."""

    num_documents: int


@router.get("/projects/{project_id}", include_in_schema=False)
async def documents_page(workbench: Shared, project: ViewedProject, person: Viewer) -> HTMLResponse:
    """The documents of a project, and how they come in and go out."""
    labels = await workbench.store.read(lambda connection: labels_of(connection, project.id))
    return page(
        "documents",
        title="Data",
        person=person,
        project=project,
        formats=formats.FORMATS,
        data={
            "project": project.id,
            "role": person.role.value,
            "labels": [asdict(label) for label in labels],
            "formats": [{"name": each.name, "is_tagged": each.name in _TAGGED} for each in formats.FORMATS],
        },
    )


@router.get("/api/projects/{project_id}/documents", summary="Documents")
async def show_documents(workbench: Shared, project: ViewedProject, query: Annotated[ListQuery, Query()]) -> Page:
    """A page of the documents that are meant, each with an excerpt of its text and what is labelled in that."""
    choice = query.choice()
    return await workbench.store.read(
        lambda connection: list_documents(
            connection, project.id, choice, order=query.order, after=query.after, limit=query.limit
        )
    )


@router.post("/api/projects/{project_id}/documents", status_code=201, summary="Add documents")
async def add_documents(workbench: Shared, project: LabelledProject, given: GivenDocuments) -> Numbers:
    """Up to a hundred documents, all or none; more come in faster as a file: see imports."""
    added = [one.added() for one in given.documents]
    return Numbers(await workbench.store.write(lambda connection: add_some(connection, project.id, added)))


@router.get("/api/projects/{project_id}/document-counts", summary="Counts of documents")
async def show_counts(workbench: Shared, project: ViewedProject, query: AskedChoice) -> Counts:
    """How many documents are meant, and how many would be with another state, label or person."""
    choice = query.choice()
    return await workbench.store.read(lambda connection: count_documents(connection, project.id, choice))


@router.get("/api/projects/{project_id}/document-ids", summary="Numbers of documents")
async def show_ids(workbench: Shared, project: ViewedProject, query: Annotated[IdsQuery, Query()]) -> list[int]:
    """Up to ten thousand numbers of the documents that are meant, rising."""
    choice = query.choice()
    return await workbench.store.read(
        lambda connection: ids_of(connection, project.id, choice, after=query.after, limit=_MOST_IDS)
    )


@router.post("/api/projects/{project_id}/document-states", summary="Change several documents")
async def change_documents(
    workbench: Shared, project: LabelledProject, person: Annotator, change: StateChange
) -> Changed:
    """Submits documents as they are, puts them back to be labelled, or discards them."""
    number = await workbench.store.write(
        lambda connection: change_states(connection, project.id, change.ids, change.action, person_id=person.id)
    )
    return Changed(number)


@router.delete("/api/projects/{project_id}/documents", summary="Take documents away")
async def drop_documents(workbench: Shared, project: ManagedProject, chosen: Chosen) -> Changed:
    """With what they are labelled with. This cannot be undone."""
    number = await workbench.store.write(lambda connection: remove_documents(connection, project.id, chosen.ids))
    return Changed(number)
