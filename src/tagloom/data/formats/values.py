"""What JSON says, checked for its kind: a ValueError tells what was received."""

import json
import math
import sys
from collections.abc import Collection, Mapping
from typing import Any

from tagloom.data.findings import Findings
from tagloom.text import Span

ANNOTATIONS = ("entities", "spans", "label", "labels", "annotations")
"""Under what keys records of one shape or another hold labels."""


def span_of(start: Any, end: Any, label: Any, score: Any = None, origin: Any = None) -> Span:
    """A span of what JSON says, checked.

    Raises:
        ValueError: something is of the wrong kind.
    """
    if type(start) is not int or type(end) is not int:
        raise ValueError(f"received an entity from {start!r} to {end!r}, not whole numbers")
    if score is not None and (type(score) not in (int, float) or not math.isfinite(score)):
        raise ValueError(f"received the score {score!r}")
    if not string(label, "label"):
        raise ValueError(f"received an entity from {start} to {end} with an empty label")
    return Span(start, end, sys.intern(label), score, None if origin is None else string(origin, "origin"))


def span_record(span: Span) -> dict[str, Any]:
    """The record of a span."""
    optional = {"score": span.score, "origin": span.origin}
    told = {key: value for key, value in optional.items() if value is not None}
    return {"start": span.start, "end": span.end, "label": span.label} | told


def string(value: Any, what: str) -> str:
    """The value, where it is a string; ValueError elsewhere."""
    if not isinstance(value, str):
        raise ValueError(f"received the {what} {value!r}, not a string")
    return value


def name(value: Any, default: str) -> str:
    """The name of a document, which may be a number; the default where there is none."""
    if value is None:
        return default
    return str(value) if type(value) is int else string(value, "id")


def items(value: Any, what: str) -> list[Any]:
    """The list; ValueError where it is none."""
    if not isinstance(value, list):
        raise ValueError(f"received {what} that are no list")
    return value


def mapping(value: Any, what: str) -> dict[str, Any]:
    """The object, empty where there is none; ValueError where it is something else."""
    if not isinstance(value or {}, dict):
        raise ValueError(f"received {what} that are no object")
    return value or {}


def metadata_of(value: Any) -> dict[str, str]:
    """Metadata as strings: what is none is written as JSON."""
    return {key: each if isinstance(each, str) else _json(each) for key, each in mapping(value, "metadata").items()}


def metadata_beside(record: Mapping[str, Any], known: Collection[str], inner: str) -> dict[str, str]:
    """What else a record says, as strings: under keys of its own, and in an object within it.

    Args:
        record: any.
        known: keys that are no metadata.
        inner: key of that object; where one of its keys is the record's own too, it is told as `inner.key`.

    Example:
        >>> metadata_beside({"text": "A D90.", "camera": "nikon", "meta": {"stars": 5}}, {"text"}, "meta")
        {'camera': 'nikon', 'stars': '5'}
    """
    within = record.get(inner)
    if not isinstance(within, dict):
        return metadata_of({key: each for key, each in record.items() if key not in known and each is not None})
    own = {key: each for key, each in record.items() if key not in known and key != inner and each is not None}
    return metadata_of(own | {f"{inner}.{key}" if key in own else key: each for key, each in within.items()})


def note_unread(record: Mapping[str, Any], known: Collection[str], document_id: str, findings: Findings) -> None:
    """Notes lists of labels in the shape of another program: they are kept as metadata, and no spans.

    Args:
        record: any.
        known: keys that are read.
        document_id: what findings call it.
        findings: takes `unread_annotations`.
    """
    for key in ANNOTATIONS:
        if key not in known and isinstance(told := record.get(key), list) and told:
            example = f"document {document_id}: {key!r} of another shape, kept as metadata"
            findings.note("unread_annotations", example, count=len(told))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
