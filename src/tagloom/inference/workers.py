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
        """What work makes of each item, in their order; items are taken by the caller's thread, a few ahead.

        Where the items end with an error, what was made of those before it comes first.
        """
        pending: deque[Future[Result]] = deque()
        failed: list[Exception] = []
        try:
            for item in _until_failure(items, failed):
                pending.append(self._begun(work, item))
                if len(pending) > self._ahead:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()
        if failed:
            raise failed[0]

    def _begun(self, work: Callable[[Item], Result], item: Item) -> "Future[Result]":
        try:
            return self._threads.submit(work, item)
        except RuntimeError:  # the main thread has ended, and with it what begins threads
            done: Future[Result] = Future()
            done.set_result(work(item))
            return done


def _until_failure(items: Iterable[Item], failed: list[Exception]) -> Iterator[Item]:
    """The items; an error that they end with is kept rather than raised."""
    try:
        yield from items
    except Exception as error:  # noqa: BLE001  # it is raised, once the items before it are done with
        failed.append(error)
