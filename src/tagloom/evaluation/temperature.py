"""One number that makes a model's probabilities honest (temperature scaling, Guo et al. 2017)."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_SPREAD = 0.5  # of the logarithm of temperatures, before any data is seen
_LEAST, _MOST = math.log(0.1), math.log(10.0)
_GOLDEN = (math.sqrt(5) - 1) / 2
_PRECISION = 0.01  # of the logarithm
_SURE = 1e-6  # no probability counts as surer than this


def fit_temperature(probabilities: Callable[[float], Floats], right: NDArray[np.bool_]) -> float:
    """The temperature at which spans with a probability of p are right in a share p of all cases.

    It is the most probable one, given which spans are right and, before that, a logarithm that is normal around 0: so a
    few spans move it little from 1, and many as far as they say.

    Args:
        probabilities: of each predicted span at a temperature, (spans,), 0 to 1.
        right: whether each is right, (spans,).

    Returns:
        A number from 0.1 to 10; 1 where there is no span.

    Example:
        >>> def always(temperature: float) -> Floats:
        ...     return np.full(1000, 1 / (1 + np.exp(-2.0 / temperature)))  # 0.88 at 1
        >>> round(fit_temperature(always, np.arange(1000) < 700), 1)  # 0.7 of them are right
        2.3
    """
    if not len(right):
        return 1.0

    def cost(logarithm: float) -> float:
        sure = np.clip(probabilities(math.exp(logarithm)), _SURE, 1 - _SURE)
        return float(-np.log(np.where(right, sure, 1 - sure)).sum() + (logarithm / _SPREAD) ** 2 / 2)

    return math.exp(_lowest(cost))


def _lowest(cost: Callable[[float], float]) -> float:
    """Where the cost is lowest: golden section search (Kiefer 1953)."""
    low, high = _LEAST, _MOST
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = cost(left), cost(right)
    while high - low > _PRECISION:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = cost(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = cost(right)
    return (low + high) / 2
