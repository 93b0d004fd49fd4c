"""`/openapi.json` for programs, `/docs` for people."""

from functools import cache, lru_cache

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from pydantic_core import to_json

from tagloom.serving.answers.documented import ANYBODY, problems
from tagloom.serving.documentation.models_api import finished, models_page
from tagloom.serving.documentation.openapi import Document
from tagloom.serving.documentation.page import FILES, HEADERS, address_of, file
from tagloom.serving.exchange import exchange_of
from tagloom.serving.parts import Parts
from tagloom.serving.problems import Problem

_MOST_ADDRESSES = 16  # whose page is kept


def documentation_routes(parts: Parts) -> APIRouter:  # noqa: ARG001 - as all routes are made
    """The routes."""
    router = APIRouter(tags=["documentation"])

    @cache
    def document(app: FastAPI) -> Document:
        return finished(app.openapi())

    @lru_cache(_MOST_ADDRESSES)
    def page_for(app: FastAPI, address: str) -> str:
        return models_page(document(app), address)

    @router.get("/openapi.json", summary="This API for programs", responses=problems(*ANYBODY))
    async def openapi(request: Request) -> Response:
        """The API in OpenAPI."""
        return Response(to_json(document(request.app)), media_type="application/json")

    @router.get("/docs", summary="This API for people", response_class=HTMLResponse, responses=problems(*ANYBODY))
    async def docs(request: Request) -> HTMLResponse:
        """A page that shows every operation, and lets one try it."""
        host = exchange_of(request.scope).headers.get(b"host", b"").decode("latin-1")
        address = address_of(host, request.scope["server"])
        return HTMLResponse(page_for(request.app, address), headers=HEADERS)

    @router.get("/docs/{name}", include_in_schema=False)
    async def docs_file(name: str) -> Response:
        """What the page is made of."""
        if name not in FILES:
            raise Problem("no-such-path", "See /docs.")
        text, media_type = file(name)
        return Response(text, media_type=media_type)

    return router
