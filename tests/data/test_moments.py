from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data.filters.moments import Moment, parse_moment

zones = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-720, 720))
times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.none() | zones)


def utc(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


@given(times, times)
def test_times_are_in_the_order_that_they_happened_in(one: datetime, other: datetime) -> None:
    first, second = parse_moment(one.isoformat()), parse_moment(other.isoformat(" "))
    assert first is not None
    assert second is not None
    assert (first.value < second.value) == (utc(one) < utc(other))
    assert (first.value == second.value) == (utc(one) == utc(other))


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_exactly(number: float) -> None:
    assert parse_moment(f" {number!r} ") == Moment("number", number)


@pytest.mark.parametrize(
    "text", ["", "soon", "1_000", "nan", "inf", "1e999", "31/12/2024", "2024-13-01", "٣", "1" * 301]
)
def test_what_is_neither_number_nor_date_is_none(text: str) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    "text", ["2024-03-01T12:00:00Z", "20240301T120000Z", "2024-W09-5T12:00", "2024-03-01 13:00:00.000+01:00"]
)
def test_iso_times_are_read_in_each_of_their_forms(text: str) -> None:
    assert parse_moment(text) == parse_moment("2024-03-01T12:00")


def test_a_month_is_its_first_day() -> None:
    assert parse_moment("2024-02") == parse_moment("2024-02-01") == parse_moment("2024-02-01T00:00:00Z")
