"""What a feature set holds, how evenly, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.data.division.rule import Rule
from tagloom.data.quality.problems import Problem
from tagloom.data.quality.summary import Counts

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class FeatureSetSummary:
    """How much is in each part, how the parts came about, and what was found.

    Args:
        rule: how the parts came about.
        parts: what each holds, by name.
        problems: of all parts together, then between them.
    """

    rule: Rule
    parts: Mapping[str, Counts]
    problems: tuple[Problem, ...] = ()

    def balance(self) -> dict[str, Any]:
        """The share of each part in the documents, sentences, words and the entities of each label; and what was asked.

        Example:
            >>> parts = {"train": Counts(3, 6, 30, {"PNAME": 9}), "test": Counts(1, 2, 10, {"PNAME": 1})}
            >>> FeatureSetSummary(Rule(), parts).balance()["entities"]
            {'PNAME': {'train': 0.9, 'test': 0.1}}
        """
        parts, asked = self.parts, self.rule.shares
        labels = dict.fromkeys(label for counts in parts.values() for label in counts.entities)
        return {
            "asked": None if asked is None else {part: asked[part] for part in parts},
            "documents": _shares({part: counts.num_documents for part, counts in parts.items()}),
            "sentences": _shares({part: counts.num_sentences for part, counts in parts.items()}),
            "tokens": _shares({part: counts.num_tokens for part, counts in parts.items()}),
            "entities": {
                label: _shares({part: counts.entities.get(label, 0) for part, counts in parts.items()})
                for label in labels
            },
        }

    def to_json(self) -> dict[str, Any]:
        """As `summary.json` has it."""
        return {
            "rule": self.rule.to_json(),
            "parts": {part: counts.to_json() for part, counts in self.parts.items()},
            "balance": self.balance(),
            "problems": [problem.to_json() for problem in self.problems],
        }


def _shares(row: Mapping[str, int]) -> dict[str, float]:
    total = sum(row.values())
    return {part: round(number / total, _DIGITS) if total else 0.0 for part, number in row.items()}
