"""What was asked of a slot in the last hour."""

import pytest

from tagloom.serving.recent import MINUTES, Recent


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000_020.0  # the beginning of a minute

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recent(clock: Clock) -> Recent:
    return Recent(clock)


def test_a_slot_that_was_never_asked_has_an_empty_hour(recent: Recent) -> None:
    hour = recent.hour("production")
    assert (hour.num_requests, hour.num_errors, hour.median, hour.p95) == (0, 0, None, None)
    assert len(hour.minutes) == MINUTES


def test_requests_stand_in_their_minutes(recent: Recent, clock: Clock) -> None:
    recent.count("a", 200, 0.01)
    recent.count("a", 422, 0.01)
    recent.count("b", 200, 0.01)
    clock.now += 60
    recent.count("a", 200, 0.01)
    hour = recent.hour("a")
    assert [(each.num_requests, each.num_errors) for each in hour.minutes[-2:]] == [(2, 1), (1, 0)]
    assert hour.minutes[-1].at == clock.now
    assert (hour.num_requests, hour.num_errors) == (3, 1)


def test_what_is_older_than_an_hour_is_gone(recent: Recent, clock: Clock) -> None:
    recent.count("a", 200, 0.01)
    clock.now += 59 * 60
    assert recent.hour("a").num_requests == 1
    clock.now += 60
    assert recent.hour("a").num_requests == 0


def test_quantiles_are_near_the_true_ones(recent: Recent) -> None:
    for milliseconds in range(1, 1001):
        recent.count("a", 200, milliseconds / 1000)
    hour = recent.hour("a")
    assert hour.median == pytest.approx(0.5, rel=0.06)
    assert hour.p95 == pytest.approx(0.95, rel=0.06)


def test_streams_count_as_requests_alone(recent: Recent) -> None:
    recent.count("a", 200, None)
    hour = recent.hour("a")
    assert (hour.num_requests, hour.median) == (1, None)
