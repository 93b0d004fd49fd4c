"""Which document somebody gets next: in an order of choice, and none that somebody else has before them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from tagloom.workbench.accounts.people import Person
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, people
from tagloom.workbench.documents.choosing import Choice, chosen
from tagloom.workbench.documents.states import State

HELD_SECONDS = 600.0
"""That a document is kept for who has it; what they do to it begins the time anew."""


class QueueOrder(StrEnum):
    """In which order documents are given."""

    AS_IS = "as-is"
    """As they came."""
    RANDOM = "random"
    """In one that is drawn when they come, and is the same for all."""
    LEAST_SURE = "least-sure"
    """First the one that the model is least sure of; those that no model has read come last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody is in the queue.

    Args:
        order: that documents are given in.
        after: number of the document that somebody has now; None at the beginning.
        passed: numbers of those that were looked at and left as they were: they come again when all others were given.
    """

    order: QueueOrder = QueueOrder.AS_IS
    after: int | None = None
    passed: tuple[int, ...] = ()


def give(connection: Connection, project_id: int, person: Person, place: Place) -> int | None:
    """The number of the next document to label, kept for who gets it; None where nothing else is left.

    First come new ones and one's own drafts, then drafts of others, then what was skipped.
    """
    given = _next_to_label(connection, project_id, person, place)
    if given is not None:
        hold(connection, given, person)
    return given


def neighbour(
    connection: Connection, project_id: int, choice: Choice, beside: int | None, *, is_before: bool
) -> int | None:
    """The number of the chosen document that comes next, as they came, or before; None where there is none.

    Args:
        connection: to read with.
        project_id: whose documents are looked at.
        choice: which are meant.
        beside: number of the present document; None for the first, or the last.
        is_before: whether the one before it is asked for.
    """
    number = documents.c.id
    query = select(number).where(chosen(connection, project_id, choice))
    if beside is not None:
        query = query.where(number < beside if is_before else number > beside)
    return connection.execute(query.order_by(number.desc() if is_before else number).limit(1)).scalar_one_or_none()


def hold(connection: Connection, document_id: int, person: Person) -> str | None:
    """Keeps a document for somebody; where somebody else has it, gives their name instead."""
    now = time.time()
    kept = connection.execute(
        update(documents)
        .where(documents.c.id == document_id, _is_free(person, now))
        .values(held_by=person.id, held_until=now + HELD_SECONDS)
    )
    if kept.rowcount:
        return None
    query = select(people.c.name).join(documents, documents.c.held_by == people.c.id)
    return connection.execute(query.where(documents.c.id == document_id)).scalar_one_or_none()


def _is_free(person: Person, now: float) -> ColumnElement[bool]:
    return or_(documents.c.held_by.is_(None), documents.c.held_by == person.id, documents.c.held_until < now)


def _next_to_label(connection: Connection, project_id: int, person: Person, place: Place) -> int | None:
    is_own = or_(documents.c.changed_by.is_(None), documents.c.changed_by == person.id)
    is_new, is_draft, is_skipped = (
        documents.c.state == state.value for state in (State.NEW, State.DRAFT, State.SKIPPED)
    )
    free = and_(documents.c.project_id == project_id, _is_free(person, time.time()))
    if place.after is not None:
        free = and_(free, documents.c.id != place.after)
    tiers = ((is_new, and_(is_draft, is_own)), (and_(is_draft, ~is_own),), (is_skipped,))
    steps = _ORDERS[place.order](connection, place)
    for tier in tiers:
        for step in steps:
            found = [row for part in tier if (row := step.first(connection, and_(free, part))) is not None]
            if found:
                return int(min(found, key=step.rank).id)
    return None


@dataclass(frozen=True, slots=True)
class _Step:
    """A way through the queue: the first of it is tried, then the next.

    Args:
        condition: that documents fit; None for all.
        keys: what they are ordered by.
    """

    condition: ColumnElement[bool] | None
    keys: Sequence[ColumnElement[Any]]

    def first(self, connection: Connection, condition: ColumnElement[bool]) -> AnyRow | None:
        """The first document that fits a condition, too."""
        query = select(documents.c.id, *(key.label(f"key_{number}") for number, key in enumerate(self.keys)))
        query = query.where(condition).order_by(*self.keys).limit(1)
        return connection.execute(query if self.condition is None else query.where(self.condition)).one_or_none()

    def rank(self, row: AnyRow) -> tuple[Any, ...]:
        """What the first of several rows has least of."""
        return tuple(row[1:])


def _as_is(_: Connection, place: Place) -> list[_Step]:
    number = documents.c.id
    return _from_on(None if place.after is None else number > place.after, number)


def _random(connection: Connection, place: Place) -> list[_Step]:
    number, shuffled = documents.c.id, documents.c.shuffled
    at = None
    if place.after is not None:
        at = connection.execute(select(shuffled).where(number == place.after)).scalar_one_or_none()
    beyond = None if at is None else and_(shuffled >= at, or_(shuffled > at, number > place.after))
    return _from_on(beyond, shuffled, number)


def _least_sure(_: Connection, place: Place) -> list[_Step]:
    number, certainty = documents.c.id, documents.c.certainty
    is_other = number.not_in(place.passed)
    read, unread = certainty.is_not(None), certainty.is_(None)
    return [
        _Step(and_(read, is_other), (certainty, number)),
        _Step(and_(unread, is_other), (number,)),
        _Step(read, (certainty, number)),
        _Step(unread, (number,)),
    ]


def _from_on(beyond: ColumnElement[bool] | None, *keys: ColumnElement[Any]) -> list[_Step]:
    """From where somebody is to the end, then from the beginning."""
    all_of_them = _Step(None, keys)
    return [all_of_them] if beyond is None else [_Step(beyond, keys), all_of_them]


_ORDERS: dict[QueueOrder, Callable[[Connection, Place], list[_Step]]] = {
    QueueOrder.AS_IS: _as_is,
    QueueOrder.RANDOM: _random,
    QueueOrder.LEAST_SURE: _least_sure,
}
