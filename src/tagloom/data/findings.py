"""What was noticed of a source or of a dataset: how often, and where at first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing that was noticed.

    Args:
        kind: its name, a row of `problems.KINDS`.
        count: how often.
        examples: the first few, each in a line.
    """

    kind: str
    count: int
    examples: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"kind": self.kind, "count": self.count, "examples": list(self.examples)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Finding":
        """What `to_json` gave."""
        return cls(value["kind"], value["count"], tuple(value["examples"]))


class Findings:
    """Findings as they come in, one a kind."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def note(self, kind: str, *examples: str, count: int = 1) -> None:
        """Notes it `count` more times; of the examples the first few of its kind are kept."""
        self._counts[kind] = self._counts.get(kind, 0) + count
        kept = self._examples.setdefault(kind, [])
        kept.extend(examples[: MAX_EXAMPLES - len(kept)])

    def __iter__(self) -> Iterator[Finding]:
        return (Finding(kind, count, tuple(self._examples[kind])) for kind, count in self._counts.items())


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding a kind, counts added up."""
    together = Findings()
    for finding in findings:
        together.note(finding.kind, *finding.examples, count=finding.count)
    return tuple(together)
