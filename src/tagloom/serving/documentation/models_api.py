"""What the page of the API of models says of it, beside its operations."""

from collections.abc import Sequence
from dataclasses import replace

from tagloom.serving.access.scopes import needed_scope
from tagloom.serving.answers.documented import schemas
from tagloom.serving.defaults import DEFAULT_SLOT
from tagloom.serving.documentation import openapi
from tagloom.serving.documentation.formats import Format, formats
from tagloom.serving.documentation.openapi import Document
from tagloom.serving.documentation.operations import Operation, operations
from tagloom.serving.documentation.page import About, page
from tagloom.serving.problems import KINDS
from tagloom.serving.snippets import snippets
from tagloom.serving.state.keys import Scope

_ASKING = (
    "Once a key was made (`tagloom keys create NAME`), whatever is not marked “no key” below needs one, as a header: "
    "`Authorization: Bearer KEY`. The examples read it from `TAGLOOM_KEY`."
)
_PARAMETERS = {
    "slot": "The name that the model is deployed under, such as `production`.",
    "name": "What the model is called in lists.",
}


def finished(document: Document) -> Document:
    """The API in OpenAPI, of what FastAPI has made."""
    return openapi.finished(document, needed=_needed, parameters=_PARAMETERS, schemas=schemas())


def models_page(document: Document, address: str) -> str:
    """The page's HTML.

    Args:
        document: the API in OpenAPI.
        address: that the server is asked at, such as `http://127.0.0.1:8000`.
    """
    shapes = formats()
    about = About(
        asking=_ASKING,
        snippets=snippets(address, DEFAULT_SLOT),
        kinds=KINDS,
        key="key, if the server needs one",
        needed=lambda operation: f"key for {operation.scope}" if operation.scope else "no key",
        changes=lambda operation: operation.scope == Scope.admin,
        formats=shapes,
    )
    return page(document, [_with_formats(each, shapes) for each in operations(document)], address, about)


def _needed(method: str, path: str) -> str | None:
    scope = needed_scope(method, path)
    return None if scope is None else scope.value


def _with_formats(operation: Operation, shapes: Sequence[Format]) -> Operation:
    """The operation with an example for each shape that its address may ask for."""
    choices = {choice for each in operation.parameters if each.name == "format" for choice in each.choices}
    more = [each.request for each in shapes if each.request.format in choices]
    if operation.body is None or not more:
        return operation
    first = more[0].format
    examples = [*operation.body.examples, *(each for each in more if each.format != first)]
    named = [each if each.format else replace(each, format=first) for each in examples]
    return replace(operation, body=replace(operation.body, examples=named))
