"""How a prediction of files shows itself on a terminal: a live bar."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from tagloom.inference.predictions.progress import Progress, Watch


@contextmanager
def files_bar() -> Iterator["Watch | None"]:
    """A bar through all files with what the model reads in a second and the time left, as long as the block lasts.

    Yields:
        What is told how far it is; None where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    bar = Bar(
        TextColumn("{task.fields[files]}", markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[speed]}", markup=False),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True, highlight=False, markup=False, emoji=False),
        transient=True,
    )
    began = time.perf_counter()
    with bar:
        # not shown before something is known: rich would keep the room of a time left that is still empty
        task = bar.add_task("", total=None, visible=False, files="", speed="")

        def watch(progress: "Progress") -> None:
            speed = progress.num_characters / max(time.perf_counter() - began, 1e-9)
            bar.update(
                task,
                visible=True,
                total=progress.all_bytes,
                completed=progress.num_bytes,
                files=f"{progress.num_files:,}/{progress.all_files:,} files",
                speed=f"{speed:,.0f} characters/s",
            )

        yield watch
