"""What more data would bring: the score against the number of sentences to learn from, on one test part."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tagloom.evaluation.intervals import Interval


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """One training.

    Args:
        share: of the training part, above 0 and at most 1.
        num_sentences: that it learned from.
        num_entities: in them.
        f1: strict micro F1 on the test part, 0 to 1.
        interval: its 95 % bootstrap interval.
    """

    share: float
    num_sentences: int
    num_entities: int
    f1: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """The score with ever more of the training part.

    Args:
        points: at least two, by rising share, all judged by the same sentences.

    Example:
        >>> flat = Interval(0.0, 1.0)
        >>> points = [LearningPoint(share, int(80 * share), 9, f1, flat) for share, f1 in ((0.5, 0.6), (1.0, 0.7))]
        >>> round(LearningCurve(points).slope, 3)
        0.1
    """

    points: Sequence[LearningPoint]

    @property
    def slope(self) -> float:
        """What doubling the data brings in F1, by its last two points."""
        before, last = self.points[-2:]
        return (last.f1 - before.f1) / math.log2(last.num_sentences / before.num_sentences)

    def to_json(self) -> dict[str, Any]:
        """Its points and slope."""
        return {"points": [asdict(point) for point in self.points], "slope": self.slope}
