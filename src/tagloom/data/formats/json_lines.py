"""JSON lines: a document a line with all that a `Document` holds. What feature sets are kept in."""

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from tagloom.data.formats.format import Format, Options, Reading
from tagloom.data.formats.tokens import Tokens
from tagloom.data.source_text import BLANKS, SourceText
from tagloom.errors import DataError
from tagloom.schemes import Scheme
from tagloom.text import Document, Span

Pairs = tuple[tuple[int, int], ...]


class JsonLines(Format):
    """`{"id", "text", "entities": [{"start", "end", "label"}], "tokens"?: [[0, 4], ...], "sentences"?: [[0, 9], ...]}`.

    `tokens` are code points, `sentences` count tokens; `source_tags`, `columns`, `metadata` are those of a `Document`.
    """

    name = "json_lines"
    summary = 'JSON lines with "text" and "entities"'
    suffixes = (".jsonl",)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:  # noqa: ARG002 - it has no columns
        """Whether the first line is an object with a text and entities."""
        first = next(iter(texts[0].sample()))
        try:
            value = json.loads(first) if first.startswith("{") else None
        except (ValueError, RecursionError):
            return False
        return isinstance(value, dict) and {"text", "entities"} <= value.keys()

    def read(self, texts: Sequence[SourceText], options: Options) -> Reading:  # noqa: ARG002 - it has no columns
        """A document a line."""
        (text,) = texts
        tokens = Tokens()
        lines = enumerate(text.lines(), start=1)
        documents = [_read_line(line, number, text.name, tokens) for number, line in lines if line.strip(BLANKS)]
        return Reading(tuple(documents))

    def write(
        self,
        documents: Iterable[Document],
        scheme: Scheme,  # noqa: ARG002 - it writes spans
        *,
        keep_source_tags: bool,  # noqa: ARG002 - they are part of a document
    ) -> tuple[str, ...]:
        """A line a document; what is empty is left out."""
        return ("".join([json.dumps(_to_json(one), ensure_ascii=False) + "\n" for one in documents]),)


def _to_json(document: Document) -> dict[str, Any]:
    optional = {
        "tokens": document.tokens,
        "sentences": document.sentence_bounds,
        "source_tags": document.source_tags,
        "columns": dict(document.columns) or None,
        "metadata": dict(document.metadata) or None,
    }
    entities = [_span_to_json(span) for span in document.spans]
    return {"id": document.id, "text": document.text, "entities": entities} | {
        key: value for key, value in optional.items() if value is not None
    }


def _span_to_json(span: Span) -> dict[str, Any]:
    optional = {"score": span.score, "origin": span.origin}
    told = {key: value for key, value in optional.items() if value is not None}
    return {"start": span.start, "end": span.end, "label": span.label} | told


def _read_line(line: str, number: int, name: str, known: Tokens) -> Document:
    try:
        return _document(json.loads(line), str(number), known)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}:{number}: expected a document as a JSON object, {error}. Correct the line.") from error


def _document(value: Any, default_id: str, known: Tokens) -> Document:
    """The document that a JSON value says; `ValueError` tells what is wrong with it."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise ValueError("received one without a text")
    text, tags = value["text"], value.get("source_tags")
    text.encode("utf-8")  # half of a surrogate pair is no character
    tokens = _optional_pairs(value, "tokens", len(text))
    num_tokens = len(tokens or ())
    columns = _object(value.get("columns"), "columns")
    metadata = _object(value.get("metadata"), "metadata")
    return Document(
        text=text,
        spans=tuple([_span(span, len(text)) for span in _list(value.get("entities"), "entities")]),
        id=_string(value.get("id", default_id), "id"),
        metadata={key: _string(each, "metadata") for key, each in metadata.items()},
        tokens=None if tokens is None else known.of(tokens),
        sentence_bounds=_sentence_bounds(value, num_tokens),
        source_tags=None if tags is None else _strings(tags, "source_tags", num_tokens),
        columns={key: _strings(each, f"column {key!r}", num_tokens) for key, each in columns.items()},
    )


def _span(value: Any, length: int) -> Span:
    if not isinstance(value, dict):
        raise ValueError(f"received the entity {value!r}")
    start, end, label, score, origin = (value.get(key) for key in ("start", "end", "label", "score", "origin"))
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        raise ValueError(f"received an entity from {start!r} to {end!r} in a text of {length} characters")
    if score is not None and type(score) not in (int, float):
        raise ValueError(f"received the score {score!r}")
    if label == "":
        raise ValueError(f"received an entity from {start} to {end} with an empty label")
    return Span(start, end, _string(label, "label"), score, None if origin is None else _string(origin, "origin"))


def _sentence_bounds(value: dict[str, Any], num_tokens: int) -> Pairs | None:
    bounds = _optional_pairs(value, "sentences", num_tokens)
    edges = [0, *chain.from_iterable(bounds or ()), num_tokens]
    if bounds is not None and edges[::2] != edges[1::2]:
        raise ValueError(f"received sentences that do not cover all {num_tokens} tokens one after the other")
    return bounds


def _optional_pairs(value: dict[str, Any], name: str, length: int) -> Pairs | None:
    """Pairs of whole numbers that rise from 0 to `length`, where there are any."""
    if value.get(name) is None:
        return None
    pairs = _list(value[name], name)
    if not {list}.issuperset(map(type, pairs)) or not {2}.issuperset(map(len, pairs)):
        raise ValueError(f"received {name} that are not pairs")
    flat = [0, *chain.from_iterable(pairs), length]
    if set(map(type, flat)) != {int} or flat != sorted(flat):
        raise ValueError(f"received {name} that do not rise from 0 to {length}")
    return tuple(map(tuple, pairs))


def _strings(value: Any, name: str, number: int) -> tuple[str, ...]:
    strings = _list(value, name)
    if len(strings) != number or not {str}.issuperset(map(type, strings)):
        raise ValueError(f"received {name} that are not {number} strings, one a token")
    return tuple(map(sys.intern, strings))


def _string(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"received the {name} {value!r}, not a string")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"received {name} that are no list")
    return value


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value or {}, dict):
        raise ValueError(f"received {name} that are no object")
    return value or {}
