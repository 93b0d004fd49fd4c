"""What one finished run says of itself: its scores, its options, its training, its size."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom.errors import DataError, TrainingError
from tagloom.evaluation.fields import read_object
from tagloom.evaluation.history import EpochRecord
from tagloom.evaluation.intervals import Interval, Intervals
from tagloom.evaluation.report import Report
from tagloom.evaluation.sentence_counts import SentenceCounts
from tagloom.runs.run import FAILED, STOPPED, Run


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPart:
    """A run's model on one part of its data.

    Args:
        report: the scores.
        intervals: 95 % bootstrap intervals of `micro` and of each label; empty where the report has none.
        counts: sentence by sentence; None where the run kept none.
    """

    report: Report
    intervals: Mapping[str, Intervals]
    counts: SentenceCounts | None


@dataclass(frozen=True, slots=True, eq=False)
class JudgedRun:
    """One finished run.

    Args:
        path: of its folder.
        parts: `dev` and, where there is one, `test`.
        options: what it was asked for by name, those of the data as `data.paths`.
        history: what was measured after each epoch.
        best_epoch: the epoch that the model is of, from 0 as in `EpochRecord.epoch`; None where nobody knows.
        model_bytes: size of the model on disk.
    """

    path: Path
    parts: Mapping[str, JudgedPart]
    options: Mapping[str, Any]
    history: tuple[EpochRecord, ...]
    best_epoch: int | None
    model_bytes: int

    @property
    def seconds(self) -> float:
        """That the training took, without what came between its steps."""
        return sum(record.seconds for record in self.history)

    @property
    def words_per_second(self) -> float:
        """Of training, 0 where nothing was trained."""
        words = sum(record.words_per_second * record.seconds for record in self.history)
        return words / self.seconds if self.seconds else 0.0


def read_judged_run(path: Path) -> JudgedRun:
    """The finished run of that folder.

    Raises:
        TrainingError: there is none, or it is unfinished.
        DataError: its report or its counts are not as they were written.
        ConfigError: its `config.toml` is not as it was.
    """
    run = Run(path)
    _expect_finished(run)
    asked = run.asked()
    options = {**asked["training"], **{f"data.{name}": value for name, value in asked["data"].items()}}
    best = [event["epoch"] for event in run.events if event["event"] == "best"]
    return JudgedRun(
        path=path,
        parts=_parts(run),
        options=options,
        history=tuple(run.history),
        best_epoch=best[-1] if best else None,
        model_bytes=sum(file.stat().st_size for file in run.model.glob("*") if file.is_file()),
    )


def _expect_finished(run: Run) -> None:
    if not run.path.is_dir():
        received = "a file" if run.path.exists() else "nothing of that name"
        raise TrainingError(f"{run.path}: expected the folder of a run, received {received}. Check the name.")
    if not run.exists:
        if seeds := sorted(run.path.glob(f"seed-*/{run.config.name}")):
            raise TrainingError(
                f"{run.path}: expected the folder of one run, received those of {len(seeds)} seeds. "
                f"Name one of them, such as {seeds[0].parent}."
            )
        raise TrainingError(
            f"{run.path}: expected the folder of a run or of several seeds, received one without {run.config.name}. "
            "Give what tagloom train -o made."
        )
    if run.is_trained:
        return
    ends = [event for event in run.events if event["event"] == "end"]
    why = {
        FAILED: f"it failed ({ends[-1].get('error', 'nobody knows why')})" if ends else "",
        STOPPED: "it was stopped",
    }
    told = why.get(run.ended or "", "it is still training, or was killed")
    raise TrainingError(
        f"{run.path}: expected a run that has come to its end, but {told}. "
        f"Wait for it, or go on with it: tagloom train --resume -o {shlex.quote(str(run.path))}"
    )


def _parts(run: Run) -> dict[str, JudgedPart]:
    """Each part that the run was judged on, as its report and its counts say."""
    reports = read_object(run.report).get("parts")
    counts = read_object(run.counts) if run.counts.is_file() else {}
    if not isinstance(reports, dict) or "dev" not in reports:
        raise DataError(f"{run.report}: expected the parts of a report, with dev among them. Evaluate anew.")
    parts = {}
    for name, content in reports.items():
        try:
            own = SentenceCounts.from_json(counts[name]) if name in counts else None
            parts[name] = JudgedPart(Report.from_json(content), _intervals(content.get("intervals", {})), own)
        except DataError as error:
            raise DataError(f"{run.path}, {name} part: {error}") from error
    return parts


def _intervals(content: Any) -> dict[str, Intervals]:
    try:
        return {
            name: {figure: Interval(float(low), float(high)) for figure, (low, high) in figures.items()}
            for name, figures in content.items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise DataError(f"report: intervals: expected two figures each, but {error}. Evaluate anew.") from error
