"""The workbench's own API as it is described, to programs in OpenAPI and to people as a page."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from tagloom.serving.answers.documented import ANYBODY, ProblemDocument, problems
from tagloom.serving.documentation import openapi
from tagloom.serving.documentation.openapi import Document, resolved
from tagloom.serving.documentation.operations import Operation, operations
from tagloom.serving.documentation.page import About, page
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.door import UPLOADS
from tagloom.workbench.problems import Refused
from tagloom.workbench.routes.asking import needed_role

_ASKING = (
    "Programs ask with a token, which you make on your account's page and pass as a header: "
    "`Authorization: Bearer TOKEN`. A token may what you may. The examples read it from `TAGLOOM_TOKEN`. "
    "The API of deployed models, which has keys of its own, is described at `/docs`."
)

_CURL = """\
curl {address}/api/projects \\
  -H "Authorization: Bearer $TAGLOOM_TOKEN"
"""
_PYTHON = """\
import json
import os
from urllib.request import Request, urlopen

token = os.environ["TAGLOOM_TOKEN"]
request = Request({url}, headers={{"Authorization": f"Bearer {{token}}"}})
with urlopen(request) as answer:
    for project in json.load(answer):
        print(project["id"], project["name"])
"""

_PARAMETERS = {
    "project_id": "The number of a project.",
    "person_id": "The number of a person.",
    "token_id": "The number of one of your tokens.",
    "invitation_id": "The number of an invitation.",
    "import_id": "The number of an import of the project.",
    "document_id": "The number of a document of the project.",
    "feature_set_id": "The number of a feature set of the project.",
    "training_id": "The number of a training of the project.",
    "slot": "The name of a slot of the project.",
    "key_id": "The number of a key to the models.",
    "exhibit_id": "The number of a model in the gallery.",
    "secret": "What ends the link of an invitation.",
    "training": "The number of each.",
    "order": "What comes first.",
    "limit": "How many at most.",
}

_FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}
_BODY = ("malformed-json", "not-utf-8", "wrong-fields", "body-too-large", "body-too-slow", "queue-full")
_LOGGING_IN = ("wrong-login", "too-many-attempts")
_OWN: Mapping[str, tuple[str, ...]] = {
    "/api/session": _LOGGING_IN,
    "/api/account/password": _LOGGING_IN,
    "/api/invitation/{secret}": ("no-such-invitation",),
    "/api/people/{person_id}": ("last-admin",),
    "/api/tokens": ("not-allowed",),
    "/api/exhibits": ("no-such-thing", "wrong-state"),
    "/api/gallery/{exhibit_id}": ("no-such-thing",),
    "/api/gallery/{exhibit_id}/read": ("no-such-thing", "text-too-long", "model-failed", "too-many-attempts"),
}
"""What goes wrong at some addresses alone."""


def described(app: FastAPI) -> Document:
    """The API in OpenAPI."""
    roles = {
        (method, route.path_format): needed_role(route.dependant)
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    made = app.openapi()
    paths = {
        path: {
            method: _operation(method.upper(), path, told, roles[method.upper(), path], made["components"]["schemas"])
            for method, told in by_method.items()
        }
        for path, by_method in made["paths"].items()
    }
    info = {**made["info"], "description": _ASKING}

    def needed(method: str, path: str) -> str | None:
        role = roles[method, path]
        return None if role is None else role.value

    return openapi.finished(
        {**made, "info": info, "paths": paths}, needed=needed, parameters=_PARAMETERS, schemas=_schemas()
    )


def description_page(document: Document, address: str) -> str:
    """The page's HTML.

    Args:
        document: the API in OpenAPI.
        address: that the server is asked at, such as `http://127.0.0.1:8080`.
    """
    about = About(
        asking=_ASKING,
        snippets=snippets(address),
        kinds=Refused.kinds,
        key="token",
        needed=_needed,
        changes=lambda operation: operation.method != "GET",
        root="..",
    )
    return page(document, operations(document), address, about)


def snippets(address: str) -> Mapping[str, str]:
    """How a program lists all projects, by language."""
    return {"curl": _CURL.format(address=address), "Python": _PYTHON.format(url=json.dumps(f"{address}/api/projects"))}


def _needed(operation: Operation) -> str:
    if not operation.scope:
        return "no login"
    return "" if operation.scope == Role.VIEWER else operation.scope


def _operation(method: str, path: str, told: Document, role: Role | None, schemas: Document) -> Document:
    """An operation with what goes wrong there, and a body to begin with."""
    more: dict[str, Any] = {"responses": {**told["responses"], **_stringed(_problems(method, path, told, role))}}
    if method == "POST" and path.endswith(UPLOADS):
        more["requestBody"] = _FILE
    elif "requestBody" in told:
        (media_type, content), *_ = told["requestBody"]["content"].items()
        example = {"the least": {"value": _example(content["schema"], schemas)}}
        more["requestBody"] = {
            **told["requestBody"],
            "content": {media_type: {**content, "examples": {**content.get("examples", {}), **example}}},
        }
    return {**told, **more}


def _stringed(responses: Mapping[int | str, Any]) -> dict[str, Any]:
    return {str(status): told for status, told in responses.items()}


def _problems(method: str, path: str, told: Document, role: Role | None) -> Mapping[int | str, Any]:
    return problems(*dict.fromkeys(_kinds(method, path, told, role)), kinds=Refused.kinds)


def _kinds(method: str, path: str, told: Document, role: Role | None) -> Iterator[str]:
    """What may go wrong."""
    yield from ANYBODY
    if role is not None:
        yield "not-logged-in"
    if role not in (None, Role.VIEWER):
        yield "not-allowed"
    if "{" in path and role is not None:
        yield "no-such-thing"
        yield "wrong-state"
    if told.get("parameters"):
        yield from ("wrong-fields", "headers-too-large")
    if method != "GET":
        yield from ("name-taken", "changed-meanwhile", "wrong-media-type")
        yield from _BODY
    yield from _OWN.get(path, ())


def _example(schema: Document, schemas: Document) -> Any:
    """The least that fits a schema."""
    schema = resolved(schema, schemas)
    for choices in (schema[key] for key in ("anyOf", "oneOf", "allOf") if key in schema):
        return _example(choices[0], schemas)
    if "default" in schema or "enum" in schema or "const" in schema:
        return schema.get("default", schema.get("const", schema.get("enum", [None])[0]))
    if schema.get("type") == "object":
        required = schema.get("required", ())
        return {
            name: _example(each, schemas) for name, each in schema.get("properties", {}).items() if name in required
        }
    if schema.get("type") == "array":
        return [_example(schema["items"], schemas)] * schema.get("minItems", 0)
    return {"string": "", "integer": schema.get("minimum", 0), "number": 0.0, "boolean": False}.get(
        schema.get("type", "")
    )


def _schemas() -> Mapping[str, Any]:
    """Those of problems."""
    whole = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**whole.pop("$defs"), "ProblemDocument": whole}
