"""`/openapi.json` for programs, `/docs` for people."""

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from tagloom.serving.answers.documented import problems
from tagloom.serving.parts import Parts


def documentation_routes(parts: Parts) -> APIRouter:  # noqa: ARG001 - as all routes are made
    """The routes."""
    router = APIRouter(tags=["documentation"])

    @router.get("/openapi.json", summary="This API for programs", responses=problems(421))
    async def openapi(request: Request) -> Response:
        """The API in OpenAPI."""
        return Response(to_json(request.app.openapi()), media_type="application/json")

    return router
