"""Workers give results in order, take items as they are needed, and pass errors on."""

import threading
from collections.abc import Iterator

import pytest

from tagloom.inference.workers import Workers


def test_results_come_in_order_though_later_items_are_done_first() -> None:
    second_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert second_done.wait(10)
        if item == 1:
            second_done.set()
        return item * item

    assert list(Workers(2, ahead=2).map(work, range(5))) == [0, 1, 4, 9, 16]


def test_items_are_taken_a_few_ahead() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    results = Workers(2, ahead=3).map(str, items())
    assert taken == 0
    assert [next(results) for _ in range(5)] == ["1", "2", "3", "4", "5"]
    assert taken == 5 + 3


def test_an_error_ends_it_and_what_waits_is_not_begun() -> None:
    go_on = threading.Event()
    begun = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 0:
            raise ValueError(f"item {item}")
        assert go_on.wait(10)

    workers = Workers(1, ahead=4)
    with pytest.raises(ValueError, match="item 0"):
        list(workers.map(work, range(100)))
    go_on.set()
    assert list(workers.map(str, [7])) == ["7"]  # behind all that was begun
    assert set(begun) <= {0, 1}


def test_one_who_does_not_go_on_leaves_nothing_waiting() -> None:
    go_on = threading.Event()
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        assert item == 0 or go_on.wait(10)
        return item

    workers = Workers(1, ahead=4)
    results = workers.map(work, range(100))
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]  # a generator
    go_on.set()
    assert list(workers.map(str, [7])) == ["7"]
    assert set(begun) <= {0, 1}


def test_where_the_items_fail_those_before_are_done_first() -> None:
    def items() -> Iterator[int]:
        yield from range(3)
        raise OSError("cut")

    results = Workers(2, ahead=8).map(str, items())
    assert [next(results) for _ in range(3)] == ["0", "1", "2"]
    with pytest.raises(OSError, match="cut"):
        next(results)


def test_it_goes_on_where_no_thread_can_begin_any_more() -> None:
    workers = Workers(2, ahead=2)
    workers._threads.shutdown()
    assert list(workers.map(str, range(5))) == ["0", "1", "2", "3", "4"]
