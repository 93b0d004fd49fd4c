"""Imports: files into a project, and out of it again."""

import asyncio
import codecs
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from tagloom import schemes
from tagloom.data import formats
from tagloom.data.packaged import FOLDER as REVIEWS
from tagloom.data.sources.folders import PARTS
from tagloom.errors import TagloomError
from tagloom.serving.bodies import expect_size
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.documents.imports.advice import Told, told
from tagloom.workbench.documents.imports.asked import Asked, Labels, Repeated, Unlabelled
from tagloom.workbench.documents.imports.file_names import own_names, shown_name
from tagloom.workbench.documents.imports.imports import (
    Import,
    ImportState,
    advance,
    begin_import,
    forget,
    import_in,
    imports_of,
    num_changed,
)
from tagloom.workbench.documents.imports.plain import READERS
from tagloom.workbench.documents.imports.receiving import receive
from tagloom.workbench.door import asking_of
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.projects import Project
from tagloom.workbench.routes.asking import Admin, ManagedProject, Number, Shared, ViewedProject
from tagloom.workbench.workbench import Workbench

router = APIRouter(tags=["imports"])

MOST_FILES = 200
"""Of an import; more go into a zip."""

_REMOVABLE = (ImportState.WAITING, ImportState.ADDING, ImportState.DONE, ImportState.FAILED)
_SUFFIXES = (".sentences.txt", ".tags.txt")

_Name = Annotated[str, Field(max_length=500)]
_Option = Annotated[str | None, Field(max_length=100)]


class ImportQuery(BaseModel):
    """What is asked of an import."""

    name: list[_Name] = Field(min_length=1, max_length=MOST_FILES, description="Of each file, as you call it.")
    size: list[Annotated[int, Field(ge=0)]] = Field(
        default=[], max_length=MOST_FILES, description="Bytes of each file, where there are several, one after another."
    )
    format: _Option = Field(default=None, description="Recognised by default.")
    encoding: _Option = Field(default=None, description="Recognised by default.")
    scheme: _Option = Field(default=None, description="Of tags; recognised by default.")
    sentence_column: _Option = Field(default=None, description="Its name, or its place from 0, in tables and CoNLL.")
    word_column: _Option = Field(default=None, description="Likewise.")
    tag_column: _Option = Field(default=None, description="Likewise.")
    cover_discontinuous: bool = Field(default=False, description="Read a span with gaps as the one that covers it.")
    labels: Labels = Field(default=Labels.BY_FILE, description="What the labels in the files are.")
    unlabelled: Unlabelled = Field(default=Unlabelled.BY_FORMAT, description="What documents without a label are.")
    repeated: Repeated = Field(
        default=Repeated.KEPT, description="What becomes of documents with a text that the project has already."
    )


class Sample(BaseModel):
    """The camera reviews that come with the package."""

    is_labelled: bool = Field(default=True, description="Whether their labels come, too.")


@dataclass(frozen=True, slots=True)
class ImportShown:
    """An import; with `num_changed`, its documents that somebody has worked on, where one is asked for."""

    id: int
    name: str
    by: str | None
    state: ImportState
    num_read: int
    num_expected: int | None
    num_documents: int
    num_repeated: int
    num_changed: int | None
    facts: dict[str, Any]
    findings: list[Told]
    error: str
    created_at: float


@router.post("/api/projects/{project_id}/imports", status_code=201, summary="Import files")
async def import_files(
    workbench: Shared, project: ManagedProject, person: Admin, request: Request, query: Annotated[ImportQuery, Query()]
) -> ImportShown:
    """The body is the file; of several files, their bytes one after another, with the `size` of each.

    The answer comes when all is received. Then it is read and put in, which `GET` tells of; its documents are seen
    only when all files were read and fit.
    """
    asked = _asked(query)
    expect_size(asking_of(request.scope).headers, workbench.options.upload_bytes)
    number = await workbench.store.write(lambda connection: begin_import(connection, project.id, person.id, asked))
    folder = workbench.folders.upload(number)
    try:
        await asyncio.to_thread(_make_anew, folder)
        paths = [folder / name for name in own_names(asked.names)]
        pieces = workbench.bodies.pieces(request.receive)
        await receive(pieces, paths, query.size, workbench.options.upload_bytes)
    except BaseException:  # who hung up, too, is to leave nothing
        await workbench.store.write(lambda connection: forget(connection, number))
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise
    return await _begun(workbench, project, number)


@router.post("/api/projects/{project_id}/imports/sample", status_code=201, summary="Import the sample reviews")
async def import_sample(workbench: Shared, project: ManagedProject, person: Admin, sample: Sample) -> list[ImportShown]:
    """The camera reviews that come with the package, their train, dev and test parts each as an import."""
    return [await _part(workbench, project, person, part, is_labelled=sample.is_labelled) for part in PARTS]


