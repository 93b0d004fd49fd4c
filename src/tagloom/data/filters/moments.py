"""Points in time, or numbers that stand for them, as metadata says them."""

import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import regex

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE = regex.compile(r"[+-]?[0-9]{1,300}")
_NUMBER = regex.compile(r"[+-]?(?:[0-9]{1,300}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_TIME = r"[0-9:.,+Z-]{2,30}"
_DATE = regex.compile(rf"[0-9]{{4}}-[0-9W][0-9-]{{1,5}}(?:[T ]{_TIME})?|[0-9]{{8}}T{_TIME}")
_MONTH = regex.compile(r"[0-9]{4}-[0-9]{2}")


class Moment(NamedTuple):
    """A number, or a date in microseconds since 1970; those of one kind can be compared."""

    kind: str
    value: float


def parse_moment(text: str) -> Moment | None:
    """The moment that a text says: a number, or an ISO 8601 date or time, in UTC where it names no zone; else None.

    Example:
        >>> parse_moment("1970-01-02"), parse_moment("2024"), parse_moment("soon")
        (Moment(kind='date', value=86400000000), Moment(kind='number', value=2024), None)
        >>> parse_moment("2024-03-01T12:00+02:00") == parse_moment("2024-03-01 10:00")
        True
    """
    bare = text.strip()
    if _WHOLE.fullmatch(bare):
        return Moment("number", int(bare))
    if _NUMBER.fullmatch(bare):
        return Moment("number", float(bare)) if math.isfinite(float(bare)) else None
    return _parse_date(f"{bare}-01" if _MONTH.fullmatch(bare) else bare)


def _parse_date(text: str) -> Moment | None:
    if not _DATE.fullmatch(text):  # Python would take more
        return None
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return Moment("date", (aware - _EPOCH) // timedelta(microseconds=1))
