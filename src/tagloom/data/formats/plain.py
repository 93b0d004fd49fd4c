"""The plain shape of a document in JSON, `text` and `entities`, and all else that a document holds."""

import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import EVERYTHING
from tagloom.data.formats.records import Record, RecordFormat
from tagloom.data.formats.spans import checked_spans, note_wrong_text
from tagloom.data.formats.values import items, mapping, metadata_of, name, note_unread, span_of, span_record, string
from tagloom.text import Document, JoinedWords, Span, Token

Pairs = tuple[tuple[int, int], ...]

_KEYS = frozenset(("id", "text", "entities", "tokens", "sentences", "source_tags", "columns", "metadata"))


class PlainRecords(RecordFormat):
    """`{"id", "text", "entities": [{"start", "end", "label"}], "tokens"?: [[0, 4], ...], "sentences"?: [[0, 9], ...]}`.

    `tokens` are code points, `sentences` count tokens; `source_tags`, `columns`, `metadata` are those of a `Document`.
    """

    carries = EVERYTHING
    only_so = True

    def fits(self, record: Record) -> bool:
        """Whether it has a text and entities, and no relations, which doccano writes."""
        return {"text", "entities"} <= record.keys() and "relations" not in record

    def document(self, record: Record, number: int, findings: Findings) -> Document:
        """The document of a record."""
        return plain_document(record, str(number), findings)

    def record(self, document: Document) -> Record:
        """What is written for a document."""
        return plain_record(document)


def plain_record(document: Document) -> dict[str, Any]:
    """The record of a document; what is empty is left out."""
    optional = {
        "tokens": None if document.tokens is None else [list(token) for token in document.tokens],
        "sentences": document.sentence_bounds,
        "source_tags": document.source_tags,
        "columns": {name: list(values) for name, values in document.columns.items()} or None,
        "metadata": dict(document.metadata) or None,
    }
    entities = [span_record(span) for span in document.spans]
    return {"id": document.id, "text": document.text, "entities": entities} | {
        key: value for key, value in optional.items() if value is not None
    }


def plain_document(record: Mapping[str, Any], default_id: str, findings: Findings) -> Document:
    """The document of a record.

    An entity is an object with `start`, `end` and `label`, with `start_offset` and `end_offset`, or with `span` and
    `type`; or a list of start, end and label.

    Raises:
        ValueError: it is no such record; the message tells what was received.
    """
    text, tags = string(record.get("text"), "text"), record.get("source_tags")
    tokens = _optional_pairs(record, "tokens", len(text))
    num_tokens = len(tokens or ())
    columns = mapping(record.get("columns"), "columns")
    document_id = name(record.get("id"), default_id)
    note_unread(record, _KEYS, document_id, findings)
    entities = items(record.get("entities"), "entities")
    spans = [entity_span(entity) for entity in entities]
    for entity, span in zip(entities, spans, strict=True):
        note_wrong_text(_first(entity, ("text", "name")), span, text, document_id, findings)
    return Document(
        text=text,
        spans=checked_spans(spans, text, document_id, findings),
        id=document_id,
        metadata={**_further(record), **metadata_of(record.get("metadata"))},
        tokens=_tokens(tokens, text),
        sentence_bounds=_sentence_bounds(record, num_tokens),
        source_tags=None if tags is None else _strings(tags, "source_tags", num_tokens),
        columns={key: _strings(each, f"column {key!r}", num_tokens) for key, each in columns.items()},
    )


def entity_span(entity: Any) -> Span:
    """The span of an entity in any of the shapes that `plain_document` reads.

    Raises:
        ValueError: it is in none of them.
    """
    if isinstance(entity, list | tuple) and len(entity) == 3:
        return span_of(*entity)
    if not isinstance(entity, dict):
        raise ValueError(f"received the entity {entity!r}")
    start, end = _edges(entity)
    return span_of(start, end, _first(entity, ("label", "type")), entity.get("score"), entity.get("origin"))


def _edges(entity: Mapping[str, Any]) -> tuple[Any, Any]:
    span = entity.get("span")
    if isinstance(span, list) and len(span) == 2:
        return span[0], span[1]
    return _first(entity, ("start", "start_offset")), _first(entity, ("end", "end_offset"))


def _first(entity: Any, keys: tuple[str, ...]) -> Any:
    return next((entity[key] for key in keys if key in entity), None) if isinstance(entity, dict) else None


def _further(record: Mapping[str, Any]) -> dict[str, str]:
    """What a record of another program says under keys of its own."""
    return metadata_of({key: each for key, each in record.items() if key not in _KEYS and each is not None})


def _tokens(pairs: Pairs | None, text: str) -> Sequence[Token] | None:
    """The words; those that one character parts are kept as such."""
    if pairs is None:
        return None
    starts, ends = [start for start, _ in pairs], [end for _, end in pairs]
    if starts == [0, *[end + 1 for end in ends[:-1]]] and all(map(int.__lt__, starts, ends)):
        return JoinedWords(tuple([sys.intern(text[start:end]) for start, end in pairs]))
    return tuple(map(Token, starts, ends))


def _sentence_bounds(record: Mapping[str, Any], num_tokens: int) -> Pairs | None:
    bounds = _optional_pairs(record, "sentences", num_tokens)
    edges = [0, *chain.from_iterable(bounds or ()), num_tokens]
    if bounds is not None and edges[::2] != edges[1::2]:
        raise ValueError(f"received sentences that do not cover all {num_tokens} tokens one after the other")
    return bounds


def _optional_pairs(record: Mapping[str, Any], key: str, length: int) -> Pairs | None:
    """Pairs of whole numbers that rise from 0 to `length`, where there are any."""
    if record.get(key) is None:
        return None
    pairs = items(record[key], key)
    if not {list}.issuperset(map(type, pairs)) or not {2}.issuperset(map(len, pairs)):
        raise ValueError(f"received {key} that are not pairs")
    flat = [0, *chain.from_iterable(pairs), length]
    if set(map(type, flat)) != {int} or flat != sorted(flat):
        raise ValueError(f"received {key} that do not rise from 0 to {length}")
    return tuple(map(tuple, pairs))


def _strings(value: Any, what: str, number: int) -> tuple[str, ...]:
    strings = items(value, what)
    if len(strings) != number or not {str}.issuperset(map(type, strings)):
        raise ValueError(f"received {what} that are not {number} strings, one a token")
    return tuple(map(sys.intern, strings))
