"""The shapes of `?format=`: a request and its answer in each, as clients of others send and read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.inference.predictor import Entity
from tagloom.serving.answers.requests import FORMATS
from tagloom.serving.answers.shapes import Answer, Text, shaped
from tagloom.serving.defaults import DEFAULT_SLOT
from tagloom.serving.documentation.operations import Example, as_typed
from tagloom.serving.snippets import TEXT

REQUESTS: Mapping[str, Any] = {
    "tagloom": {"documents": [{"text": TEXT}]},
    "huggingface": {"inputs": TEXT},
    "azure": {"documents": [{"id": "0", "language": "en", "text": TEXT}]},
    "aws": {"Text": TEXT, "LanguageCode": "en"},
    "spacy": {"text": TEXT},
    "label-studio": {"tasks": [{"id": 1, "data": {"text": TEXT}}]},
}
"""What a client sends, by format."""

_FOUND = (("Sony CE-7RM3", "PNAME", 0.9712), ("eye autofocus", "PFEATURE", 0.8843))


@dataclass(frozen=True, slots=True)
class Format:
    """One of the shapes.

    Args:
        request: what a client sends.
        answer: what it is answered.
    """

    request: Example
    answer: str


def formats() -> list[Format]:
    """All of them, with an answer made as the API makes it."""
    return [
        Format(
            Example(f"as {name} has it", as_typed(REQUESTS[name]), name),
            as_typed(shaped(Answer(DEFAULT_SLOT, 1, "5f0c2a9be1d34c77", [Text("0", TEXT, [*_found()])]), name)),
        )
        for name in FORMATS
    ]


def _found() -> Iterator[Entity]:
    for surface, label, score in _FOUND:
        start = TEXT.index(surface)
        yield start, start + len(surface), label, score
