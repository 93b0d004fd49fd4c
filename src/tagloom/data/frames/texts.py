"""Tables with a text and its spans a row."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tagloom.data.findings import Findings
from tagloom.data.formats import Reading
from tagloom.data.formats.originals import located
from tagloom.data.formats.plain import plain_document
from tagloom.data.frames.frame import Frame
from tagloom.errors import DataError
from tagloom.text import Document

METADATA, COLUMNS = "metadata.", "columns."
"""What may stand before the name of a column, so that it is surely what it says."""

PAIRS = ("tokens", "sentences")
KEPT = (*PAIRS, "source_tags")
"""Columns that are what a plain record has under these names; the first two hold pairs of numbers."""


def read_texts(frame: Frame, places: Mapping[str, str]) -> Reading:
    """A document a row.

    Args:
        frame: the table.
        places: the names of its columns with the `text`, the `entities` and perhaps the `id`.
    """
    findings = Findings()
    return Reading(_documents(frame, places, findings), None, findings)


def _documents(frame: Frame, places: Mapping[str, str], findings: Findings) -> Iterator[Document]:
    for row in range(frame.num_rows):
        record = _record(frame, places, row, findings)
        try:
            document = plain_document(record, str(row + 1), findings)
            document.text.encode("utf-8")  # half of a surrogate pair is no character
        except (ValueError, TypeError, OverflowError) as error:
            raise DataError(f"{frame.place(row)}: expected a document, {error}. Correct it.") from error
        yield document


def _record(frame: Frame, places: Mapping[str, str], row: int, findings: Findings) -> dict[str, Any]:
    text = frame.columns[places["text"]][row]
    if not isinstance(text, str):
        frame.refuse(row, places["text"], "a text", "Fill it in, or leave the row out.")
    record = {"text": text, "entities": _entities(frame, places["entities"], row)}
    name = frame.columns[places["id"]][row] if "id" in places else None
    if name is not None:
        record["id"] = as_text(name)
    others = {column: values[row] for column, values in frame.columns.items() if column not in places.values()}
    own = {column: others.pop(column) for column in KEPT if isinstance(others.get(column), list)}
    if own.get("tokens") and isinstance(own["tokens"][0], str):
        own["tokens"] = _located(own["tokens"], text, f"{frame.place(row)}", findings)
    columns, metadata = divided(others, len(own.get("tokens") or ()) if "tokens" in own else None)
    return record | own | {"columns": columns, "metadata": metadata}


def divided(others: Mapping[str, Any], num_words: int | None) -> tuple[dict[str, list[str]], dict[str, str]]:
    """What else a row says: lists of as many strings as there are words as further columns, the rest as metadata.

    Args:
        others: values by the names of their columns; those that are missing are left out.
        num_words: how many words the row has; None where it does not say.
    """
    columns, metadata = {}, {}
    for name, value in others.items():
        if value is None:
            continue
        is_column = isinstance(value, list) and len(value) == num_words and all(isinstance(each, str) for each in value)
        if is_column and not name.startswith(METADATA):
            columns[name.removeprefix(COLUMNS)] = value
        else:
            metadata[name.removeprefix(METADATA)] = as_text(value)
    return columns, metadata


def as_text(value: Any) -> str:
    """A value as metadata says it: numbers that are whole without a point, lists and the like as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _entities(frame: Frame, column: str, row: int) -> list[Any]:
    """The spans: a list, a list for each of their keys, or JSON of these."""
    value = frame.columns[column][row]
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            frame.refuse(row, column, "a list of entities or JSON of one", "Correct it.")
    if isinstance(value, dict):
        value = _transposed(value)
    if not isinstance(value, list):
        frame.refuse(row, column, "a list of entities", "Give an empty list where there are none.")
    return value


def _transposed(value: Mapping[str, Any]) -> list[Any] | None:
    """What `datasets` makes of a sequence of entities: a list for each key."""
    lists: Sequence[Any] = list(value.values())
    if not all(isinstance(each, list) and len(each) == len(lists[0]) for each in lists):
        return None
    return [dict(zip(value, each, strict=True)) for each in zip(*lists, strict=True)]


def _located(words: Sequence[Any], text: str, place: str, findings: Findings) -> list[list[int]] | None:
    """The places of words that stand in the text; None where they do not, and the text is divided anew."""
    found = located(words, text) if all(isinstance(word, str) and word for word in words) else None
    if found is None:
        findings.note("lost_words", place)
        return None
    return [list(token) for token in found]
