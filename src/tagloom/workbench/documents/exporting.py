"""The documents of a project as `tagloom.text` has them, some at a time, so that any number goes through."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from tagloom.text import Document, Span
from tagloom.workbench.database.tables import documents, rejections, suggestions
from tagloom.workbench.documents.choosing import Choice, chosen
from tagloom.workbench.documents.field_conditions import refusing_slow_ones
from tagloom.workbench.documents.imports.adding import MODEL
from tagloom.workbench.documents.rows import document_of, spans_of

AT_ONCE = 500
"""Documents that one reading takes: few enough that nobody waits for it."""


def chosen_after(
    connection: Connection,
    project_id: int,
    choice: Choice,
    after_id: int,
    *,
    limit: int = AT_ONCE,
    with_suggestions: bool = False,
) -> list[tuple[int, Document]]:
    """The next of the documents that are meant, with their numbers, in the order of these.

    Args:
        connection: to read with.
        project_id: whose they are.
        choice: which are meant.
        after_id: number of the last one before them; 0 for the first.
        limit: how many at most.
        with_suggestions: whether what is suggested, was not rejected and overlaps no span is among the spans.

    Raises:
        Refused: the choice takes too long.
    """
    query = (
        select(documents)
        .where(chosen(connection, project_id, choice), documents.c.id > after_id)
        .order_by(documents.c.id)
        .limit(limit)
    )
    with refusing_slow_ones():
        rows = list(connection.execute(query))
    ids = [row.id for row in rows]
    own = spans_of(connection, ids)
    suggested = _suggested(connection, ids) if with_suggestions else {}
    return [(row.id, document_of(row, _with_suggested(own.get(row.id, []), suggested.get(row.id, [])))) for row in rows]


def _suggested(connection: Connection, ids: Sequence[int]) -> dict[int, list[Span]]:
    """What is suggested for documents and was not rejected, with its model as origin; of imports before of models."""
    gone = {
        tuple(row)
        for row in connection.execute(
            select(rejections.c.document_id, rejections.c.start, rejections.c.end, rejections.c.label).where(
                rejections.c.document_id.in_(ids)
            )
        )
    }
    query = (
        select(suggestions.c.document_id, suggestions.c.model, suggestions.c.spans)
        .where(suggestions.c.document_id.in_(ids))
        .order_by(suggestions.c.model != MODEL)
    )
    found: dict[int, list[Span]] = {}
    for number, model, spans in connection.execute(query):
        found.setdefault(number, []).extend(
            Span(start, end, label, score, model)
            for start, end, label, score in spans
            if (number, start, end, label) not in gone
        )
    return found


def _with_suggested(own: Sequence[Span], suggested: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, and those suggestions that overlap nothing before them."""
    if not suggested:
        return tuple(own)
    kept = list(own)
    for span in suggested:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: (span.start, span.end)))
