"""How the learning rate goes on, by name: a factor for each share of the training that is done."""

import math
from collections.abc import Callable, Mapping

SCHEDULES: Mapping[str, Callable[[float, int], float]] = {
    "constant": lambda _done, _epoch: 1.0,
    "inverse_time": lambda _done, epoch: 1 / (1 + 0.05 * epoch),
    "linear": lambda done, _epoch: max(0.0, 1 - done),
    "cosine": lambda done, _epoch: 0.5 * (1 + math.cos(math.pi * min(1.0, done))),
}
"""Each takes the share of all steps that are done, from 0 to 1, and the epoch from 0. Inverse time: Ma & Hovy 2016."""
