"""What happens beside the learning itself: a small protocol, and the ones that every run has."""

import time
from pathlib import Path

from tagloom.evaluation.history import EpochRecord, best_epoch
from tagloom.runs.events import Events
from tagloom.training.checkpoint import save_checkpoint
from tagloom.training.models import ModelFolder
from tagloom.training.trainer import Trainer


class Callback:
    """What the loop calls; a callback overrides what it cares for. It ends a training by `trainer.stop_reason`."""

    def on_start(self, trainer: Trainer) -> None:
        """Before the first step, and before the first after a resume."""

    def on_step(self, trainer: Trainer, num_words: int) -> None:
        """After each step, with the words that it learned from."""

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:
        """After each epoch, with what was measured."""

    def on_end(self, trainer: Trainer) -> None:
        """After the last step, also when the training was stopped; not when it failed."""


class EventLog(Callback):
    """Writes `events.jsonl`, but for the end, which comes when the model has been judged.

    Args:
        events: the file.
        every: seconds after which it tells where within an epoch the training is.
    """

    def __init__(self, events: Events, *, every: float = 5.0) -> None:
        self._events, self._every = events, every
        self._words, self._since = 0, time.monotonic()

    def on_start(self, trainer: Trainer) -> None:
        """Says where the training begins or goes on, and with what."""
        parts = trainer.parts
        self._words, self._since = 0, time.monotonic()
        self._events.add(
            "start",
            epoch=trainer.epoch,
            step=trainer.steps_done,
            epochs=trainer.config.epochs,
            steps_per_epoch=trainer.steps_per_epoch,
            batch_size=trainer.batch_size,
            device=str(trainer.device),
            sentences={"train": len(parts.train.corpus), "dev": len(parts.dev.corpus)},
            labels=list(parts.labels),
        )
        if parts.overlaps:
            self._events.add("warning", text=parts.overlaps_told)

    def on_step(self, trainer: Trainer, num_words: int) -> None:
        """Where within the epoch it is, when it is time."""
        self._words += num_words
        seconds = time.monotonic() - self._since
        if seconds >= self._every:
            speed = round(self._words / max(seconds, 1e-9), 1)
            self._events.add("step", epoch=trainer.epoch, step=trainer.step, words_per_second=speed)
            self._words, self._since = 0, time.monotonic()

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:  # noqa: ARG002  # the protocol's form
        """The record of the epoch."""
        self._events.add("epoch", **record.to_json())
        self._words, self._since = 0, time.monotonic()


class ModelCheckpoint(Callback):
    """Keeps the bundle of the best epoch so far, as `model` of the run.

    Args:
        models: where bundles are kept.
        events: told of each better one.
        monitor: the metric that decides.
        higher_is_better: its direction.
        save_best_only: keep the best alone, or the bundle of every epoch.
    """

    def __init__(
        self, models: ModelFolder, events: Events, *, monitor: str, higher_is_better: bool, save_best_only: bool
    ) -> None:
        self._models, self._events = models, events
        self._monitor, self._higher_is_better, self._save_best_only = monitor, higher_is_better, save_best_only

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:
        """Writes the bundle where this epoch is the best, or where every one is kept."""
        is_best = record == best_epoch(trainer.history, self._monitor, higher_is_better=self._higher_is_better)
        if is_best or not self._save_best_only:
            self._models.save(trainer, record)
        if is_best:
            self._models.point_to(record, keep_others=not self._save_best_only)
            self._events.add("best", epoch=record.epoch, step=record.step, **{self._monitor: record.dev[self._monitor]})


class EarlyStopping(Callback):
    """Ends a training that has not got better for a while.

    Args:
        monitor: the metric that decides.
        higher_is_better: its direction.
        patience: epochs to wait, at least 1.
        min_delta: what counts as better.
    """

    def __init__(self, *, monitor: str, higher_is_better: bool, patience: int, min_delta: float) -> None:
        self._monitor, self._higher_is_better = monitor, higher_is_better
        self._patience, self._min_delta = patience, min_delta

    def on_start(self, trainer: Trainer) -> None:
        """A resumed training may have waited long enough already."""
        self._decide(trainer)

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:  # noqa: ARG002  # the protocol's form
        """Counts the epochs since the best."""
        self._decide(trainer)

    def _decide(self, trainer: Trainer) -> None:
        best = best_epoch(
            trainer.history, self._monitor, higher_is_better=self._higher_is_better, min_delta=self._min_delta
        )
        if best is not None and trainer.history[-1].epoch - best.epoch >= self._patience:
            trainer.stop_reason = "early stopping"


class StateCheckpoint(Callback):
    """Saves where the training stands: at the start and the end, after each epoch, and when a while has passed.

    Args:
        folder: of the checkpoints.
        every: seconds between two within an epoch.
    """

    def __init__(self, folder: Path, *, every: float = 60.0) -> None:
        self._folder, self._every = folder, every
        self._last = time.monotonic()

    def on_start(self, trainer: Trainer) -> None:
        """Saves, so that there is always something to go on from, and to hold the data against."""
        self._save(trainer)

    def on_step(self, trainer: Trainer, num_words: int) -> None:  # noqa: ARG002  # the protocol's form
        """Saves when it is time."""
        if time.monotonic() - self._last >= self._every:
            self._save(trainer)

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:  # noqa: ARG002  # the protocol's form
        """Saves."""
        self._save(trainer)

    def on_end(self, trainer: Trainer) -> None:
        """Saves."""
        self._save(trainer)

    def _save(self, trainer: Trainer) -> None:
        save_checkpoint(trainer, self._folder)
        self._last = time.monotonic()
