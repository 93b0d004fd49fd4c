"""A table's rows move as in the dense optimizer where a step sees them, and not at all where it does not."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from tagloom.training.optimizers import OPTIMIZERS, OptimizerOptions, TableRows

ROWS, WIDTH = 7, 3
OPTIONS = OptimizerOptions(learning_rate=0.1, momentum=0.0, weight_decay=0.01)
WITH_MOMENTUM = OptimizerOptions(learning_rate=0.1, momentum=0.9, weight_decay=0.01)

Step = tuple[Tensor, Tensor]
"""The rows of a batch (different,) and their gradient (different, width)."""


def steps(*rows: list[int]) -> list[Step]:
    generator = torch.Generator().manual_seed(5)
    return [(torch.tensor(own), torch.randn(len(own), WIDTH, generator=generator)) for own in rows]


def table() -> Tensor:
    return torch.randn(ROWS, WIDTH, generator=torch.Generator().manual_seed(1))


def moved_by_rows(name: str, options: OptimizerOptions, batches: list[Step]) -> Tensor:
    moved = table()
    rows, other = TableRows(moved), nn.Parameter(torch.ones(2))
    optimizer = OPTIMIZERS[name]([other, rows.parameter], options)
    for own, gradient in batches:
        other.grad = torch.ones(2)
        with rows.placed(optimizer, own, moved[own], gradient):
            optimizer.step()
    return moved


def moved_densely(name: str, options: OptimizerOptions, batches: list[Step]) -> Tensor:
    whole = nn.Parameter(table())
    optimizer = OPTIMIZERS[name]([whole], options)
    for own, gradient in batches:
        whole.grad = torch.zeros_like(whole).index_add(0, own, gradient)
        optimizer.step()
    return whole.detach()


def test_plain_sgd_equals_the_dense_one_on_the_whole_table() -> None:
    batches = steps([0, 2, 5], [1], [2, 3], [0, 1, 2, 3, 4, 5], [5])
    assert torch.equal(moved_by_rows("sgd", OPTIONS, batches), moved_densely("sgd", OPTIONS, batches))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rows_that_no_batch_holds_do_not_move(name: str) -> None:
    moved = moved_by_rows(name, WITH_MOMENTUM, steps([0, 2], [2, 4], [0]))
    unseen = [1, 3, 5, 6]
    assert torch.equal(moved[unseen], table()[unseen])
    assert not (moved[[0, 2, 4]] == table()[[0, 2, 4]]).any()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_row_that_every_batch_holds_moves_as_in_the_dense_optimizer(name: str) -> None:
    batches = steps([2, 5], [2], [0, 2, 3, 6], [1, 2], [2, 4])
    found, expected = (move(name, WITH_MOMENTUM, batches)[2] for move in (moved_by_rows, moved_densely))
    torch.testing.assert_close(found, expected, atol=1e-7, rtol=1e-6)


@pytest.mark.parametrize("name", ["adam", "rmsprop", "sgd"])
def test_a_row_keeps_what_is_remembered_of_it_while_it_is_not_seen(name: str) -> None:
    def last_move(batches: list[Step], move: Callable[[str, OptimizerOptions, list[Step]], Tensor]) -> Tensor:
        return move(name, WITH_MOMENTUM, batches)[0] - move(name, WITH_MOMENTUM, batches[:-1])[0]

    seen, between, again = steps([0], [1], [0])
    found = last_move([seen, between, again], moved_by_rows)
    forgotten = last_move([between, between, (again[0], again[1])], moved_by_rows)
    assert not torch.allclose(found, forgotten)
