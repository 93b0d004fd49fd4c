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


@pytest.mark.parametrize("number", [1, 3])
def test_an_error_ends_it_and_nothing_else_is_begun(number: int) -> None:
    begun = []

    def work(item: int) -> None:
        begun.append(item)
        raise ValueError(f"item {item}")

    with pytest.raises(ValueError, match="item 0"):
        list(Workers(number, ahead=4).map(work, range(100)))
    assert len(begun) <= 5


def test_one_who_does_not_go_on_leaves_nothing_waiting() -> None:
    go_on = threading.Event()
    begun = []

    def work(item: int) -> int:
        begun.append(item)
        if item:
            assert go_on.wait(10)
        return item

    results = Workers(1, ahead=4).map(work, range(100))
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]  # a generator
    go_on.set()
    assert len(begun) <= 2
