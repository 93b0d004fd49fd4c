"""What can be watched on the dev part, by name."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of one evaluation, and whether more of it is better."""

    description: str
    higher_is_better: bool


METRICS: Mapping[str, Metric] = {
    "f1": Metric("strict micro F1 over spans", higher_is_better=True),
    "precision": Metric("share of the spans found that are right", higher_is_better=True),
    "recall": Metric("share of the right spans that are found", higher_is_better=True),
    "accuracy": Metric("share of the words with the right tag", higher_is_better=True),
    "loss": Metric("mean loss of a sentence, in nats", higher_is_better=False),
}
