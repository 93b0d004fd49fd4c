"""How many documents of a project there are, by state, label and person."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, func, literal, null, select, true, union_all

from tagloom.workbench.database.tables import documents, labels, people, spans
from tagloom.workbench.documents.choosing import Choice, chosen, with_label
from tagloom.workbench.documents.field_conditions import refusing_slow_ones

_STATE, _LABEL, _PERSON = "state", "label", "person"


@dataclass(frozen=True, slots=True)
class CountedPerson:
    """Somebody who has changed documents last.

    Args:
        id: number of the person.
        name: of the person.
        count: of these documents.
    """

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many documents there are: that are meant, and that would be with another state, label or person.

    Args:
        total: that are meant.
        states: in each state.
        labels: that have a span with each label.
        people: that each person has changed last.
    """

    total: int
    states: dict[str, int]
    labels: dict[str, int]
    people: list[CountedPerson]


def count_documents(connection: Connection, project_id: int, choice: Choice) -> Counts:
    """The counts for a choice of a project's documents."""
    with refusing_slow_ones():
        counted = _of_all(project_id) if choice == Choice() else _of_some(connection, project_id, choice)
        rows: list[Any] = list(connection.execute(union_all(*counted)))
    states = {name: count for kind, name, _, count in rows if kind == _STATE}
    return Counts(
        total=sum(count for state, count in states.items() if not choice.states or state in choice.states),
        states=states,
        labels={name: count for kind, name, _, count in rows if kind == _LABEL},
        people=[CountedPerson(number, name, count) for kind, name, number, count in rows if kind == _PERSON],
    )


def _of_all(project_id: int) -> list[Select[Any]]:
    """Kind, name, number and count, where all documents are meant: indexes know."""
    own = documents.c.project_id == project_id
    return [
        select(literal(_STATE), documents.c.state, null(), func.count()).where(own).group_by(documents.c.state),
        select(literal(_LABEL), labels.c.name, labels.c.id, func.count(spans.c.document_id.distinct()))
        .join(spans, spans.c.label_id == labels.c.id)
        .where(labels.c.project_id == project_id)
        .group_by(labels.c.id),
        select(literal(_PERSON), people.c.name, people.c.id, func.count())
        .join(documents, documents.c.changed_by == people.c.id)
        .where(own)
        .group_by(people.c.id),
    ]


def _of_some(connection: Connection, project_id: int, choice: Choice) -> list[Select[Any]]:
    """The same, where some are meant, through which it goes once."""
    around = replace(choice, states=(), label="", by=None)
    fitting = (
        select(documents.c.id, documents.c.state, documents.c.changed_by)
        .where(chosen(connection, project_id, around))
        .cte("fitting")
        .prefix_with("MATERIALIZED")
    )
    has_state = fitting.c.state.in_([state.value for state in choice.states]) if choice.states else true()
    has_label = fitting.c.id.in_(with_label(project_id, choice.label)) if choice.label else true()
    is_by = fitting.c.changed_by == choice.by if choice.by is not None else true()
    return [
        select(literal(_STATE), fitting.c.state, null(), func.count())
        .where(has_label, is_by)
        .group_by(fitting.c.state),
        select(literal(_LABEL), labels.c.name, labels.c.id, func.count(spans.c.document_id.distinct()))
        .select_from(fitting)
        .join(spans, spans.c.document_id == fitting.c.id)
        .join(labels, labels.c.id == spans.c.label_id)
        .where(has_state, is_by)
        .group_by(labels.c.id),
        select(literal(_PERSON), people.c.name, people.c.id, func.count())
        .select_from(fitting)
        .join(people, people.c.id == fitting.c.changed_by)
        .where(has_state, has_label)
        .group_by(people.c.id),
    ]
