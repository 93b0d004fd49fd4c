"""Optimizers by name, and the rows of a table that a batch touched as one of their parameters."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer


@dataclass(frozen=True, slots=True)
class OptimizerOptions:
    """What optimizers are built with; each takes what it knows."""

    learning_rate: float
    momentum: float
    weight_decay: float


Parameters = Iterable[nn.Parameter] | Iterable[dict[str, Any]]
"""Parameters, or groups of them as torch has them."""

OPTIMIZERS: Mapping[str, Callable[[Parameters, OptimizerOptions], Optimizer]] = {
    "adam": lambda parameters, options: torch.optim.Adam(parameters, lr=options.learning_rate, fused=True),
    "adamw": lambda parameters, options: torch.optim.AdamW(
        parameters, lr=options.learning_rate, weight_decay=options.weight_decay, fused=True
    ),
    "nadam": lambda parameters, options: torch.optim.NAdam(parameters, lr=options.learning_rate),
    "rmsprop": lambda parameters, options: torch.optim.RMSprop(parameters, lr=options.learning_rate),
    "sgd": lambda parameters, options: torch.optim.SGD(parameters, lr=options.learning_rate, momentum=options.momentum),
}


class TableRows:
    """The rows of a table that a step touches, as a parameter of an optimizer.

    Only those rows, and what the optimizer remembers of them, are brought up to date: a row that a batch does not hold
    keeps its momenta as they are (lazy Adam, and the same for the others). Steps count from the table's first.

    Args:
        table: (rows, width), changed in place.
    """

    def __init__(self, table: Tensor) -> None:
        self._table = table
        self.parameter = nn.Parameter(table[:0].clone())
        self.memory: dict[str, Tensor] = {}  # what is remembered of each row, (rows, width) each

    @contextlib.contextmanager
    def placed(self, optimizer: Optimizer, rows: Tensor, values: Tensor, gradient: Tensor | None) -> Iterator[None]:
        """Within the block, in which the optimizer takes a step, `parameter` is these rows; then they are written back.

        Args:
            optimizer: that has `parameter` among its own.
            rows: numbers, (different,).
            values: of the rows, (different, width).
            gradient: likewise; None where they have none.
        """
        self.parameter.data, self.parameter.grad = values.detach(), gradient
        state = optimizer.state[self.parameter]
        state.update({name: memory.index_select(0, rows) for name, memory in self.memory.items()})
        yield
        for name, remembered in state.items():
            if isinstance(remembered, Tensor) and remembered.shape == values.shape:
                self._remembered(name).index_copy_(0, rows, remembered)
        self._table.index_copy_(0, rows, self.parameter.data)
        self.parameter.grad = None

    def _remembered(self, name: str) -> Tensor:
        """What is remembered of each row under a name; zeros at first."""
        if name not in self.memory:
            self.memory[name] = torch.zeros_like(self._table)
        return self.memory[name]
