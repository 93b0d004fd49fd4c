"""How often each key may ask."""

import time
from collections.abc import Callable

from tagloom.serving.problems import Problem
from tagloom.serving.state.keys import Key

_BURST_SECONDS = 10.0  # whose share of requests may come at once


class Rates:
    """The rates of all keys: the generic cell rate algorithm, one number a key (ITU-T I.371).

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._caught_up: dict[int, float] = {}  # when each key has caught up with what it asked

    def expect_room(self, key: Key) -> None:
        """Counts a request of a key.

        Raises:
            Problem: the key has asked too often.
        """
        if key.per_minute is None:
            return
        now, apart = self._clock(), 60.0 / key.per_minute
        caught_up = max(self._caught_up.get(key.id, now), now)
        ahead = caught_up - now - max(_BURST_SECONDS - apart, 0.0)
        if ahead > 0:
            told = f"The key may ask {key.per_minute} times a minute. Ask more slowly."
            raise Problem("too-many-requests", told, retry_after=ahead)
        self._caught_up[key.id] = caught_up + apart
