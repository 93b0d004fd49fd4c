"""How far two mixes of labels are apart, and whether chance explains it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drift:
    """The difference between two mixes.

    Args:
        distance: the Jensen-Shannon distance to the base 2, between 0 (the same) and 1 (no label in common).
        chance: how probable so great a difference is where both are drawn from one mix, between 0 and 1.
    """

    distance: float
    chance: float


def drift(one: Mapping[str, int], other: Mapping[str, int]) -> Drift:
    """Holds two mixes of labels against each other.

    The distance is that of Endres & Schindelin 2003 ("A new metric for probability distributions"); chance is judged by
    the G test of homogeneity (Sokal & Rohlf 1981, section 17.4), whose statistic is the same divergence weighted by the
    sizes, with the tail of chi square after Wilson & Hilferty 1931.

    Args:
        one: how often each label occurs.
        other: the same elsewhere.

    Example:
        >>> drift({"A": 500, "B": 500}, {"A": 500, "B": 500})
        Drift(distance=0.0, chance=1.0)
        >>> apart = drift({"A": 900, "B": 100}, {"A": 100, "B": 900})
        >>> round(apart.distance, 2), round(apart.chance, 3)
        (0.73, 0.0)
    """
    first, second = sum(one.values()), sum(other.values())
    labels = [label for label in {**one, **other} if one.get(label, 0) + other.get(label, 0)]
    if not first or not second or len(labels) < 2:
        return Drift(0.0, 1.0)
    pairs = [(one.get(label, 0) / first, other.get(label, 0) / second) for label in labels]
    distance = math.sqrt(max(0.0, _divergence(pairs, 0.5)))
    statistic = 2 * (first + second) * math.log(2) * _divergence(pairs, first / (first + second))
    return Drift(distance, _tail(statistic, len(labels) - 1))


def _divergence(pairs: list[tuple[float, float]], weight: float) -> float:
    """The Jensen-Shannon divergence in bits, with the weight of the first of both mixes."""
    means = [weight * p + (1 - weight) * q for p, q in pairs]
    from_first = sum(p * math.log2(p / mean) for (p, _), mean in zip(pairs, means, strict=True) if p)
    from_second = sum(q * math.log2(q / mean) for (_, q), mean in zip(pairs, means, strict=True) if q)
    return weight * from_first + (1 - weight) * from_second


def _tail(statistic: float, degrees: int) -> float:
    """How probable a greater chi square is: its cube root is nearly normal."""
    if statistic <= 0:
        return 1.0
    variance = 2 / (9 * degrees)
    deviation = ((statistic / degrees) ** (1 / 3) - (1 - variance)) / math.sqrt(variance)
    return min(1.0, 0.5 * math.erfc(deviation / math.sqrt(2)))
