"""Routes whose functions read the request themselves: what is asked most often goes through as little as possible."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute

from tagloom.serving.exchange import Receive, Scope, Send


class DirectRoute(APIRoute):
    """A route whose function is given the request and the names in its path, and answers with a response.

    FastAPI documents it as any other one; `Direct` calls it, and neither reads nor checks anything for it.
    """


class Direct:
    """An application whose direct routes are called without what others go through: a third of a small request.

    Args:
        app: with all routes.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._routes = [(route, route.methods or ()) for route in app.routes if isinstance(route, DirectRoute)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the application's beginning and end."""
        for route, methods in self._routes if scope["type"] == "http" else ():
            found = route.path_regex.match(scope["path"])
            if found is not None and scope["method"] in methods:
                scope["route"], scope["path_params"] = route, found.groupdict()
                response = await route.endpoint(Request(scope, receive), **scope["path_params"])
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)


def body_of(schema: Any, examples: Mapping[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    """The description of a body that a route reads itself, for OpenAPI.

    Args:
        schema: JSON schema.
        examples: by name, each a body.
        media_type: of it.
    """
    content = {"schema": schema, "examples": {name: {"value": value} for name, value in examples.items()}}
    return {"requestBody": {"required": True, "content": {media_type: content}}}


def query(name: str, description: str, values: Sequence[str]) -> dict[str, Any]:
    """The description of a parameter of the address that a route reads itself, for OpenAPI."""
    schema = {"type": "string", "enum": [*values], "default": values[0]}
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
