"""How a training stands whose process is gone, by the folder of its run and by what the process said."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom.errors import DataError, TrainingError
from tagloom.evaluation.fields import read_object
from tagloom.runs.run import FAILED, STOPPED, Run
from tagloom.workbench.trainings.trainings import State

MOST_IN_VAIN = 3
"""Starts one after another that come no further, after which it is not begun again by itself."""

_TAIL_BYTES = 4096
_TOLD = "tagloom: "
_WARNED = "tagloom: warning: "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a training.

    Args:
        state: that it is in; None where its process was interrupted, so that it goes on.
        error: why it failed; empty where it did not.
    """

    state: State | None
    error: str = ""


def outcome(run: Run, log: Path, *, was_asked_to_stop: bool, status: int | None) -> Outcome:
    """How a training stands whose process is gone.

    Args:
        run: of the training.
        log: what its process said.
        was_asked_to_stop: whether somebody has asked it to stop.
        status: with which the process ended; below 0 by a signal, None where nobody knows.
    """
    try:
        ended = run.ended if run.exists else None
        if run.is_trained:
            return Outcome(State.FINISHED)
    except TrainingError as error:
        return Outcome(State.FAILED, str(error))
    if was_asked_to_stop:
        return Outcome(State.STOPPED)
    if ended == FAILED:
        return Outcome(State.FAILED, _last_error(run) or last_words(log))
    if status is not None and status > 0 and ended != STOPPED:
        return Outcome(State.FAILED, last_words(log))
    return Outcome(None)


def reached(run: Run) -> int:
    """How far a run is, by its last checkpoint: a number that grows with each step."""
    checkpoint = run.latest_checkpoint()
    return 0 if checkpoint is None else int("".join(filter(str.isdigit, checkpoint.name)) or 0)


def last_words(log: Path) -> str:
    """What a process said last: the error that it told of, else its last lines."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    told = [line for line in lines if line.startswith(_TOLD) and not line.startswith(_WARNED)]
    if told:
        return told[-1].removeprefix(_TOLD)
    return "\n".join(lines[-5:]).strip() or "Its process ended without a word."


def scores(run: Run) -> dict[str, Any] | None:
    """The headline of a judged run, and how it was trained; None where its report cannot be read."""
    try:
        return headline(read_object(run.report)) | _training(run)
    except (DataError, TrainingError, OSError, KeyError, TypeError, ValueError):
        return None


def headline(report: Mapping[str, Any]) -> dict[str, Any]:
    """Strict micro scores of the part that judges: `part`, `precision`, `recall`, `f1`, and `interval` of this one."""
    micro = report["micro"]
    interval = report.get("intervals", {}).get("micro", {}).get("f1")
    figures = {name: micro[name] for name in ("precision", "recall", "f1", "support")}
    return {"part": report["part"], **figures, "interval": interval}


def _training(run: Run) -> dict[str, Any]:
    history = run.history
    seconds = sum(record.seconds for record in history)
    words = sum(record.words_per_second * record.seconds for record in history)
    return {
        "epochs": len(history),
        "seconds": seconds,
        "words_per_second": words / seconds if seconds else 0.0,
    }


def _last_error(run: Run) -> str:
    errors = [event.get("error", "") for event in run.events if event["event"] == "end"]
    return str(errors[-1]) if errors else ""
