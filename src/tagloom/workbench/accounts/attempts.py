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

    def expect_room(self, name: str) -> None:
        """Lets an attempt pass.

        Raises:
            Refused: it comes too early.
        """
        _, next_at = self._failed.get(name, (0, 0.0))
        left = next_at - self._clock()
        if left > 0:
            raise Refused("too-many-attempts", f"Wait {max(1, round(left))} seconds.", retry_after=left)

    def failed(self, name: str) -> None:
        """Notes a wrong password."""
        count = self._failed.pop(name, (0, 0.0))[0] + 1
        wait = 0.0 if count < _FREE else min(_LONGEST_SECONDS, 2.0 ** (count - _FREE))
        self._failed[name] = count, self._clock() + wait
        while len(self._failed) > _MOST_NAMES:
            self._failed.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forgets the wrong ones."""
        self._failed.pop(name, None)
