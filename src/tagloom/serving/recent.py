"""What was asked of each slot in the last hour, a minute at a time: in memory, for pages that show it."""

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

MINUTES = 60
"""That are kept."""

_SHORTEST, _GROWTH = 1e-4, 1.1  # seconds of the first bucket, and how much longer the next one is


@dataclass(frozen=True, slots=True)
class Figures:
    """What was asked in some time.

    Args:
        num_requests: that were answered, streams among them.
        num_errors: of these, those that were refused or failed.
        median: seconds that half of the answers took at most, to 5 %; None without any. Streams do not count.
        p95: likewise of 95 in 100.
    """

    num_requests: int
    num_errors: int
    median: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Minute(Figures):
    """What was asked in a minute.

    Args:
        at: its beginning, in seconds since 1970.
    """

    at: float


@dataclass(frozen=True, slots=True)
class Hour(Figures):
    """What was asked in the last hour.

    Args:
        minutes: all of them, those without requests too; the one that goes on is the last.
    """

    minutes: list[Minute]


@dataclass(slots=True)
class _Counts:
    """The counts of a minute.

    Args:
        number: of the minute, since 1970.
        num_requests: that were answered.
        num_errors: of these, those that were refused or failed.
        buckets: answers by how long they took.
    """

    number: int
    num_requests: int = 0
    num_errors: int = 0
    buckets: Counter[int] = field(default_factory=Counter)


class Recent:
    """The counts of one server.

    Args:
        clock: seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._slots: dict[str, deque[_Counts]] = {}

    def count(self, slot: str, status: int, seconds: float | None) -> None:
        """Counts an answer.

        Args:
            slot: that was asked; one that there is, since each is remembered.
            status: of HTTP.
            seconds: that it took; None where that says nothing.
        """
        number = int(self._clock() // 60)
        minutes = self._slots.get(slot)
        if minutes is None:
            minutes = self._slots[slot] = deque(maxlen=MINUTES)
        if not minutes or minutes[-1].number != number:
            minutes.append(_Counts(number))
        counts = minutes[-1]
        counts.num_requests += 1
        counts.num_errors += status >= 400
        if seconds is not None:
            counts.buckets[_bucket(seconds)] += 1

    def hour(self, slot: str) -> Hour:
        """The last hour of a slot, of one that was never asked too."""
        last = int(self._clock() // 60)
        kept = {each.number: each for each in self._slots.get(slot, ()) if last - MINUTES < each.number <= last}
        numbers = range(last - MINUTES + 1, last + 1)
        minutes = [Minute(*_figures([kept.get(number, _Counts(number))]), number * 60.0) for number in numbers]
        return Hour(*_figures(kept.values()), minutes)


def _figures(some: Iterable[_Counts]) -> tuple[int, int, float | None, float | None]:
    counts = list(some)
    buckets = sum((each.buckets for each in counts), Counter[int]())
    num_requests, num_errors = sum(each.num_requests for each in counts), sum(each.num_errors for each in counts)
    return num_requests, num_errors, _quantile(buckets, 0.5), _quantile(buckets, 0.95)


def _bucket(seconds: float) -> int:
    return max(0, math.ceil(math.log(max(seconds, _SHORTEST) / _SHORTEST, _GROWTH)))


def _quantile(buckets: Mapping[int, int], share: float) -> float | None:
    """The middle of the bucket that holds the answer of that rank."""
    left = share * sum(buckets.values())
    for bucket, number in sorted(buckets.items()):
        left -= number
        if left <= 0:
            return float(_SHORTEST * _GROWTH ** (bucket - 0.5))
    return None
