"""An API in OpenAPI: what FastAPI tells of the routes, with what it cannot know and without what is not so here."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
"""An OpenAPI document, or a part of one."""

METHODS = ("get", "put", "post", "delete")

_UNTOLD = "Successful Response"  # as FastAPI describes what nobody has described
_NOT_OURS = ("HTTPValidationError", "ValidationError")  # problems are answered in their place


def finished(
    document: Document,
    *,
    needed: Callable[[str, str], str | None],
    parameters: Mapping[str, str],
    schemas: Mapping[str, Any],
) -> Document:
    """The document that FastAPI has made; its errors are those that are answered.

    Args:
        document: as FastAPI has made it.
        needed: the scope of the key that an operation needs, by its method and path; None where it needs none.
        parameters: what those are for that nobody has described, by name.
        schemas: that routes name which FastAPI does not read itself, by name.
    """
    read = document["components"]["schemas"]
    together = {**{name: each for name, each in read.items() if name not in _NOT_OURS}, **schemas}
    paths = {
        path: {
            method: {
                **operation,
                "security": _security(needed(method.upper(), path)),
                "parameters": [
                    {"description": parameters.get(each["name"], ""), **each}
                    for each in operation.get("parameters", ())
                ],
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


def _security(scope: str | None) -> list[dict[str, list[str]]]:
    return [] if scope is None else [{"key": [scope]}]


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
