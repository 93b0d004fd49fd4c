"""What is wrong with a dataset, or between its parts: noticed in reading or found by a check, with what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tagloom.data.dataset import Dataset
from tagloom.data.findings import Finding, merged
from tagloom.data.quality.checks import CHECKS, PART_CHECKS
from tagloom.data.quality.contents import Contents, Part, divided_contents
from tagloom.data.quality.kinds import KINDS, UNKNOWN


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding with what to make of it.

    Args:
        finding: what was found, how often and where at first.
        severity: `error`, `warning` or `info`.
        advice: what to do.
    """

    finding: Finding
    severity: str
    advice: str

    @property
    def kind(self) -> str:
        """Its name, a row of `KINDS`."""
        return self.finding.kind

    @property
    def count(self) -> int:
        """How often."""
        return self.finding.count

    @property
    def examples(self) -> tuple[str, ...]:
        """Where at first, each in a line."""
        return self.finding.examples

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return self.finding.to_json() | {"severity": self.severity, "advice": self.advice}


def problems_of(dataset: Dataset, contents: Contents | None = None) -> tuple[Problem, ...]:
    """Everything that is wrong with a dataset, in the order of `KINDS`.

    What a check counts itself stands in place of what was noticed of that kind in reading.

    Args:
        dataset: what to check.
        contents: `Contents.of(dataset)`, where it is there already.

    Example:
        >>> from tagloom.text import Document
        >>> twice = Dataset((Document("It works."), Document("It works.")))
        >>> [(problem.kind, problem.count) for problem in problems_of(twice)]
        [('duplicate_sentences', 1)]
    """
    seen = contents or Contents.of(dataset)
    noticed = merged(chain.from_iterable(source.findings for source in dataset.sources))
    checked = chain.from_iterable(check(seen) for check in CHECKS)
    return in_order(_problems(chain(noticed, checked)))


def problems_between(parts: Mapping[str, Dataset]) -> tuple[Problem, ...]:
    """Everything that is wrong between the parts of a feature set, in the order of `KINDS`.

    Args:
        parts: by the names `train`, `dev` and `test`, in that order; those that there are.

    Example:
        >>> from tagloom.text import Document
        >>> same = Dataset((Document("It works."),))
        >>> [problem.kind for problem in problems_between({"train": same, "test": same})]
        ['leaked_sentences']
    """
    return problems_within(*divided_contents(parts))


def problems_within(contents: Contents, parts: Mapping[str, Part]) -> tuple[Problem, ...]:
    """`problems_between` of parts whose contents are there already."""
    return in_order(_problems(chain.from_iterable(check(contents, parts) for check in PART_CHECKS)))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems, of each kind the last, in the order of `KINDS`; behind them those of no kind that is known."""
    found = {problem.kind: problem for problem in problems}
    return tuple(found[kind] for kind in dict.fromkeys([*KINDS, *found]) if kind in found)


def _problems(findings: Iterable[Finding]) -> list[Problem]:
    return [Problem(finding, *KINDS.get(finding.kind, UNKNOWN)) for finding in findings]
