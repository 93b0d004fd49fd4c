"""SIGTERM and SIGINT end a training after the step that it is at, with a checkpoint."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from tagloom.runs.run import STOPPED


class Stoppable(Protocol):
    """What ends after a step when it has a reason."""

    stop_reason: str | None


@contextmanager
def stopping_on_signals(trainer: Stoppable) -> Iterator[None]:
    """Within the block, SIGTERM and SIGINT ask the trainer to stop; a second one ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in (signal.SIGTERM, signal.SIGINT)}

    def ask(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the form of a signal handler
        trainer.stop_reason = STOPPED
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
