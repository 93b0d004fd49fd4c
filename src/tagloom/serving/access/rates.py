"""How often each key may ask."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from tagloom.serving.problems import Problem
from tagloom.serving.state.keys import Key

_BURST_SECONDS = 10.0  # whose share of requests may come at once
_MOST_KNOWN = 10_000


class Pace:
    """How fast each of many asks: the generic cell rate algorithm, one number for each (ITU-T I.371).

    Those who have not asked for longest are forgotten where there are too many.

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._caught_up: OrderedDict[Hashable, float] = OrderedDict()  # when each has caught up with what it asked

    def wait(self, who: Hashable, per_minute: int) -> float:
        """Counts a request.

        Args:
            who: asks.
            per_minute: requests that it may make, at least 1.

        Returns:
            0; or the seconds after which it may ask again, and then this one is not counted.
        """
        now, apart = self._clock(), 60.0 / per_minute
        caught_up = max(self._caught_up.get(who, now), now)
        ahead = caught_up - now - max(_BURST_SECONDS - apart, 0.0)
        if ahead > 0:
            return ahead
        self._caught_up[who] = caught_up + apart
        self._caught_up.move_to_end(who)
        while len(self._caught_up) > _MOST_KNOWN:
            self._caught_up.popitem(last=False)
        return 0.0


class Rates:
    """The rates of all keys.

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = Pace(clock)

    def expect_room(self, key: Key) -> None:
        """Counts a request of a key.

        Raises:
            Problem: the key has asked too often.
        """
        wait = 0.0 if key.per_minute is None else self._pace.wait(key.id, key.per_minute)
        if wait > 0:
            told = f"The key may ask {key.per_minute} times a minute. Ask more slowly."
            raise Problem("too-many-requests", told, retry_after=wait)
