"""How a training shows itself: a live bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from tagloom.cli.log import steps_told
from tagloom.cli.output import console
from tagloom.evaluation.history import EpochRecord, best_epoch
from tagloom.training.callbacks import Callback
from tagloom.training.trainer import Trainer

SILENT, BAR, LINES = 0, 1, 2
"""What `--verbose` means, as in Keras: nothing, a live bar, a line an epoch."""

_SECONDS = 0.2
"""Between two looks of the bar."""

_SHORT = {"precision": "P", "recall": "R", "f1": "F1"}

Show = Callable[[str], None]


@contextmanager
def progress(verbose: int | None) -> Iterator[list[Callback]]:
    """Shows the training within the block, and what comes before and after it.

    Args:
        verbose: without a choice a bar on a terminal, lines elsewhere; a bar needs a terminal.

    Yields:
        Callbacks for the training.
    """
    if verbose == SILENT:
        yield []
    elif sys.stdout.isatty() and verbose != LINES:
        bar = ProgressBar()
        with steps_told(bar.show), bar:
            yield [bar]
    else:
        show = console().print
        with steps_told(show):
            yield [ProgressLines(show)]


def training_bar() -> Progress:
    """A bar with where it is, `figures` and the time left."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:3.0f} %"),
        TextColumn("{task.fields[figures]}", markup=False),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
        console=console(),
        transient=True,
    )


class ProgressLines(Callback):
    """A line an epoch.

    Args:
        show: what prints a line.
    """

    def __init__(self, show: Show) -> None:
        self._show = show

    def on_start(self, trainer: Trainer) -> None:
        """What is about to happen."""
        self._show(_introduction(trainer))

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:
        """What was measured."""
        self._show(f"{epoch_line(trainer, record)}  {record.words_per_second:,.0f} words/s")

    def on_end(self, trainer: Trainer) -> None:
        """Why it ended before its last epoch."""
        if trainer.stop_reason is not None:
            self._show(_farewell(trainer))


class ProgressBar(Callback):
    """A bar through all steps with loss, F1, words a second and the time left; above it a line an epoch.

    As a context manager it leaves the terminal as it was, whatever happens.
    """

    def __init__(self) -> None:
        self._bar = training_bar()
        self._task: TaskID | None = None
        self._words, self._since = 0, time.perf_counter()

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def show(self, line: str) -> None:
        """A line above the bar."""
        self._bar.console.print(line)

    def on_start(self, trainer: Trainer) -> None:
        """Draws the bar."""
        self.show(_introduction(trainer))
        total = trainer.config.epochs * trainer.steps_per_epoch
        self._task = self._bar.add_task(_place(trainer), total=total, completed=trainer.steps_done, figures="")
        self._words, self._since = 0, time.perf_counter()
        self._bar.start()

    def on_step(self, trainer: Trainer, num_words: int) -> None:
        """Moves the bar."""
        self._words += num_words
        now = time.perf_counter()
        if self._task is None or now - self._since < _SECONDS:
            return
        figures = f"{_figures(trainer)} {self._words / (now - self._since):,.0f} words/s"
        self._bar.update(self._task, completed=trainer.steps_done, figures=figures, description=_place(trainer))
        self._words, self._since = 0, now

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:
        """A line above the bar."""
        self.show(epoch_line(trainer, record))

    def on_end(self, trainer: Trainer) -> None:
        """Takes the bar away."""
        self._bar.stop()
        if trainer.stop_reason is not None:
            self.show(_farewell(trainer))


def epoch_line(trainer: Trainer, record: EpochRecord) -> str:
    """An epoch in one line; a star marks the best so far."""
    config = trainer.config
    best = best_epoch(trainer.history, config.monitor, higher_is_better=config.higher_is_better)
    star = "*" if record == best else " "
    width = len(str(config.epochs))
    dev = "  ".join(_figure(name, value) for name, value in record.dev.items())
    return (
        f"{star} {record.epoch + 1:>{width}}/{config.epochs}  loss {record.loss:.3f}  dev {dev}  {record.seconds:.1f} s"
    )


def _figure(name: str, value: float) -> str:
    return f"{name} {value:.3f}" if name == "loss" else f"{_SHORT.get(name, name)} {100 * value:.1f}"


def _figures(trainer: Trainer) -> str:
    """The mean loss of the epoch so far, and what is monitored after the one before."""
    loss = trainer.summed_loss / max(1, trainer.step * trainer.batch_size)
    monitor = trainer.config.monitor
    last = f" {_figure(monitor, trainer.history[-1].dev[monitor])}" if trainer.history else ""
    return f"loss {loss:.3f}{last}"


def _place(trainer: Trainer) -> str:
    return f"epoch {trainer.epoch + 1}/{trainer.config.epochs}"


def _introduction(trainer: Trainer) -> str:
    parts, config = trainer.parts, trainer.config
    went_on = f" Going on from step {trainer.steps_done:,}." if trainer.steps_done else ""
    if trainer.epoch == config.epochs:
        went_on = " All epochs are done."
    return (
        f"{config.algorithm}, {config.embeddings}, {config.units} units: "
        f"{len(parts.train.corpus):,} sentences to learn from, {len(parts.dev.corpus):,} to watch, "
        f"batches of {trainer.batch_size}, on {trainer.device}.{went_on}"
    )


def _farewell(trainer: Trainer) -> str:
    return f"Ended after {trainer.steps_done:,} steps: {trainer.stop_reason}."
