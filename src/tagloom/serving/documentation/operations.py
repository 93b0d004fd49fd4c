"""The operations of an API, as the page shows them, read from its OpenAPI document."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.serving.defaults import DEFAULT_SLOT
from tagloom.serving.documentation.fields import Field, fields
from tagloom.serving.documentation.openapi import METHODS, Document, resolved

_FIRST_PROBLEM = 400
_UNTAGGED = "other"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation's address.

    Args:
        name: itself.
        place: `path` or `query`.
        description: what it is for.
        choices: what it may be; none where it may be anything.
        value: what counts where it is left out, or else what to try first.
        is_required: whether it must be there.
    """

    name: str
    place: str
    description: str
    choices: Sequence[str]
    value: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A body to try.

    Args:
        name: what it shows.
        text: the body.
        format: that the address must ask for; empty for the first.
    """

    name: str
    text: str
    format: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What an operation takes.

    Args:
        media_type: of it.
        fields: what is in it.
        examples: of it.
        is_file: whether it is a file rather than something to type.
    """

    media_type: str
    fields: Sequence[Field]
    examples: Sequence[Example]
    is_file: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer.

    Args:
        status: of HTTP.
        descriptions: what it means.
        media_types: of its body.
        fields: what is in that.
    """

    status: int
    descriptions: Sequence[str]
    media_types: Sequence[str]
    fields: Sequence[Field]

    @property
    def is_problem(self) -> bool:
        """Whether it says that something went wrong."""
        return self.status >= _FIRST_PROBLEM


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked at one address by one method.

    Args:
        tag: what it belongs to.
        method: of HTTP, in capitals.
        path: with the names of parameters in braces.
        summary: what it is, in a few words.
        paragraphs: what it is for.
        scope: of the key that it needs; empty where it needs none.
        parameters: of its address.
        body: what it takes; None where it takes nothing.
        answers: what it may answer, by status.
    """

    tag: str
    method: str
    path: str
    summary: str
    paragraphs: Sequence[str]
    scope: str
    parameters: Sequence[Parameter]
    body: Body | None
    answers: Sequence[Answer]

    @property
    def name(self) -> str:
        """What it is called within the page's address.

        Example:
            >>> Operation("models", "GET", "/v1/models/{slot}", "", [], "", [], None, []).name
            'get-v1-models-slot'
        """
        return re.sub(r"[^a-z0-9]+", "-", f"{self.method}{self.path}".lower()).strip("-")


def operations(document: Document) -> list[Operation]:
    """All operations of an OpenAPI document, in its order."""
    schemas = document["components"]["schemas"]
    return [
        _operation(method, path, told, schemas)
        for path, by_method in document["paths"].items()
        for method, told in by_method.items()
        if method in METHODS
    ]


def as_typed(value: Any) -> str:
    """A body as a person would type it: a text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _operation(method: str, path: str, told: Document, schemas: Document) -> Operation:
    scopes = [scope for each in told["security"] for scope in each["key"]]
    return Operation(
        tag=told.get("tags", [_UNTAGGED])[0],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        paragraphs=told.get("description", "").split("\n\n"),
        scope=scopes[0] if scopes else "",
        parameters=[_parameter(each, schemas) for each in told["parameters"]],
        body=_body(told["requestBody"], schemas) if "requestBody" in told else None,
        answers=[_answer(int(status), each, schemas) for status, each in told["responses"].items()],
    )


def _parameter(told: Document, schemas: Document) -> Parameter:
    schema = resolved(told["schema"], schemas)
    default = schema.get("default", DEFAULT_SLOT if told["name"] == "slot" else None)
    return Parameter(
        name=told["name"],
        place=told["in"],
        description=told["description"],
        choices=schema.get("enum", ()),
        value=default if isinstance(default, str) else json.dumps(default) if default else "",
        is_required=told.get("required", False),
    )


def _body(told: Document, schemas: Document) -> Body:
    (media_type, content), *_ = told["content"].items()
    schema = content["schema"]
    examples = [Example(name, as_typed(each["value"])) for name, each in content.get("examples", {}).items()]
    return Body(media_type, fields(schema, schemas), examples, is_file=schema.get("format") == "binary")


def _answer(status: int, told: Document, schemas: Document) -> Answer:
    contents = told.get("content", {})
    found = [field for each in contents.values() for field in fields(each.get("schema", {}), schemas)]
    return Answer(status, told["description"].split(" / "), [*contents], found)