@router.get("/api/projects/{project_id}/imports", summary="All imports")
async def list_imports(workbench: Shared, project: ViewedProject) -> list[ImportShown]:
    """Those of a project, the newest first."""
    found = await workbench.store.read(lambda connection: imports_of(connection, project.id))
    return [_shown(workbench, one) for one in found]


@router.get("/api/projects/{project_id}/imports/{import_id}", summary="One import")
async def show_import(workbench: Shared, project: ViewedProject, import_id: Number) -> ImportShown:
    """How far it is, and what was found."""
    return await _found(workbench, project, import_id)


@router.delete("/api/projects/{project_id}/imports/{import_id}", status_code=202, summary="Take an import back")
async def undo_import(workbench: Shared, project: ManagedProject, import_id: Number) -> None:
    """Takes all its documents away, with what they were labelled with since: see `num_changed`."""

    def begun(connection: Connection) -> None:
        import_in(connection, project.id, import_id)
        if not advance(connection, import_id, _REMOVABLE, ImportState.REMOVING, error=""):
            raise Refused("wrong-state", "It is on its way, or being taken away. Wait for that.")

    await workbench.store.write(begun)
    workbench.importer.stop(import_id)
    workbench.importer.work_on(import_id)


async def _part(workbench: Workbench, project: Project, person: Person, part: str, *, is_labelled: bool) -> ImportShown:
    """A part of the packaged reviews."""
    names = tuple(f"{part}{suffix}" for suffix in _SUFFIXES)
    labels = Labels.BY_FILE if is_labelled else Labels.LEFT_OUT
    asked = Asked(names=names, format="two_files", labels=labels)
    number = await workbench.store.write(
        lambda connection: begin_import(connection, project.id, person.id, asked, name=f"Sample reviews: {part}")
    )
    await asyncio.to_thread(_copy, [REVIEWS / name for name in names], workbench.folders.upload(number), names)
    return await _begun(workbench, project, number)


async def _begun(workbench: Workbench, project: Project, number: int) -> ImportShown:
    """An import whose files are here."""
    await workbench.store.write(
        lambda connection: advance(connection, number, [ImportState.UPLOADING], ImportState.WAITING)
    )
    workbench.importer.work_on(number)
    return await _found(workbench, project, number)


async def _found(workbench: Workbench, project: Project, number: int) -> ImportShown:
    def found(connection: Connection) -> tuple[Import, int]:
        return import_in(connection, project.id, number), num_changed(connection, number)

    return _shown(workbench, *await workbench.store.read(found))


def _shown(workbench: Workbench, one: Import, changed: int | None = None) -> ImportShown:
    return ImportShown(
        id=one.id,
        name=one.name,
        by=one.by,
        state=one.state,
        num_read=workbench.importer.num_read(one.id),
        num_expected=one.num_expected,
        num_documents=one.num_documents,
        num_repeated=one.num_repeated,
        num_changed=changed,
        facts=one.facts,
        findings=told(one.findings),
        error=one.error,
        created_at=one.created_at,
    )


def _asked(query: ImportQuery) -> Asked:
    """What is asked, as far as it can be known without the files.

    Raises:
        Refused: an option is none that there is.
    """
    if len(query.size) != len(query.name) and (query.size or len(query.name) > 1):
        raise Refused("wrong-fields", f"size: expected {len(query.name)}, one a file, received {len(query.size)}.")
    columns = {"sentence": query.sentence_column, "word": query.word_column, "tag": query.tag_column}
    try:
        if query.format is not None and query.format not in READERS:
            formats.named(query.format)
        if query.scheme is not None:
            schemes.scheme(query.scheme)
        if query.encoding is not None:
            codecs.lookup(query.encoding)
    except TagloomError as error:
        raise Refused("wrong-fields", str(error)) from None
    except LookupError:
        raise Refused("wrong-fields", "encoding: expected a name such as utf-8 or cp1252.") from None
    return Asked(
        names=tuple(map(shown_name, query.name)),
        format=query.format,
        encoding=query.encoding,
        scheme=query.scheme,
        columns={kind: _column(told) for kind, told in columns.items() if told},
        cover_discontinuous=query.cover_discontinuous,
        labels=query.labels,
        unlabelled=query.unlabelled,
        repeated=query.repeated,
    )


def _column(told: str) -> int | str:
    """A column by its place or its name."""
    return int(told) if told.lstrip("-").isdecimal() and len(told) < 6 else told


def _make_anew(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)


def _copy(paths: Sequence[Path], folder: Path, names: Sequence[str]) -> None:
    _make_anew(folder)
    for path, name in zip(paths, own_names(names), strict=True):
        shutil.copyfile(path, folder / name)
