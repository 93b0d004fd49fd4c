"""What models and imports suggest for documents, and what people have rejected of it.

They lie beside the spans and never among them: a span comes of one only when somebody accepts it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, select, update

from tagloom.text import Document, Span
from tagloom.workbench.database.tables import documents, rejections, suggestions
from tagloom.workbench.documents.imports.adding import MODEL as IMPORTS
from tagloom.workbench.documents.rows import document_of
from tagloom.workbench.documents.states import TO_LABEL, State
from tagloom.workbench.models.reading import ReadDocument


@dataclass(frozen=True, slots=True, order=True)
class Rejection:
    """What was suggested, and is not to be suggested again.

    Args:
        start: code point where it begins.
        end: code point after its last.
        label: what it was said to be.
    """

    start: int
    end: int
    label: str


def suggestions_of(connection: Connection, document_id: int) -> list[Span]:
    """What is suggested for a document and was not rejected, in order; of an import before that of a model."""
    query = select(suggestions.c.model, suggestions.c.spans).where(suggestions.c.document_id == document_id)
    found: dict[str, list[Any]] = dict(connection.execute(query).all())
    if not found:
        return []
    gone = set(rejections_of(connection, document_id))
    given = [
        Span(start, end, label, score, model)
        for model, spans in sorted(found.items(), key=lambda each: each[0] != IMPORTS)
        for start, end, label, score in spans
        if Rejection(start, end, label) not in gone
    ]
    first = {(span.start, span.end, span.label): span for span in reversed(given)}
    return sorted(first.values(), key=lambda span: (span.start, span.end))


def rejections_of(connection: Connection, document_id: int) -> list[Rejection]:
    """What was rejected of a document, in order."""
    rows = connection.execute(_REJECTED, {"document_id": document_id})
    return sorted(Rejection(*row) for row in rows)


def set_rejections(connection: Connection, document_id: int, wanted: Sequence[Rejection]) -> bool:
    """Makes these what was rejected of a document; gives whether that was something else."""
    before, after = set(rejections_of(connection, document_id)), set(wanted)
    if gone := before - after:
        connection.execute(
            _GONE, [{"d": document_id, "s": each.start, "e": each.end, "l": each.label} for each in gone]
        )
    if new := after - before:
        connection.execute(insert(rejections), [{"document_id": document_id, **asdict(each)} for each in new])
    return before != after


_REJECTED = select(rejections.c.start, rejections.c.end, rejections.c.label).where(
    rejections.c.document_id == bindparam("document_id")
)
_GONE = delete(rejections).where(
    rejections.c.document_id == bindparam("d"),
    rejections.c.start == bindparam("s"),
    rejections.c.end == bindparam("e"),
    rejections.c.label == bindparam("l"),
)


def keep_read(connection: Connection, model: str, read: Sequence[tuple[int, ReadDocument]]) -> None:
    """Keeps what a model has read in documents, in place of what models before it did.

    Args:
        connection: to write with.
        model: what its suggestions come from, as spans say it.
        read: the number of each document, and what was read in it; documents that are gone are passed over.
    """
    ids = set(
        connection.execute(select(documents.c.id).where(documents.c.id.in_([each for each, _ in read]))).scalars()
    )
    there = [(number, found) for number, found in read if number in ids]
    if not there:
        return
    connection.execute(
        delete(suggestions).where(suggestions.c.document_id.in_(list(ids)), suggestions.c.model != IMPORTS)
    )
    connection.execute(
        insert(suggestions),
        [{"document_id": number, "model": model, "spans": found.entities} for number, found in there],
    )
    for number, found in there:
        connection.execute(update(documents).where(documents.c.id == number).values(certainty=found.certainty))


def unread(
    connection: Connection,
    project_id: int,
    model: str,
    *,
    state: State,
    after_id: int = 0,
    limit: int,
    most_characters: int,
) -> list[tuple[int, Document]]:
    """The next documents in a state that a model has not read, with their numbers, in the order of these.

    Args:
        connection: to read with.
        project_id: whose they are.
        model: which has not read them.
        state: that they are in: the order of several would cost a look at all.
        after_id: number of the last one before them.
        limit: how many at most.
        most_characters: of their texts together, unless the first alone has more.
    """
    query = (
        select(documents)
        .where(*_unread(project_id, model, [state]), documents.c.id > after_id)
        .order_by(documents.c.id)
        .limit(limit)
    )
    found: list[tuple[int, Document]] = []
    total = 0
    for row in connection.execute(query):
        total += len(row.text)
        if found and total > most_characters:
            break
        found.append((row.id, document_of(row, ())))
    return found


def num_unread(connection: Connection, project_id: int, model: str) -> int:
    """How many documents still to be labelled a model has not read."""
    return connection.execute(select(func.count()).where(*_unread(project_id, model, TO_LABEL))).scalar_one()


def has_read(connection: Connection, document_id: int, model: str) -> bool:
    """Whether a model has read a document."""
    query = select(suggestions.c.model).where(suggestions.c.document_id == document_id, suggestions.c.model == model)
    return connection.execute(query).first() is not None


def _unread(project_id: int, model: str, states: Sequence[State]) -> tuple[ColumnElement[bool], ...]:
    own = (suggestions.c.document_id == documents.c.id, suggestions.c.model == model)
    return (
        documents.c.project_id == project_id,
        documents.c.state.in_([state.value for state in states]),
        ~exists().where(*own),
    )
