"""Runs side by side: what each scores, how it was asked for, and whether chance may explain a difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom.evaluation.significance import PairedTest, paired_test
from tagloom.runs.candidate import Candidate, read_candidates
from tagloom.runs.judged_run import JudgedPart

TEST, DEV = "test", "dev"
SIGNIFICANT = 0.05
"""Below this probability a difference is told as one."""

OTHER_SENTENCES = "was judged on other sentences, so that the scores are not comparable"
SERIES = "is compared by means, for which there is no paired test"
NO_COUNTS = "cannot be tested: a run has no counts of each sentence (counts.json)"


@dataclass(frozen=True, slots=True)
class Difference:
    """A candidate held against the first one.

    Args:
        f1: strict micro F1 less that of the first, of series by their means, -1 to 1; None where not comparable.
        test: whether the choice of sentences explains it; None where there is none.
        why_no_test: why there is none; empty where there is one.
    """

    f1: float | None
    test: PairedTest | None = None
    why_no_test: str = ""

    def to_json(self) -> dict[str, Any]:
        """Its fields by name, those of the test among them."""
        return {
            "f1": self.f1,
            "interval": None if self.test is None else list(self.test.interval),
            "p_value": None if self.test is None else self.test.p_value,
            "why_no_test": self.why_no_test,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Candidates side by side.

    Args:
        part: on which they are compared: `test` where all have it, else `dev`.
        candidates: in the order in which they were given.
        differences: of each but the first, by name.
        options: those that differ, each with its value of each candidate; None where it is not known.
    """

    part: str
    candidates: Sequence[Candidate]
    differences: Mapping[str, Difference]
    options: Mapping[str, Sequence[Any]]

    @property
    def labels(self) -> list[str]:
        """Every label that a candidate was judged on."""
        return sorted({label for one in self.candidates for label in one.labels(self.part)})

    @property
    def without_test_part(self) -> list[str]:
        """The names of those that keep all from being compared on a test part."""
        return [] if self.part == TEST else [one.name for one in self.candidates if not one.has(TEST)]

    def to_json(self) -> dict[str, Any]:
        """Everything by name; shares between 0 and 1."""
        return {
            "part": self.part,
            "candidates": [one.to_json(self.part) for one in self.candidates],
            "differences": {name: own.to_json() for name, own in self.differences.items()},
            "options": {name: list(values) for name, values in self.options.items()},
        }


def compare(paths: Sequence[str | Path], names: Sequence[str] | None = None) -> Comparison:
    """Holds runs, and series of runs, against the first of them.

    Args:
        paths: their folders, at least one.
        names: what each is called, no two alike; None for as much of its path as tells it from the others.

    Raises:
        TrainingError: a folder is no run, is given twice, or a run is unfinished.
        DataError: a report or counts are not as they were written.
        ConfigError: a `config.toml` is not as it was.
    """
    candidates = read_candidates([Path(path) for path in paths], names)
    part = TEST if all(one.has(TEST) for one in candidates) else DEV
    first, *others = candidates
    differences = {one.name: _difference(first, one, part) for one in others}
    return Comparison(part, candidates, differences, _differing_options(candidates))


def _difference(first: Candidate, second: Candidate, part: str) -> Difference:
    parts = [*first.part(part), *second.part(part)]
    if not _are_comparable(parts):
        return Difference(None, why_no_test=OTHER_SENTENCES)
    difference = second.micro(part, "f1").mean - first.micro(part, "f1").mean
    if first.is_series or second.is_series:
        return Difference(difference, why_no_test=SERIES)
    one, other = (own.counts for own in parts)
    if one is None or other is None:
        return Difference(difference, why_no_test=NO_COUNTS)
    return Difference(difference, paired_test(one, other))


def _are_comparable(parts: Sequence[JudgedPart]) -> bool:
    """Whether all are of the same sentences with the same gold chunks, as far as what the runs kept can tell."""
    kept = [own.counts for own in parts if own.counts is not None]
    if len({counts.digest for counts in kept}) > 1:
        return False
    sizes = {(own.report.sentences, own.report.tokens.count, own.report.micro.support) for own in parts}
    return len(sizes) == 1


def _differing_options(candidates: Sequence[Candidate]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for one in candidates for run in one.runs for name in run.options)
    values = {name: [one.option(name) for one in candidates] for name in names}
    return {name: own for name, own in values.items() if any(value != own[0] for value in own)}
