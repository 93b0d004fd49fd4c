"""Exports: documents of a project as files."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from tagloom import schemes
from tagloom.data import formats
from tagloom.data.alignment import EXPAND, check_alignment
from tagloom.data.file_names import FileNames
from tagloom.errors import TagloomError
from tagloom.workbench.documents.exports.lost import Lost, lost
from tagloom.workbench.documents.exports.task import ExportTask
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.projects import Project
from tagloom.workbench.routes.asking import Shared, ViewedProject
from tagloom.workbench.routes.choice import ChoiceQuery
from tagloom.workbench.workbench import Workbench

router = APIRouter(tags=["documents"])


class ExportQuery(ChoiceQuery):
    """Which documents are written, and how."""

    format: str = Field(default="json_lines", max_length=40, description="As `tagloom data convert --to` has it.")
    scheme: str | None = Field(
        default=None, max_length=20, description="Of tags, in formats that have some: IO, IOB1, BIO, BIOES."
    )
    align: str = Field(
        default=EXPAND,
        max_length=20,
        description="Of spans that are not whole words, where tags are written: expand, shrink, skip or fail.",
    )
    remarks: bool = Field(
        default=True, description="Keep texts in CoNLL files, in lines that begin with #, where words do not say them."
    )
    suggestions: bool = Field(default=False, description="Write suggestions, too, as spans that something proposed.")
    guarded: bool = Field(
        default=True, description="In tables, put an apostrophe before words that a spreadsheet would run as formulas."
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """What an export would hold, and what would be lost on the way."""

    num_documents: int
    lost: list[Lost]


AskedExport = Annotated[ExportQuery, Query()]


@router.get(
    "/api/projects/{project_id}/export",
    summary="Export documents",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def export(workbench: Shared, project: ViewedProject, query: AskedExport) -> StreamingResponse:
    """The documents that are meant as a file, or where the format has several, as a zip of them."""
    task = _task(workbench, project, query)
    pieces = workbench.exporter.stream(task)
    first = await anext(pieces, b"")  # what is wrong before that can be told
    suffixes = formats.named(task.format).suffixes
    name = task.stem + (suffixes[0] if len(suffixes) == 1 else ".zip")
    return StreamingResponse(
        _after(first, pieces),
        media_type="application/octet-stream",
        headers={"content-disposition": _attached(name)},
    )


@router.get("/api/projects/{project_id}/export/trial", summary="What an export would lose")
async def try_export(workbench: Shared, project: ViewedProject, query: AskedExport) -> Trial:
    """Writes the documents and keeps nothing: how many they are, and what of them the format cannot keep."""
    told = await workbench.exporter.trial(_task(workbench, project, query))
    return Trial(told["num_documents"], lost(told["findings"]))


async def _after(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece


def _task(workbench: Workbench, project: Project, query: ExportQuery) -> ExportTask:
    try:
        formats.named(query.format)
        check_alignment(query.align)
        if query.scheme is not None:
            schemes.scheme(query.scheme)
    except TagloomError as error:
        raise Refused("wrong-fields", str(error)) from None
    return ExportTask(
        folder=str(workbench.folders.root),
        project_id=project.id,
        choice=query.choice(),
        format=query.format,
        stem=FileNames().name(project.name),
        scheme=query.scheme,
        align=query.align,
        remarks=query.remarks,
        with_suggestions=query.suggestions,
        is_guarded=query.guarded,
    )


def _attached(name: str) -> str:
    """What makes a browser keep an answer as a file; for who knows no UTF-8 there, without what is beyond ASCII."""
    plain = "".join([sign if sign.isascii() and sign not in '"\\' else "_" for sign in name])
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
