"""One thing to know about a training, with the figures that led to it and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

WARNING, INFO = "warning", "info"
"""How much it matters: it costs score, or misleads; it is worth knowing."""

TRAIN, LABEL, CORRECT, LOOK, CURVE, DIVIDE = "train", "label", "correct", "look", "learning_curve", "divide"
"""What sort of doing an action is: to train anew, to label more, to correct labels, to look at errors, to find out what
more data would bring, to divide the data anew."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do.

    Args:
        text: in words.
        command: that does it; empty where none does.
        kind: `TRAIN` or another of these names; empty where it is none of them.
        options: of the training that it changes, by name, as `--set` takes them; `seeds` are those of `--seeds`.
    """

    text: str
    command: str = ""
    kind: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing to know.

    Args:
        kind: a name such as `overfit`.
        severity: `WARNING` or `INFO`.
        title: for people.
        evidence: the figures that led to it, in words.
        actions: what to do, the most promising first.
    """

    kind: str
    severity: str
    title: str
    evidence: str
    actions: Sequence[Action]

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)
