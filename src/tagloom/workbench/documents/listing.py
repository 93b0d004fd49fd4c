"""Documents of a project as a list: a page at a time, each page from where the one before it ended."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from tagloom.text import Span
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, people, spans
from tagloom.workbench.documents.choosing import Choice, chosen
from tagloom.workbench.documents.excerpts import BEFORE, LENGTH, Excerpt, excerpt_of, hits_in
from tagloom.workbench.documents.field_conditions import refusing_slow_ones
from tagloom.workbench.documents.new_documents import folded
from tagloom.workbench.documents.rows import spans_of
from tagloom.workbench.documents.states import State
from tagloom.workbench.problems import Refused

MOST_FIELDS = 20
"""Of a document's metadata, in a list."""

_LONGEST_VALUE = 200
_LONGEST_CUT = 20  # characters of a word that is left out where an excerpt begins within it
_BEHIND_ALL = 2.0  # where no model has said how certain it is


class Order(StrEnum):
    """In which order documents are listed."""

    ADDED = "added"
    """As they came."""
    CHANGED = "changed"
    """What was changed last comes first."""
    CERTAINTY = "certainty"
    """What the model that read them is least sure of comes first."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a list.

    Args:
        id: number.
        name: its id in the file that it came in.
        state: how far its labelling is.
        excerpt: of its text.
        length: of its text, in code points.
        num_spans: how many it has.
        certainty: of the model that read it last, 0 to 1; None before.
        changed_at: seconds since 1970; None where nobody has changed it.
        changed_by: the name of who has; None where nobody has, or they are gone.
        import_id: that brought it.
        metadata: what else is said of it.
    """

    id: int
    name: str
    state: State
    excerpt: Excerpt
    length: int
    num_spans: int
    certainty: float | None
    changed_at: float | None
    changed_by: str | None
    import_id: int | None
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list.

    Args:
        documents: in their order.
        next: what to ask the next page with; None where this is the last.
    """

    documents: list[Listed]
    next: str | None


def list_documents(
    connection: Connection, project_id: int, choice: Choice, *, order: Order, after: str | None, limit: int
) -> Page:
    """A page of the documents that are meant.

    Args:
        connection: to read with.
        project_id: whose they are.
        choice: which are meant.
        order: of the list.
        after: `next` of the page before; None for the first.
        limit: documents of a page.

    Raises:
        Refused: `after` is none of this list's.
    """
    with refusing_slow_ones():
        ids, following = _page(connection, chosen(connection, project_id, choice), order, after, limit)
    return Page(_listed(connection, ids, choice.search), following)


def ids_of(connection: Connection, project_id: int, choice: Choice, *, after: int, limit: int) -> list[int]:
    """The numbers of the documents that are meant, those after one, in the order in which they came."""
    query = (
        select(documents.c.id)
        .where(chosen(connection, project_id, choice), documents.c.id > after)
        .order_by(documents.c.id)
        .limit(limit)
    )
    with refusing_slow_ones():
        return list(connection.execute(query).scalars())


_VALUES: Mapping[Order, ColumnElement[Any]] = {
    Order.ADDED: documents.c.id,
    Order.CHANGED: -func.coalesce(documents.c.changed_at, 0),
    Order.CERTAINTY: func.coalesce(documents.c.certainty, _BEHIND_ALL),
}
"""What rises from one document to the next."""


def _page(
    connection: Connection, condition: ColumnElement[bool], order: Order, after: str | None, limit: int
) -> tuple[list[int], str | None]:
    """The numbers of a page's documents, and what to ask the next one with."""
    value, number = _VALUES[order], documents.c.id
    query = select(number, value.label("value")).where(condition)
    if after is not None and order is Order.ADDED:
        query = query.where(number > _place(after)[1])
    elif after is not None:
        query = query.where(tuple_(value, number) > _place(after))
    rows = list(connection.execute(query.order_by(value, number).limit(limit + 1)))
    shown = rows[:limit]
    return [row.id for row in shown], f"{shown[-1].value!r}:{shown[-1].id}" if len(rows) > limit else None


def _place(after: str) -> tuple[float, int]:
    """Where the page before ended."""
    try:
        value, number = after.split(":")
        return float(value), int(number)
    except ValueError:
        raise Refused("wrong-fields", "after: expected what the page before gave as next.") from None


def _listed(connection: Connection, ids: Sequence[int], search: str) -> list[Listed]:
    start = _start(search)
    num_spans = select(func.count()).where(spans.c.document_id == documents.c.id).scalar_subquery()
    query = (
        select(
            documents.c.id,
            documents.c.name,
            documents.c.state,
            documents.c.certainty,
            documents.c.changed_at,
            documents.c.import_id,
            people.c.name.label("changed_by"),
            func.length(documents.c.text).label("length"),
            start.label("start"),
            func.substr(documents.c.text, start, LENGTH).label("part"),
            func.json_extract(documents.c.source, "$.metadata").label("metadata"),
            num_spans.label("num_spans"),
        )
        .outerjoin(people, people.c.id == documents.c.changed_by)
        .where(documents.c.id.in_(ids))
    )
    rows = {row.id: row for row in connection.execute(query)}
    own = spans_of(connection, ids)
    return [_shown(connection, rows[number], own.get(number, []), search) for number in ids]


def _start(search: str) -> Any:
    """Where in the text, from 1, the excerpt begins."""
    if not search:
        return func.abs(1)
    return func.max(1, func.instr(documents.c.folded, folded(search)) - BEFORE)


def _shown(connection: Connection, row: AnyRow, own: Sequence[Span], search: str) -> Listed:
    part, start = row.part, row.start - 1
    if search and not hits_in(part, search):  # folding has made the text before it longer or shorter
        part, start = _surroundings(connection, row.id, search, part, start)
    blank = part.find(" ", 0, _LONGEST_CUT)
    if start and blank >= 0:  # it begins with a whole word
        part, start = part[blank + 1 :], start + blank + 1
    metadata = json.loads(row.metadata) if row.metadata else {}
    return Listed(
        id=row.id,
        name=row.name,
        state=State(row.state),
        excerpt=excerpt_of(part, start, own, search),
        length=row.length,
        num_spans=row.num_spans,
        certainty=row.certainty,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        import_id=row.import_id,
        metadata={name: value[:_LONGEST_VALUE] for name, value in list(metadata.items())[:MOST_FIELDS]},
    )


def _surroundings(connection: Connection, number: int, search: str, part: str, start: int) -> tuple[str, int]:
    """What stands around what was searched for, and where it begins; where that is nowhere, what was there."""
    text = connection.execute(select(documents.c.text).where(documents.c.id == number)).scalar_one()
    hits = hits_in(text, search)
    if not hits:
        return part, start
    first = max(0, hits[0][0] - BEFORE)
    return text[first : first + LENGTH], first
