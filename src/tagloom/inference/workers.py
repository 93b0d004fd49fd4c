"""Threads that work beside each other on a stream of items."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers:
    """Some threads, begun when they are first needed. Threads may share them.

    Args:
        number: how many, at least 1.
        ahead: items that may wait, or be done and not yet asked for; enough that no worker waits.
    """

    def __init__(self, number: int, *, ahead: int) -> None:
        self.number, self._ahead = number, ahead
        self._threads = ThreadPoolExecutor(number, "tagloom-predictor")

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """What work makes of each item, in their order; items are taken by the caller's thread, a few ahead."""
        pending: deque[Future[Result]] = deque()
        try:
            for item in items:
                pending.append(self._threads.submit(work, item))
                if len(pending) > self._ahead:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()
