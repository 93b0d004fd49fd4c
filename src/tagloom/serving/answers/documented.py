"""What the page at `/docs` says of requests and answers: their schemas, and examples that work."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field, TypeAdapter

from tagloom.serving.answers.inference_protocol import InferRequest
from tagloom.serving.answers.requests import (
    AwsBatchRequest,
    AwsRequest,
    AzureRequest,
    HuggingFaceRequest,
    LabelStudioRequest,
    PredictRequest,
    SpacyRequest,
)
from tagloom.serving.problems import KINDS, Kind
from tagloom.serving.snippets import TEXT


class EntityOut(BaseModel):
    """One entity."""

    text: str
    label: str
    start: int = Field(description="Where it begins, in what `offsets` says.")
    end: int = Field(description="Where it has ended.")
    score: float = Field(description="The probability of exactly this span with this label.", ge=0, le=1)


class DocumentOut(BaseModel):
    """What was found in one text."""

    id: str
    entities: list[EntityOut]
    warnings: list[str]


class Prediction(BaseModel):
    """What was found."""

    model: str = Field(description="The slot that answered.")
    version: str = Field(description="The version of its model.")
    request_id: str
    documents: list[DocumentOut]


class ProblemError(BaseModel):
    """One place that does not fit."""

    pointer: str = Field(description="A JSON pointer (RFC 6901).")
    detail: str


class ProblemDocument(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="`urn:tagloom:problem:` and the kind.")
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[ProblemError] | None = None


class VersionOut(BaseModel):
    """One deployed version."""

    version: str
    model: str = Field(description="What it is called.")
    digest: str = Field(description="SHA-256 of the bundle's config.json, which holds those of its other files.")
    deployed_at: str = Field(description="When, in UTC.")


class SlotOut(BaseModel):
    """A slot, and what it serves."""

    slot: str
    version: str
    model: str
    digest: str
    deployed_at: str
    is_ready: bool
    labels: list[str] = Field(description="What it tells apart; empty where it is not ready.")
    earlier: list[VersionOut] = Field(description="What it can be rolled back to, the next one first.")


class SlotsOut(BaseModel):
    """All slots."""

    models: list[SlotOut]


class DeployedOut(BaseModel):
    """What a slot serves now."""

    slot: str
    version: str
    model: str
    digest: str


class HealthOut(BaseModel):
    """How the server is."""

    status: str


REQUESTS = (
    PredictRequest,
    HuggingFaceRequest,
    AzureRequest,
    AwsRequest,
    AwsBatchRequest,
    SpacyRequest,
    LabelStudioRequest,
    InferRequest,
)
_REFERENCE = "#/components/schemas/{model}"

EXAMPLES: Mapping[str, Any] = {
    "one text": {"documents": [{"text": TEXT}]},
    "two texts, sure entities, offsets for JavaScript": {
        "documents": [{"id": "a", "text": TEXT}, {"id": "b", "text": "📷 The grip of my Nikon D90 is great"}],
        "threshold": 0.5,
        "offsets": "utf16",
    },
}

_SHAPES: Mapping[str, Any] = {"description": "In the shape that `format` asks for."}


def reference(model: type[BaseModel]) -> dict[str, str]:
    """The schema of a model, by its name."""
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def problems(*names: str, kinds: Mapping[str, Kind] = KINDS) -> dict[int | str, dict[str, Any]]:
    """The answers to what goes wrong, by status, for OpenAPI.

    Args:
        names: of the kinds of problem.
        kinds: all that there are, by name.
    """
    content = {"application/problem+json": {"schema": reference(ProblemDocument)}}
    titles: dict[int, list[str]] = {}
    for kind in (kinds[name] for name in names):
        titles.setdefault(kind.status, []).append(kind.title)
    return {status: {"description": " ".join(told), "content": content} for status, told in titles.items()}


ANYBODY = ("wrong-host", "wrong-origin")
"""What any address may answer."""

EVERYWHERE = ("no-key", "wrong-key", "wrong-scope", "too-many-requests", *ANYBODY)
"""What any address may answer that needs a key."""

READING = ("no-such-slot", "not-ready", "queue-full", "waited-too-long", *EVERYWHERE)
"""What any address may answer that has texts read."""

JSON_BODY = (
    *("malformed-json", "not-utf-8", "too-deep", "wrong-fields", "wrong-media-type"),
    *("body-too-large", "body-too-slow", "too-many-documents", "text-too-long"),
)
"""What any address may answer that takes JSON."""

ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What was found, in the order of the documents.",
        "content": {"application/json": {"schema": {"anyOf": [reference(Prediction), _SHAPES]}}},
    },
    **problems("wrong-parameter", *JSON_BODY, *READING),
}


def schemas() -> dict[str, Any]:
    """The schemas that routes name which FastAPI does not read itself."""
    models = (*REQUESTS, Prediction, ProblemDocument)
    _, together = TypeAdapter.json_schemas(
        [(model, "validation", TypeAdapter(model)) for model in models], ref_template=_REFERENCE
    )
    found: dict[str, Any] = together["$defs"]
    return found
