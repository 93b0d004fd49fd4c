"""How far a training is, by the folder of its run: read anew each time, whoever has written there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

from tagloom.errors import ConfigError, TrainingError
from tagloom.evaluation.history import EpochRecord, best_epoch
from tagloom.evaluation.page.training import training_blocks
from tagloom.pages.charts import Chart
from tagloom.pages.page import Block, Columns
from tagloom.runs.config import TrainingConfig
from tagloom.runs.run import Run
from tagloom.workbench.pages.blocks import chart_json

MOST_LOG = 100_000
"""Bytes of a log that are told at once."""

_MOST_DRAWN = 300  # epochs
_AT_HAND = 8  # runs
_LAST_EPOCHS = 5
"""By how many epochs the time left is told."""

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BestEpoch:
    """The best epoch so far.

    Args:
        epoch: from 1.
        monitor: the metric that it is the best by.
        value: of that metric.
    """

    epoch: int
    monitor: str
    value: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is.

    Args:
        phase: `reading` its data, `training`, or `judging` its model.
        epoch: epochs that are done, and the share of the one that is under way.
        epochs: that were asked for; None where it is still reading.
        words_per_second: of training; None where that is not known yet.
        seconds_left: until all epochs are done, by those before; None likewise.
        best: the best epoch so far; None before the first.
        facts: what it learns from and with.
        warnings: what it has warned of.
        num_drawn: epochs that the curves show.
        charts: its curves, as `pages.blocks` has charts; None where they are not asked for.
    """

    phase: str
    epoch: float
    epochs: int | None
    words_per_second: float | None
    seconds_left: float | None
    best: BestEpoch | None
    facts: dict[str, Any]
    warnings: list[str]
    num_drawn: int
    charts: list[dict[str, Any]] | None


def progress(run: Run, now: float, *, num_drawn: int | None = None) -> Progress:
    """How far a training is.

    Args:
        run: of it, which need not be there yet.
        now: seconds since 1970.
        num_drawn: epochs that curves are there of already; None where none are wanted.
    """
    events, history = _told(run)
    start = _last(events, "start")
    if start is None:
        return Progress("reading", 0, None, None, None, None, {}, [], 0, None)
    told_best = _last(events, "best")
    step = _last(events[_end_of_epochs(events) :], "step")
    part = 0.0 if step is None else step["step"] / max(1, start["steps_per_epoch"])
    is_done = len(history) >= start["epochs"] or _has_waited(run, history)
    return Progress(
        phase="judging" if is_done else "training",
        epoch=len(history) + part,
        epochs=start["epochs"],
        words_per_second=_speed(history, step),
        seconds_left=None if is_done else _seconds_left(events, start["epochs"] - len(history), part, now),
        best=None if told_best is None else _best(told_best),
        facts={name: start.get(name) for name in ("sentences", "labels", "batch_size", "device")},
        warnings=list(dict.fromkeys(event["text"] for event in events if event["event"] == "warning")),
        num_drawn=len(history),
        charts=None
        if num_drawn in (None, len(history))
        else curves(history, None if told_best is None else told_best["epoch"]),
    )


def curves(history: Sequence[EpochRecord], best: int | None) -> list[dict[str, Any]]:
    """Loss and scores after each epoch.

    Args:
        history: of the training.
        best: the epoch whose weights are kept, from 0; None before the first.
    """
    return [chart_json(chart) for chart in _charts(training_blocks(_thinned(history, best), best, None))]


def log_from(path: Path, start: int) -> tuple[str, int]:
    """What a log says from a byte on, at most its last `MOST_LOG` bytes; and the byte from which it goes on."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            stream.seek(max(start if start <= size else 0, size - MOST_LOG))
            content = stream.read()
    except OSError:
        return "", 0
    return content.decode("utf-8", "replace"), size


def _told(run: Run) -> tuple[Sequence[Event], Sequence[EpochRecord]]:
    """What a run has told so far; read again only when there is more."""
    try:
        return _read(run.path, run.events.path.stat().st_size)
    except (OSError, TrainingError):
        return [], []


@lru_cache(_AT_HAND)
def _read(path: Path, _: int) -> tuple[Sequence[Event], Sequence[EpochRecord]]:
    run = Run(path)
    return list(run.events), run.history


def _thinned(history: Sequence[EpochRecord], best: int | None) -> Sequence[EpochRecord]:
    """As many epochs as a chart can show apart, the best and the last among them."""
    every = -(-len(history) // _MOST_DRAWN)
    if every <= 1:
        return history
    last = history[-1].epoch
    return [record for record in history if record.epoch % every == 0 or record.epoch in (best, last)]


def _charts(blocks: Sequence[Block]) -> Iterator[Chart]:
    for block in blocks:
        if isinstance(block, Columns):
            yield from _charts(block.blocks)
        elif isinstance(block, Chart):
            yield block


def _last(events: Sequence[Event], kind: str) -> Event | None:
    return next((event for event in reversed(events) if event["event"] == kind), None)


def _end_of_epochs(events: Sequence[Event]) -> int:
    """The place behind the last event that ends an epoch or begins a training."""
    places = [place for place, event in enumerate(events) if event["event"] in ("start", "epoch")]
    return places[-1] + 1 if places else 0


def _best(event: Event) -> BestEpoch:
    (monitor,) = event.keys() - {"event", "time", "epoch", "step"}
    return BestEpoch(event["epoch"] + 1, monitor, event[monitor])


def _speed(history: Sequence[EpochRecord], step: Event | None) -> float | None:
    if step is not None:
        return float(step["words_per_second"])
    return history[-1].words_per_second if history else None


def _seconds_left(events: Sequence[Event], num_left: int, part: float, now: float) -> float | None:
    """By how long the last epochs took, with all that belongs to them; None before the first."""
    marks = [event for event in events if event["event"] in ("start", "epoch")]
    spans = [later["time"] - earlier["time"] for earlier, later in pairwise(marks) if later["event"] == "epoch"][
        -_LAST_EPOCHS:
    ]
    if not spans:
        return None
    an_epoch = float(mean(spans))
    since = max(float(now - marks[-1]["time"]), part * an_epoch)
    return max(0.0, an_epoch * num_left - since)


def _has_waited(run: Run, history: Sequence[EpochRecord]) -> bool:
    """Whether early stopping has ended it."""
    try:
        config = TrainingConfig().with_options(run.asked()["training"])
    except (TrainingError, ConfigError):
        return False
    if not config.patience or not history:
        return False
    best = best_epoch(history, config.monitor, higher_is_better=config.higher_is_better, min_delta=config.min_delta)
    return best is not None and history[-1].epoch - best.epoch >= config.patience
