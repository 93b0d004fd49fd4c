"""Documents as rows of tables, and back: nothing that a source said is lost on the way."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from tagloom.text import Document, JoinedWords, Span, Token
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, labels, spans
from tagloom.workbench.documents.states import State

_MOST_SHUFFLED = 2**31


def add_documents(
    connection: Connection,
    project_id: int,
    given: Iterable[tuple[Document, State]],
    label_ids: Mapping[str, int],
    *,
    import_id: int | None = None,
) -> int:
    """Adds documents with their spans, and gives their number.

    Args:
        connection: to write with.
        project_id: whose they are.
        given: each with its state.
        label_ids: the number of every label that they have.
        import_id: that brought them.
    """
    rows, of_each = [], []
    for document, state in given:
        rows.append(
            {
                "project_id": project_id,
                "import_id": import_id,
                "name": document.id,
                "text": document.text,
                "folded": folded(document.text),
                "source": _source(document),
                "state": state.value,
                "revision": 0,
                "shuffled": random.randrange(_MOST_SHUFFLED),
            }
        )
        of_each.append(document.spans)
    if not rows:
        return 0
    ids = connection.execute(insert(documents).returning(documents.c.id, sort_by_parameter_order=True), rows).scalars()
    new = [
        {
            "document_id": number,
            "start": span.start,
            "end": span.end,
            "label_id": label_ids[span.label],
            "origin": span.origin,
            "score": span.score,
        }
        for number, own in zip(ids, of_each, strict=True)
        for span in {(span.start, span.end, span.label): span for span in own}.values()
    ]
    if new:
        connection.execute(insert(spans), new)
    return len(rows)


def document_of(row: AnyRow, own: tuple[Span, ...]) -> Document:
    """The document of a row of `documents` with its spans."""
    source = row.source or {}
    tokens = source.get("tokens")
    return Document(
        text=row.text,
        spans=own,
        id=row.name,
        metadata=source.get("metadata", {}),
        tokens=_joined(row.text, tokens) if isinstance(tokens, int) else _tokens(tokens),
        sentence_bounds=_pairs(source.get("bounds")),
        source_tags=tuple(source["tags"]) if "tags" in source and not row.revision else None,
        columns={name: tuple(values) for name, values in source.get("columns", {}).items()},
    )


def spans_of(connection: Connection, ids: Iterable[int]) -> dict[int, list[Span]]:
    """The spans of these documents, in order of their start; documents without are left out."""
    query = (
        select(spans.c.document_id, spans.c.start, spans.c.end, labels.c.name, spans.c.score, spans.c.origin)
        .join(labels, labels.c.id == spans.c.label_id)
        .where(spans.c.document_id.in_(list(ids)))
        .order_by(spans.c.document_id, spans.c.start, spans.c.end)
    )
    found: dict[int, list[Span]] = {}
    for number, start, end, label, score, origin in connection.execute(query):
        found.setdefault(number, []).append(Span(start, end, label, score, origin))
    return found


def folded(text: str) -> str:
    """A text as search compares it.

    Example:
        >>> folded("Große KAMERA") == folded("grosse kamera")
        True
    """
    return text.casefold()


def _source(document: Document) -> dict[str, Any] | None:
    """What a document holds beside its text, name and spans; None for nothing."""
    kept: dict[str, Any] = {}
    if document.metadata:
        kept["metadata"] = dict(document.metadata)
    if document.tokens is not None:
        tokens = document.tokens
        if isinstance(tokens, JoinedWords) and _joined(document.text, tokens.start) == tokens:
            kept["tokens"] = tokens.start
        else:
            kept["tokens"] = [list(token) for token in tokens]
    if document.sentence_bounds is not None:
        kept["bounds"] = [list(pair) for pair in document.sentence_bounds]
    if document.source_tags is not None:
        kept["tags"] = list(document.source_tags)
    if document.columns:
        kept["columns"] = {name: list(values) for name, values in document.columns.items()}
    return kept or None


def _joined(text: str, start: int) -> JoinedWords:
    return JoinedWords(tuple(text[start:].split(" ")), start)


def _tokens(pairs: list[list[int]] | None) -> tuple[Token, ...] | None:
    return None if pairs is None else tuple(Token(start, end) for start, end in pairs)


def _pairs(pairs: list[list[int]] | None) -> tuple[tuple[int, int], ...] | None:
    return None if pairs is None else tuple((first, last) for first, last in pairs)
