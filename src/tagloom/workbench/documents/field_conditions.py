"""Conditions on fields of documents, as `tagloom.data.filters` has them, for the database."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal, not_, or_
from sqlalchemy.exc import OperationalError

from tagloom.data.filters.fields import ID, LABEL, TEXT
from tagloom.data.filters.filter import ORDERS, Condition
from tagloom.data.filters.moments import parse_moment
from tagloom.data.filters.patterns import TIME_LIMIT, compiled
from tagloom.workbench.database.tables import documents, labels, spans
from tagloom.workbench.problems import Refused

_FUNCTION = "tagloom_fits"
_MOST_SECONDS = 5.0  # of all that the function below takes in a query
_EQUALITIES = ("=", "!=")
_PATTERN = "~"
_MOST_KNOWN = 10_000


def of_fields(connection: Connection, conditions: Sequence[Condition]) -> list[ColumnElement[bool]]:
    """The conditions, for queries of `documents` with this connection.

    The database compares what it can; for the rest it asks a function of ours, document by document. What is compared
    as a number or date and is none does not fit.

    Raises:
        Refused: the name of a field cannot be looked for.
    """
    driver: Any = connection.connection.driver_connection
    driver.create_function(_FUNCTION, 2, _Fitting(conditions))
    return [
        _of_label(condition, place) if condition.field == LABEL else _of_value(condition, place)
        for place, condition in enumerate(conditions)
    ]


@contextlib.contextmanager
def refusing_slow_ones() -> Iterator[None]:
    """Within the block a query whose conditions take too long is refused.

    Raises:
        Refused: one does.
    """
    try:
        yield
    except OperationalError as error:
        if "user-defined function" not in str(error.orig):
            raise
        told = f"filter: its comparisons took longer than {_MOST_SECONDS:g} s. Make it simpler."
        raise Refused("wrong-fields", told) from None


def _of_value(condition: Condition, place: int) -> ColumnElement[bool]:
    """On a field that has one value; a missing one reads as empty."""
    value = func.coalesce(_value(condition.field), "")
    return _negated(condition, _compared(condition, place)(value))


def _of_label(condition: Condition, place: int) -> ColumnElement[bool]:
    """On labels, of which any may fit; a document without reads as one with an empty label."""
    own = and_(spans.c.document_id == documents.c.id, spans.c.label_id == labels.c.id)
    any_fits = exists().where(own, _compared(condition, place)(labels.c.name))
    has_none = not_(exists().where(spans.c.document_id == documents.c.id))
    empty_fits = and_(has_none, _compared(condition, place)(literal("")))
    return _negated(condition, or_(any_fits, empty_fits))


def _negated(condition: Condition, fits: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(fits) if condition.operator.startswith("!") else fits


def _compared(condition: Condition, place: int) -> Callable[[Any], ColumnElement[bool]]:
    """What says of a value whether it fits, without a negation."""
    if condition.operator in _EQUALITIES:
        return lambda value: value == condition.value
    return lambda value: getattr(func, _FUNCTION)(place, value) > 0


def _value(field: str) -> Any:
    if field in (ID, TEXT):
        return {ID: documents.c.name, TEXT: documents.c.text}[field]
    if '"' in field:
        raise Refused("wrong-fields", "filter: the name of a field has no quotation marks here.")
    return func.json_extract(documents.c.source, f'$.metadata."{field}"')


class _Fitting:
    """Whether values fit conditions, as the database asks for it.

    Args:
        conditions: by their places.
    """

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self._fit = {place: _fit(each) for place, each in enumerate(conditions) if each.operator not in _EQUALITIES}
        self._end = time.monotonic() + _MOST_SECONDS

    def __call__(self, place: int, value: str) -> bool:
        """Whether a value fits the condition at a place, but for its negation."""
        if time.monotonic() > self._end:
            raise TimeoutError
        return self._fit[place](value)


def _fit(condition: Condition) -> Callable[[str], bool]:
    if condition.operator.endswith(_PATTERN):
        pattern = compiled(condition.value)
        return lambda value: pattern.search(value, timeout=TIME_LIMIT) is not None
    bound, is_in_order = parse_moment(condition.value), ORDERS[condition.operator]
    known = lru_cache(_MOST_KNOWN)(parse_moment)  # years and dates come again and again

    def fits(value: str) -> bool:
        moment = known(value)
        if moment is None or bound is None or moment.kind != bound.kind:
            return False
        return is_in_order(moment.value, bound.value)

    return fits
