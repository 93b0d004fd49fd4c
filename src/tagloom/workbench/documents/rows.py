"""Documents as rows of tables, and back: nothing that a source said is lost on the way."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select, text

from tagloom.text import Document, Span, Token
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, labels, spans, suggestions
from tagloom.workbench.documents.new_documents import NewDocument, joined_words
from tagloom.workbench.documents.states import State

_MOST_SHUFFLED = 2**31
_LAST_NUMBER = text(f"SELECT seq FROM sqlite_sequence WHERE name = '{documents.name}'")


def add_rows(
    connection: Connection,
    project_id: int,
    given: Sequence[tuple[NewDocument, State]],
    label_ids: Mapping[str, int],
    *,
    import_id: int | None = None,
    model: str = "",
) -> range:
    """Adds documents with what they are labelled with, and gives their numbers.

    Args:
        connection: to write with.
        project_id: whose they are.
        given: each with its state.
        label_ids: the number of every label that they have.
        import_id: that brought them.
        model: whose their suggestions are.
    """
    first = (connection.execute(_LAST_NUMBER).scalar() or 0) + 1
    numbers = range(first, first + len(given))
    new = [one for one, _ in given]
    _insert(
        connection,
        _DOCUMENTS,
        [
            (
                *(number, project_id, import_id, one.name, one.text, one.folded, one.digest, one.source),
                *(state.value, 0, random.randrange(_MOST_SHUFFLED)),
            )
            for number, (one, state) in zip(numbers, given, strict=True)
        ],
    )
    _insert(
        connection,
        _SPANS,
        [
            (number, start, end, label_ids[label], origin, score)
            for number, one in zip(numbers, new, strict=True)
            for start, end, label, origin, score in one.spans
        ],
    )
    _insert(
        connection,
        _SUGGESTIONS,
        [
            (number, model, json.dumps([(start, end, label, score) for start, end, label, _, score in one.suggestions]))
            for number, one in zip(numbers, new, strict=True)
            if one.suggestions
        ],
    )
    return numbers


def document_of(row: AnyRow, own: tuple[Span, ...]) -> Document:
    """The document of a row of `documents` with its spans."""
    source = row.source or {}
    tokens = source.get("tokens")
    return Document(
        text=row.text,
        spans=own,
        id=row.name,
        metadata=source.get("metadata", {}),
        tokens=joined_words(row.text, tokens) if isinstance(tokens, int) else _tokens(tokens),
        sentence_bounds=_pairs(source.get("bounds")),
        source_tags=tuple(source["tags"]) if "tags" in source and not row.revision else None,
        columns={name: tuple(values) for name, values in source.get("columns", {}).items()},
    )


def spans_of(connection: Connection, ids: Iterable[int], *, with_proposals: bool = False) -> dict[int, list[Span]]:
    """The spans of these documents, in order of their start; documents without are left out.

    Args:
        connection: to read with.
        ids: numbers of documents.
        with_proposals: whether spans that somebody has accepted say what proposed them; else they are a person's.
    """
    query = (
        select(
            *(spans.c.document_id, spans.c.start, spans.c.end, labels.c.name),
            *(spans.c.score, spans.c.origin, spans.c.person_id),
        )
        .join(labels, labels.c.id == spans.c.label_id)
        .where(spans.c.document_id.in_(list(ids)))
        .order_by(spans.c.document_id, spans.c.start, spans.c.end)
    )
    found: dict[int, list[Span]] = {}
    for number, start, end, label, score, origin, person in connection.execute(query):
        is_told = with_proposals or person is None
        span = Span(start, end, label, score, origin) if is_told else Span(start, end, label)
        found.setdefault(number, []).append(span)
    return found


def _insert(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Adds rows as the driver takes them: what looks at each value on its way costs half of an import's time."""
    if rows:
        connection.exec_driver_sql(statement, list(rows))


def _statement(table: Table, *columns: str) -> str:
    names = ", ".join(f'"{table.c[name].name}"' for name in columns)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(columns))})"


_DOCUMENTS = _statement(
    documents,
    *("id", "project_id", "import_id", "name", "text", "folded", "digest", "source", "state", "revision", "shuffled"),
)
_SPANS = _statement(spans, "document_id", "start", "end", "label_id", "origin", "score")
_SUGGESTIONS = _statement(suggestions, "document_id", "model", "spans")


def _tokens(pairs: list[list[int]] | None) -> tuple[Token, ...] | None:
    return None if pairs is None else tuple(Token(start, end) for start, end in pairs)


def _pairs(pairs: list[list[int]] | None) -> tuple[tuple[int, int], ...] | None:
    return None if pairs is None else tuple((first, last) for first, last in pairs)
