"""The description of the workbench's own API: `/api/docs` for people, `/api/openapi.json` for programs."""

from functools import cache, lru_cache

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from pydantic_core import to_json

from tagloom.serving.documentation.openapi import Document
from tagloom.serving.documentation.page import FILES, HEADERS, file
from tagloom.workbench.description import described, description_page
from tagloom.workbench.problems import Refused
from tagloom.workbench.routes.asking import Address, Viewer

router = APIRouter(tags=["description"])

_MOST_ADDRESSES = 16  # whose page is kept


@router.get("/api/openapi.json", summary="This API for programs")
async def openapi(request: Request, _: Viewer) -> Response:
    """The API in OpenAPI."""
    return Response(to_json(_document(request.app)), media_type="application/json")


@router.get("/api/docs", summary="This API for people", response_class=HTMLResponse)
async def docs(request: Request, _: Viewer, address: Address) -> HTMLResponse:
    """A page that shows every operation, and lets one try it."""
    return HTMLResponse(_page(request.app, address), headers=HEADERS)


@router.get("/api/docs/{name}", include_in_schema=False)
async def docs_file(name: str, _: Viewer) -> Response:
    """What the page is made of."""
    if name not in FILES:
        raise Refused("no-such-path", "See /api/docs.")
    text, media_type = file(name)
    return Response(text, media_type=media_type)


@cache
def _document(app: FastAPI) -> Document:
    return described(app)


@lru_cache(_MOST_ADDRESSES)
def _page(app: FastAPI, address: str) -> str:
    return description_page(_document(app), address)
