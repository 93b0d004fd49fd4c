"""What a server logs, in lines of JSON: each request, and what goes wrong."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic_core import to_json

Write = Callable[[str], object]

_SECONDS = 0.1  # that a line is kept back
_MOST_LINES = 1_000


class RequestLog:
    """A line for each request, with no text of a user and no path beyond the name of its route.

    Lines are written together a few times a second, so that a request waits for no disk.

    Args:
        write: takes lines; None for no log.
    """

    def __init__(self, write: Write | None) -> None:
        self._write = write
        self._lines: list[dict[str, Any]] = []

    def add(self, **facts: object) -> None:
        """A line for one request."""
        if self._write is None:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(_SECONDS, self.flush)
        self._lines.append({"time": time.time(), "event": "request", **facts})
        if len(self._lines) >= _MOST_LINES:
            self.flush()

    def flush(self) -> None:
        """Writes what is kept back."""
        lines, self._lines = self._lines, []
        if lines and self._write is not None:
            self._write("".join([f"{to_json(line).decode()}\n" for line in lines]))


class _Errors(logging.Handler):
    """A line for each error.

    Args:
        write: takes lines.
        is_traced: whether traces are written, in which there may be anybody's text.
    """

    def __init__(self, write: Write, *, is_traced: bool) -> None:
        super().__init__(logging.ERROR)
        self._write, self._is_traced = write, is_traced

    def emit(self, record: logging.LogRecord) -> None:
        """Writes it."""
        said = {"time": record.created, "event": "error", "logger": record.name, "message": record.getMessage()}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            said["error"] = in_short(error)
        if self._is_traced and record.exc_info:
            said["trace"] = logging.Formatter().formatException(record.exc_info)
        self._write(f"{json.dumps(said)}\n")


def in_short(error: BaseException) -> str:
    """What kind of error it is and where it was raised, without what it says, which may be anybody's text."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = "" if frame is None else f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"
    return f"{type(error).__name__} at {place}"


@contextlib.contextmanager
def errors_logged(write: Write, *, is_traced: bool = False) -> Iterator[None]:
    """Within the block, what goes wrong in the server is logged."""
    handler = _Errors(write, is_traced=is_traced)
    loggers = [logging.getLogger(name) for name in ("tagloom.serving", "tagloom.workbench", "uvicorn", "asyncio")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.propagate = True
