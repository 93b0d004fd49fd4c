"""Optimizers by name, and the one that updates only those rows of a table which a batch touched."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer


@dataclass(frozen=True, slots=True)
class OptimizerOptions:
    """What optimizers are built with; each takes what it knows."""

    learning_rate: float
    momentum: float
    weight_decay: float


Parameters = Iterable[nn.Parameter]

OPTIMIZERS: Mapping[str, Callable[[Parameters, OptimizerOptions], Optimizer]] = {
    "adam": lambda parameters, options: torch.optim.Adam(parameters, lr=options.learning_rate, fused=True),
    "adamw": lambda parameters, options: torch.optim.AdamW(
        parameters, lr=options.learning_rate, weight_decay=options.weight_decay, fused=True
    ),
    "nadam": lambda parameters, options: torch.optim.NAdam(parameters, lr=options.learning_rate),
    "rmsprop": lambda parameters, options: torch.optim.RMSprop(parameters, lr=options.learning_rate),
    "sgd": lambda parameters, options: torch.optim.SGD(parameters, lr=options.learning_rate, momentum=options.momentum),
}


class RowOptimizer:
    """An optimizer for a table of which each step sees a few rows.

    Only those rows, and what the optimizer remembers of them, are brought up to date: a row that a batch does not hold
    keeps its momenta as they are (lazy Adam, and the same for the others). Its steps count from the table's first.

    Args:
        table: (rows, width), changed in place.
        make: builds the optimizer over one parameter.
    """

    def __init__(self, table: Tensor, make: Callable[[list[nn.Parameter]], Optimizer]) -> None:
        self._table = table
        self._rows = nn.Parameter(table[:0].clone())
        self.optimizer = make([self._rows])
        self.memory: dict[str, Tensor] = {}  # what is remembered of each row, (rows, width) each

    def step(self, rows: Tensor, values: Tensor, gradient: Tensor) -> None:
        """Moves rows (different,) from their values (different, width) along their gradient, and writes them back."""
        self._rows.data = values.detach()
        self._rows.grad = gradient
        state = self.optimizer.state[self._rows]
        state.update({name: memory.index_select(0, rows) for name, memory in self.memory.items()})
        self.optimizer.step()
        for name, remembered in state.items():
            if isinstance(remembered, Tensor) and remembered.shape == values.shape:
                self._remembered(name).index_copy_(0, rows, remembered)
        self._table.index_copy_(0, rows, self._rows.data)
        self._rows.grad = None

    def _remembered(self, name: str) -> Tensor:
        """What is remembered of each row under a name; zeros at first."""
        if name not in self.memory:
            self.memory[name] = torch.zeros_like(self._table)
        return self.memory[name]
