"""Which column of a table has what: told by the caller, else known by its name."""

from collections.abc import Mapping, Sequence
from typing import Any

from tagloom.data.formats import Column
from tagloom.data.formats.table_rows import simplified
from tagloom.data.formats.tables import NAMES as WORD_NAMES
from tagloom.data.frames.frame import Frame
from tagloom.errors import ConfigError, DataError

WORDS, TEXTS, TOKENS = "a word a row", "a document a row, with its text", "a document a row, with its words"

NAMES: Mapping[str, Mapping[str, Sequence[str]]] = {
    TEXTS: {
        "text": ("text", "content"),
        "entities": ("entities", "spans", "ents", "label", "labels"),
        "id": ("id", "documentid", "docid"),
    },
    TOKENS: {
        "tokens": ("tokens", "words"),
        "tags": ("nertags", "tags", "ner", "labels", "nerlabels", "label"),
        "text": ("text", "content"),
        "id": ("id", "documentid", "docid"),
    },
    WORDS: WORD_NAMES,
}
"""By shape what its columns are, each with its names in lower case and without blanks and signs."""

_NEEDED: Mapping[str, Sequence[str]] = {
    TEXTS: ("text", "entities"),
    TOKENS: ("tokens", "tags"),
    WORDS: tuple(WORD_NAMES),
}
_KINDS = tuple(dict.fromkeys(kind for names in NAMES.values() for kind in names))


def shape_of(frame: Frame, told: Mapping[str, Column]) -> tuple[str, dict[str, str]]:
    """The shape of a table, and the names of its columns by what they are.

    Args:
        frame: any.
        told: what the caller says, by the names of `NAMES`.

    Raises:
        ConfigError: a column is told that is not there, or of no kind that there is.
        DataError: it has no shape that is known.

    Example:
        >>> shape_of(Frame("pandas", {"Body": ["A D90"], "entities": [[]]}), {"text": "Body"})
        ('a document a row, with its text', {'entities': 'entities', 'text': 'Body'})
    """
    given = {kind: _column_named(frame, kind, column) for kind, column in told.items()}
    for shape, names in NAMES.items():
        if given.keys() <= names.keys():
            found = _found(frame, names) | given
            if all(kind in found for kind in _NEEDED[shape]) and _fits(frame, shape, found):
                return shape, found
    raise DataError(
        f"{frame.library}: expected {_described()}; found the columns {', '.join(map(repr, frame.columns))}. "
        f"Say which column is what (columns: {', '.join(f'{kind}=NAME' for kind in _NEEDED[TEXTS])}, ...)."
    )


def _column_named(frame: Frame, kind: str, column: Column) -> str:
    if kind not in _KINDS:
        raise ConfigError(f"columns: received {kind!r}, expected {', '.join(_KINDS)}.")
    names = list(frame.columns)
    if isinstance(column, int) and -len(names) <= column < len(names):
        return names[column]
    if column not in frame.columns:
        raise ConfigError(
            f"columns: received {column!r} for the {kind}, expected one of {', '.join(map(repr, names))}."
        )
    return str(column)


def _found(frame: Frame, names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    own = {simplified(name): name for name in reversed(frame.columns)}
    found = {kind: next((own[name] for name in its if name in own), None) for kind, its in names.items()}
    return {kind: name for kind, name in found.items() if name is not None}


def _fits(frame: Frame, shape: str, found: Mapping[str, str]) -> bool:
    """Whether the cells are of the shape's kind: lists of words and tags, or single ones; spans, which may be JSON."""
    values: dict[str, Any] = {kind: frame.first(name) for kind, name in found.items()}
    if shape == TEXTS:
        return not isinstance(values["text"], list) and not isinstance(values["entities"], int | float)
    is_list = [isinstance(values[kind], list) for kind in (("tokens", "tags") if shape == TOKENS else ("word", "tag"))]
    return all(is_list) if shape == TOKENS else not any(is_list)


def _described() -> str:
    return " or ".join(f"{shape} ({', '.join(_NEEDED[shape])})" for shape in NAMES)
