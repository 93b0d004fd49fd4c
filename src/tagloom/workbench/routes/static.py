"""Styles and scripts."""

from fastapi import APIRouter, Response

from tagloom.workbench.problems import Refused
from tagloom.workbench.static_files import digest, static_file

router = APIRouter()

_FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/static/{version}/{name:path}", include_in_schema=False)
async def static(version: str, name: str) -> Response:
    """A file that pages are made of; with the present digest in its address browsers keep it."""
    file = static_file(name)
    if file is None:
        raise Refused("no-such-path", "There is no such file.")
    kept = _FOR_EVER if version == digest() else "no-store"
    return Response(file.content, media_type=file.media_type, headers={"cache-control": kept})
