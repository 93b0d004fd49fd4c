"""What the library logs, shown to a person: warnings on standard error, steps where a command shows its own."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


class _Shown(logging.Handler):
    """Shows messages of one level.

    Args:
        level: of the messages.
        show: what prints a line.
    """

    def __init__(self, level: int, show: Callable[[str], None]) -> None:
        super().__init__(level)
        self.addFilter(lambda record: record.levelno == level)
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        self._show(record.getMessage())


@contextmanager
def warnings_told() -> Iterator[None]:
    """Within the block, a warning is a line on standard error."""
    with _shown(logging.WARNING, warn):
        yield


def warn(text: str) -> None:
    """A line on standard error, beside what is printed."""
    from tagloom.cli.output import printable

    typer.echo(f"tagloom: warning: {printable(text)}", err=True)


@contextmanager
def steps_told(show: Callable[[str], None]) -> Iterator[None]:
    """Within the block, what the library is doing is shown."""
    with _shown(logging.INFO, show):
        yield


@contextmanager
def _shown(level: int, show: Callable[[str], None]) -> Iterator[None]:
    logger, handler = logging.getLogger("tagloom"), _Shown(level, show)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(min(level, before or level))
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
