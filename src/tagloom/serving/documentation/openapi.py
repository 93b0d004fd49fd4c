"""The API in OpenAPI: what FastAPI tells of the routes, with what it cannot know and without what is not so here."""

from collections.abc import Iterator, Mapping
from typing import Any

from tagloom.serving.access.scopes import needed_scope
from tagloom.serving.answers.documented import schemas

Document = Mapping[str, Any]
"""An OpenAPI document, or a part of one."""

METHODS = ("get", "put", "post", "delete")

_PARAMETERS: Mapping[str, str] = {
    "slot": "The name that the model is deployed under, such as `production`.",
    "name": "What the model is called in lists.",
}
_UNTOLD = "Successful Response"  # as FastAPI describes what nobody has described
_NOT_OURS = ("HTTPValidationError", "ValidationError")  # problems are answered in their place


def finished(document: Document) -> dict[str, Any]:
    """The document that FastAPI has made, with what routes that read their requests themselves say of them.

    It tells which key each operation needs; errors are those that are answered.
    """
    read = document["components"]["schemas"]
    together = {**{name: each for name, each in read.items() if name not in _NOT_OURS}, **schemas()}
    paths = {
        path: {
            method: {
                **operation,
                "security": _security(method, path),
                "parameters": [_parameter(each) for each in operation.get("parameters", ())],
                "responses": dict(_responses(operation["responses"], together)),
            }
            for method, operation in operations.items()
        }
        for path, operations in document["paths"].items()
    }
    return {
        **document,
        "paths": paths,
        "components": {"schemas": together, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
    }


def resolved(schema: Document, schemas: Document) -> Document:
    """A schema in place of a reference to it; what stands beside the reference counts more."""
    named = schema.get("$ref", "").rpartition("/")[2]
    return {**schemas[named], **{key: value for key, value in schema.items() if key != "$ref"}} if named else schema


def _security(method: str, path: str) -> list[dict[str, list[str]]]:
    scope = needed_scope(method.upper(), path)
    return [] if scope is None else [{"key": [scope.value]}]


def _parameter(parameter: Document) -> Document:
    return {"description": _PARAMETERS.get(parameter["name"], ""), **parameter}


def _responses(responses: Document, schemas: Document) -> Iterator[tuple[str, Document]]:
    """Each answer by its status, in order."""
    for status, response in sorted(responses.items()):
        contents = response.get("content", {})
        told = [each["schema"] for each in contents.values() if each.get("schema")]
        if any(each.get("$ref", "").endswith(_NOT_OURS) for each in told):
            continue
        kept = {name: each for name, each in contents.items() if each.get("schema") or not told}
        description = response["description"]
        if description == _UNTOLD:
            description = resolved(told[0], schemas).get("description", "") if told else ""
        yield status, {**response, "description": description or "Done.", **({"content": kept} if kept else {})}
