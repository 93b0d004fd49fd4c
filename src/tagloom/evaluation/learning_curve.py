"""What more data would bring: the score against the number of sentences to learn from, on one test part."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import linear_regression
from typing import Any

from tagloom.evaluation.fields import Fields
from tagloom.evaluation.intervals import Interval

_FOR_SLOPE = 3


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
        """What doubling the data brings in F1, by a line through its last three points: two would be mostly chance."""
        last = self.points[-_FOR_SLOPE:]
        doublings = [math.log2(point.num_sentences) for point in last]
        return linear_regression(doublings, [point.f1 for point in last]).slope

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "LearningCurve":
        """The curve that `to_json` gave.

        Raises:
            DataError: it holds something else.
        """
        items = Fields(content, "learning curve").items("points")
        points = tuple(_point(Fields(item, "learning curve")) for item in items)
        sizes = [point.num_sentences for point in points]
        if len(points) < 2 or sizes[0] < 1 or any(after <= before for before, after in pairwise(sizes)):
            Fields(content, "learning curve").refuse("points", "two or more, each of more sentences", items)
        return cls(points)

    def to_json(self) -> dict[str, Any]:
        """Its points and slope."""
        return {"points": [asdict(point) for point in self.points], "slope": self.slope}


def _point(fields: Fields) -> LearningPoint:
    bounds = fields.items("interval")
    if len(bounds) != 2:
        fields.refuse("interval", "its least and its greatest value", bounds)
    low, high = (Fields({"interval": bound}, "learning curve").share("interval") for bound in bounds)
    return LearningPoint(
        share=fields.share("share"),
        num_sentences=fields.number("num_sentences"),
        num_entities=fields.number("num_entities"),
        f1=fields.share("f1"),
        interval=Interval(low, high),
    )
