"""What has been measured so far: one record an epoch, and which of them is the best."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One epoch.

    Args:
        epoch: from 0.
        step: steps done in all when it ended.
        loss: mean training loss of a sentence, in nats.
        dev: the metrics on the dev part, by name.
        seconds: that its steps took.
        words_per_second: of training.
        learning_rate: at its end.
        train: the metrics on a sample of the training part, without dropout, by name.
    """

    epoch: int
    step: int
    loss: float
    dev: Mapping[str, float]
    seconds: float
    words_per_second: float
    learning_rate: float
    train: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Its fields by name."""
        return asdict(self)


def best_epoch(
    history: Sequence[EpochRecord], monitor: str, *, higher_is_better: bool, min_delta: float = 0.0
) -> EpochRecord | None:
    """The record with the best monitored metric, of equal ones the first; None before the first epoch.

    Args:
        history: every record so far, in order.
        monitor: which metric.
        higher_is_better: its direction.
        min_delta: a later one must be better by more than this.
    """
    best: EpochRecord | None = None
    sign = 1 if higher_is_better else -1
    for record in history:
        if best is None or sign * (record.dev[monitor] - best.dev[monitor]) > min_delta:
            best = record
    return best
