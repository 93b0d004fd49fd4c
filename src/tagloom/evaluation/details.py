"""What a report says beside its scores: how sure they are, where the model fails, what its probabilities are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tagloom.evaluation.breakdowns import Breakdown
from tagloom.evaluation.calibration import Calibration
from tagloom.evaluation.confusion import Confusion
from tagloom.evaluation.failures import Failure
from tagloom.evaluation.intervals import Intervals
from tagloom.evaluation.scores import Scores
from tagloom.evaluation.surfaces import WrongSurface


@dataclass(frozen=True, slots=True)
class Details:
    """What a report says beside its scores.

    Args:
        modes: the scores of every mode, by its name.
        intervals: 95 % bootstrap intervals of `micro`, `macro` and `weighted`, and of `tokens`, the accuracy.
        label_intervals: those of each label, apart, since a label may have one of these names.
        confusion: which labels are taken for which, and how.
        breakdowns: scores of kinds of entities: seen in training or not, by length, by frequency.
        surfaces: texts that are most often wrong, the most frequent first.
        calibration: how much the scores of spans are worth; None where nothing was found.
        failures: every sentence with an error, in order; no part of the JSON, since it holds texts.
    """

    modes: Mapping[str, Scores]
    intervals: Mapping[str, Intervals]
    label_intervals: Mapping[str, Intervals]
    confusion: Confusion
    breakdowns: Sequence[Breakdown]
    surfaces: Sequence[WrongSurface]
    calibration: Calibration | None
    failures: Sequence[Failure] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """Everything but the sentences, as JSON."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__ if name != "failures"}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value
