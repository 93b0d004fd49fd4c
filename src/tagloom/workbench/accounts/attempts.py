"""Wrong passwords: after a few in a row, those for the same name wait longer and longer."""

import time
from collections import OrderedDict
from collections.abc import Callable

from tagloom.workbench.problems import Refused

_FREE = 5  # wrong passwords before anybody waits
_LONGEST_SECONDS = 300.0
_MOST_NAMES = 10_000


class Attempts:
    """Counts wrong passwords by name, those of nobody too, so that the wait does not tell who there is.

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how many, and when the next may come

    def begin(self, name: str) -> None:
        """Lets an attempt pass; until it is known to be right it counts as a wrong one, so that many at once do, too.

        Raises:
            Refused: it comes too early.
        """
        count, next_at = self._failed.get(name, (0, 0.0))
        now = self._clock()
        if next_at > now:
            raise Refused(
                "too-many-attempts", f"Wait {max(1, round(next_at - now))} seconds.", retry_after=next_at - now
            )
        count += 1
        wait = 0.0 if count < _FREE else min(_LONGEST_SECONDS, 2.0 ** min(count - _FREE, 20))
        self._failed[name] = count, now + wait
        self._failed.move_to_end(name)
        while len(self._failed) > _MOST_NAMES:
            self._failed.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forgets the wrong ones."""
        self._failed.pop(name, None)
