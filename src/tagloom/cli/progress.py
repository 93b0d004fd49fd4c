"""How a training shows itself: a live bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from tagloom.cli.output import console
from tagloom.training.callbacks import Callback
from tagloom.training.history import EpochRecord, best_epoch
from tagloom.training.trainer import Trainer

SILENT, BAR, LINES = 0, 1, 2
"""What `--verbose` means, as in Keras: nothing, a live bar, a line an epoch."""


def progress(verbose: int | None) -> list[Callback]:
    """What shows a training. Without a choice: a bar on a terminal, lines elsewhere; a bar needs a terminal."""
    if verbose == SILENT:
        return []
    on_terminal = sys.stdout.isatty() and verbose != LINES
    return [ProgressBar() if on_terminal else ProgressLines(lambda line: console().print(line))]


class ProgressLines(Callback):
    """A line an epoch.

    Args:
        show: what prints a line.
    """

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show

    def on_start(self, trainer: Trainer) -> None:
        """What is about to happen."""
        self._show(_introduction(trainer))

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:
        """What was measured."""
        self._show(epoch_line(trainer, record))

    def on_end(self, trainer: Trainer) -> None:
        """Why it ended before its last epoch."""
        if trainer.stop_reason is not None:
            self._show(f"Ended: {trainer.stop_reason}, after {trainer.steps_done} steps.")


class ProgressBar(Callback):
    """A bar through all steps with loss, F1, words a second and the time left; above it a line an epoch."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:3.0f} %"),
            TextColumn("{task.fields[figures]}"),
            TextColumn("left"),
            TimeRemainingColumn(compact=True),
        )
        self._task: TaskID | None = None
        self._words, self._since = 0, time.perf_counter()
        self._lines = ProgressLines(lambda line: self._bar.console.print(line, highlight=False))

    def on_start(self, trainer: Trainer) -> None:
        """Draws the bar."""
        self._lines.on_start(trainer)
        total = trainer.config.epochs * trainer.steps_per_epoch
        self._task = self._bar.add_task("epoch", total=total, completed=trainer.steps_done, figures="")
        self._bar.start()

    def on_step(self, trainer: Trainer, num_words: int) -> None:
        """Moves the bar."""
        self._words += num_words
        now = time.perf_counter()
        if now - self._since < 0.2 or self._task is None:
            return
        loss = trainer.summed_loss / max(1, trainer.step * trainer.batch_size)
        f1 = f" F1 {100 * trainer.history[-1].dev['f1']:.1f}" if trainer.history and "f1" in trainer.history[-1].dev else ""
        figures = f"loss {loss:.3f}{f1} {self._words / (now - self._since):,.0f} words/s"
        epoch = f"epoch {trainer.epoch + 1}/{trainer.config.epochs}"
        self._bar.update(self._task, completed=trainer.steps_done, figures=figures, description=epoch)
        self._words, self._since = 0, now

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:
        """A line above the bar."""
        self._lines.on_epoch(trainer, record)

    def on_end(self, trainer: Trainer) -> None:
        """Takes the bar away."""
        self._bar.stop()
        self._lines.on_end(trainer)


def epoch_line(trainer: Trainer, record: EpochRecord) -> str:
    """An epoch in one line; a star marks the best so far."""
    config = trainer.config
    best = best_epoch(trainer.history, config.monitor, higher_is_better=config.higher_is_better)
    dev = "  ".join(
        f"{name} {value:.3f}" if name == "loss" else f"{name} {100 * value:5.1f}" for name, value in record.dev.items()
    )
    star = "*" if record == best else " "
    return (
        f"{star} epoch {record.epoch + 1:>3}/{config.epochs}  loss {record.loss:7.3f}  dev: {dev}  "
        f"{record.seconds:5.1f} s  {record.words_per_second:7,.0f} words/s"
    )


def _introduction(trainer: Trainer) -> str:
    parts, config = trainer.parts, trainer.config
    went_on = f" Going on from step {trainer.steps_done}." if trainer.steps_done else ""
    return (
        f"{config.algorithm}, {config.embeddings}, {config.units} units: {len(parts.train.corpus):,} sentences to learn "
        f"from, {len(parts.dev.corpus):,} to watch, batches of {trainer.batch_size}, on {trainer.device}.{went_on}"
    )
