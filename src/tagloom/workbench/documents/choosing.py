"""Which documents of a project are meant, as the condition of a query."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from tagloom.data.filters.filter import Filter
from tagloom.errors import ConfigError
from tagloom.workbench.database.tables import documents, labels, spans
from tagloom.workbench.documents.field_conditions import of_fields
from tagloom.workbench.documents.new_documents import folded
from tagloom.workbench.documents.states import State
from tagloom.workbench.problems import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which documents are meant: those that fit all that is said. What is empty says nothing.

    Args:
        ids: their numbers.
        states: that they are in one of.
        label: that they have a span with.
        search: what stands in their text, whatever the case of its letters.
        by: the number of who has changed them last.
        import_id: that brought them.
        certainty_below: of the model that read them last.
        fields: conditions on id, text, label and metadata, as `tagloom.data.filters` has them.
    """

    ids: tuple[int, ...] = ()
    states: tuple[State, ...] = ()
    label: str = ""
    search: str = ""
    by: int | None = None
    import_id: int | None = None
    certainty_below: float | None = None
    fields: Filter | None = None


def parsed_filter(text: str) -> Filter | None:
    """The filter that a text says; None for an empty one.

    Raises:
        Refused: it says none.
    """
    try:
        return Filter.parse(text) if text.strip() else None
    except ConfigError as error:
        raise Refused("wrong-fields", str(error)) from None


def chosen(connection: Connection, project_id: int, choice: Choice) -> ColumnElement[bool]:
    """The condition that rows of `documents` fit if they are meant.

    Args:
        connection: that the query is for.
        project_id: whose documents are looked at.
        choice: which are meant.
    """
    conditions: list[ColumnElement[bool]] = [documents.c.project_id == project_id]
    if choice.ids:
        conditions.append(documents.c.id.in_(choice.ids))
    if choice.states:
        conditions.append(documents.c.state.in_([state.value for state in choice.states]))
    if choice.label:
        conditions.append(documents.c.id.in_(with_label(project_id, choice.label)))
    if choice.search:
        conditions.append(documents.c.folded.contains(folded(choice.search), autoescape=True))
    if choice.by is not None:
        conditions.append(documents.c.changed_by == choice.by)
    if choice.import_id is not None:
        conditions.append(documents.c.import_id == choice.import_id)
    if choice.certainty_below is not None:
        conditions.append(documents.c.certainty < choice.certainty_below)
    if choice.fields is not None:
        conditions += of_fields(connection, choice.fields.conditions)
    return and_(*conditions)


def with_label(project_id: int, label: str) -> Any:
    """The numbers of the documents with a span of a label."""
    number = select(labels.c.id).where(labels.c.project_id == project_id, labels.c.name == label)
    return select(spans.c.document_id).where(spans.c.label_id == number.scalar_subquery())
