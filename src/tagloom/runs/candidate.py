"""What is compared: a run, or a series of runs that differ in their seed alone."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom.errors import TrainingError
from tagloom.evaluation.intervals import Interval
from tagloom.evaluation.scores import Score
from tagloom.runs.judged_run import JudgedPart, JudgedRun, read_judged_run
from tagloom.runs.run import Run
from tagloom.runs.seeds import FIGURES

SEED = "seed"


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over the runs of a candidate.

    Args:
        mean: of the values; of one run its own.
        deviation: sample deviation; None of one run.
        values: one a run.
    """

    mean: float
    deviation: float | None
    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least one value.

        Example:
            >>> Spread.of([0.25, 0.75]).mean, Spread.of([0.5]).deviation
            (0.5, None)
        """
        deviation = statistics.stdev(values) if len(values) > 1 else None
        return cls(statistics.mean(values), deviation, tuple(values))

    def to_json(self) -> dict[str, Any]:
        """Its fields by name."""
        return {"mean": self.mean, "deviation": self.deviation, "values": list(self.values)}


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A run, or a series of runs that differ in their seed alone.

    Args:
        name: what tells it from the others.
        path: of its folder.
        runs: one, or one a seed.
    """

    name: str
    path: Path
    runs: tuple[JudgedRun, ...]

    @property
    def is_series(self) -> bool:
        """Whether it is several runs."""
        return len(self.runs) > 1

    @property
    def seeds(self) -> tuple[Any, ...]:
        """The seed of each run."""
        return tuple(run.options.get(SEED) for run in self.runs)

    def part(self, name: str) -> list[JudgedPart]:
        """That part of each run."""
        return [run.parts[name] for run in self.runs]

    def has(self, part: str) -> bool:
        """Whether every run was judged on that part."""
        return all(part in run.parts for run in self.runs)

    def micro(self, part: str, figure: str) -> Spread:
        """Strict micro precision, recall or F1."""
        return self._spread(part, lambda own: getattr(own.report.micro, figure))

    def interval(self, part: str, figure: str) -> Interval | None:
        """The 95 % interval of such a figure; None where the report has none, and of a series."""
        return None if self.is_series else self.part(part)[0].intervals.get("micro", {}).get(figure)

    def accuracy(self, part: str) -> Spread:
        """The share of words with the right tag."""
        return self._spread(part, lambda own: own.report.tokens.accuracy)

    def label(self, part: str, label: str) -> Spread | None:
        """F1 of a label, in the runs that know it; None where none does."""
        scores: list[Score] = [own.report.labels[label] for own in self.part(part) if label in own.report.labels]
        return Spread.of([score.f1 for score in scores]) if scores else None

    def labels(self, part: str) -> Iterator[str]:
        """The labels of that part, perhaps several times."""
        for own in self.part(part):
            yield from own.report.labels

    def option(self, name: str) -> Any:
        """What it was asked for; the seeds of a series together; None where it is empty or was not known then."""
        if name == SEED and self.is_series:
            return list(self.seeds)
        value = self.runs[0].options.get(name)
        return None if value in ("", [], {}) else value

    def mean_of(self, figure: Callable[[JudgedRun], float]) -> float:
        """The mean over its runs of what each says."""
        return statistics.mean(map(figure, self.runs))

    def _spread(self, part: str, figure: Callable[[JudgedPart], float]) -> Spread:
        return Spread.of([figure(own) for own in self.part(part)])

    def to_json(self, part: str) -> dict[str, Any]:
        """Its figures on that part, and of each run how it was trained."""
        intervals = {figure: self.interval(part, figure) for figure in FIGURES}
        return {
            "name": self.name,
            "path": str(self.path),
            "micro": {figure: self.micro(part, figure).to_json() for figure in FIGURES},
            "intervals": {figure: list(interval) for figure, interval in intervals.items() if interval is not None},
            "labels": {
                label: spread.to_json()
                for label in dict.fromkeys(self.labels(part))
                if (spread := self.label(part, label)) is not None
            },
            "token_accuracy": self.accuracy(part).to_json(),
            "runs": [_run_to_json(run) for run in self.runs],
        }


def read_candidates(paths: Sequence[Path], names: Sequence[str] | None = None) -> list[Candidate]:
    """The run or series of each folder.

    Args:
        paths: of the folders.
        names: what each is called, no two alike; None for as much of its path as tells it from the others.

    Raises:
        TrainingError: a folder is neither, is given twice, or a run is unfinished.
        DataError: a report or counts are not as they were written.
        ConfigError: a `config.toml` is not as it was.
    """
    seen: dict[Path, Path] = {}
    for path in paths:
        if path.resolve() in seen:
            raise TrainingError(f"{path}: expected different runs, received this one twice. Leave it out once.")
        seen[path.resolve()] = path
    return [
        Candidate(name, path, tuple(map(read_judged_run, _folders(path))))
        for name, path in zip(names or _names(paths), paths, strict=True)
    ]


def _folders(path: Path) -> list[Path]:
    """The folder of a run itself, or those of a series in the order of their seeds."""
    if Run(path).exists or not path.is_dir():
        return [path]
    series = [each for each in path.glob(f"{SEED}-*") if each.name.removeprefix(f"{SEED}-").isdecimal()]
    return sorted(series, key=lambda each: int(each.name.removeprefix(f"{SEED}-"))) or [path]


def _names(paths: Sequence[Path]) -> list[str]:
    """As much of the end of each path as tells them apart."""
    parts = [path.resolve().parts for path in paths]
    ends = (["/".join(own[-length:]) for own in parts] for length in range(1, max(map(len, parts)) + 1))
    return next(names for names in ends if len(set(names)) == len(names))


def _run_to_json(run: JudgedRun) -> dict[str, Any]:
    return {
        "path": str(run.path),
        "epochs": len(run.history),
        "best_epoch": run.best_epoch,
        "seconds": run.seconds,
        "words_per_second": run.words_per_second,
        "model_bytes": run.model_bytes,
        "options": dict(run.options),
    }
