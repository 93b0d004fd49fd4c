"""Several runs that differ in their seed alone: the mean and the spread of their scores (Reimers & Gurevych 2017)."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom.files import write_json

FIGURES = ("precision", "recall", "f1")


@dataclass(frozen=True, slots=True)
class SeedSummary:
    """Mean and sample deviation of the strict micro figures of each part, over runs.

    Args:
        parts: for each part and figure a `mean`, a `deviation` and all `values`.
    """

    parts: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def rows(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Part, figure, and its mean and deviation."""
        for part, figures in self.parts.items():
            for name, row in figures.items():
                yield part, name, row


def summarise(reports: Sequence[Mapping[str, Any]]) -> SeedSummary:
    """The summary of the reports of at least two runs."""
    parts = {
        part: {name: _spread([report["parts"][part]["micro"][name] for report in reports]) for name in FIGURES}
        for part in reports[0]["parts"]
    }
    return SeedSummary(parts)


def write_summary(path: Path, summary: SeedSummary) -> None:
    """Writes it as JSON."""
    write_json(path, summary.parts)


def _spread(values: Sequence[float]) -> dict[str, Any]:
    return {"mean": statistics.mean(values), "deviation": statistics.stdev(values), "values": list(values)}
