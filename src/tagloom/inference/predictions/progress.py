"""How far a prediction of files is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tagloom.inference.predictions.tasks import Task


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is.

    Args:
        all_files: to do.
        all_bytes: of those.
        num_files: that are done, bad ones included.
        num_bytes: of those, and at least a part of what was read of the next.
        num_characters: that the model has read.
    """

    all_files: int
    all_bytes: int
    num_files: int = 0
    num_bytes: int = 0
    num_characters: int = 0


Watch = Callable[[Progress], None]


class Meter:
    """Tells how far it is, time and again.

    Args:
        tasks: to do.
        watch: whom it is told.
    """

    def __init__(self, tasks: Sequence[Task], watch: Watch) -> None:
        self._watch = watch
        self._progress = Progress(len(tasks), sum(task.num_bytes for task in tasks))
        self._num_bytes, self._within = 0, 0  # of files that are done; characters of the one at work
        watch(self._progress)

    def read(self, task: Task, num_characters: int) -> None:
        """So many more characters of a file were read; a character has a byte at least."""
        self._within += num_characters
        self._tell(
            num_bytes=self._num_bytes + min(self._within, task.num_bytes),
            num_characters=self._progress.num_characters + num_characters,
        )

    def end(self, task: Task) -> None:
        """A file is done."""
        self._num_bytes += task.num_bytes
        self._within = 0
        self._tell(num_bytes=self._num_bytes, num_files=self._progress.num_files + 1)

    def _tell(self, **figures: int) -> None:
        self._progress = replace(self._progress, **figures)
        self._watch(self._progress)
