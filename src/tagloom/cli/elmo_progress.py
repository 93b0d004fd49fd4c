"""How the training of an ELMo shows itself: a line an epoch, on a terminal a live bar below."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress

from tagloom.cli.log import steps_told
from tagloom.cli.output import console
from tagloom.cli.progress import training_bar
from tagloom.training.elmo.elmo_trainer import ElmoTrainer, LanguageModelRecord

_SECONDS = 0.5  # between two looks of the bar


@contextmanager
def elmo_progress() -> Iterator["ElmoProgress"]:
    """Shows the training within the block, and what comes before it."""
    if sys.stdout.isatty():
        with training_bar() as bar, steps_told(bar.console.print):
            yield ElmoProgress(bar)
    else:
        with steps_told(console().print):
            yield ElmoProgress(None)


class ElmoProgress:
    """What is called after each step.

    Args:
        bar: that is drawn; None where only lines are.
    """

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._task = None if bar is None else bar.add_task("", total=None, visible=False, figures="")
        self._steps, self._since = 0, time.perf_counter()

    def __call__(self, trainer: ElmoTrainer) -> None:
        """Prints what is new, and moves the bar."""
        if trainer.step == 0:  # an epoch is over
            show = console().print if self._bar is None else self._bar.console.print
            show(epoch_line(trainer.history[-1], trainer.settings.epochs))
        self._steps += 1
        seconds = time.perf_counter() - self._since
        if self._bar is None or self._task is None or seconds < _SECONDS:
            return
        speed = self._steps * trainer.words_per_step / seconds
        self._bar.update(
            self._task,
            visible=True,
            total=trainer.settings.epochs * trainer.steps_per_epoch,
            completed=trainer.epoch * trainer.steps_per_epoch + trainer.step,
            description=f"epoch {min(trainer.epoch + 1, trainer.settings.epochs)}/{trainer.settings.epochs}",
            figures=f"loss {trainer.summed_loss / max(1, trainer.step):.3f}  {speed:,.0f} words/s",
        )
        self._steps, self._since = 0, time.perf_counter()


def epoch_line(record: LanguageModelRecord, epochs: int) -> str:
    """An epoch in one line."""
    return (
        f"{record.epoch + 1:>{len(str(epochs))}}/{epochs}  loss {record.loss:.3f}  "
        f"perplexity {record.perplexity:,.1f} onwards, {record.perplexity_back:,.1f} back  "
        f"{record.seconds:,.0f} s  {record.words_per_second:,.0f} words/s"
    )
