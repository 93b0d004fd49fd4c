"""One thing to know about a training, with the figures that led to it and what to do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

WARNING, INFO = "warning", "info"
"""How much it matters: it costs score, or misleads; it is worth knowing."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do.

    Args:
        text: in words.
        command: that does it; empty where none does.
    """

    text: str
    command: str = ""


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
