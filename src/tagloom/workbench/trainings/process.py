"""Processes that outlive the server: begun, known again, and asked to end.

A process holds the lock of a file in its folder as long as it lives: it inherits the lock, already held, from the
server that begins it, so that no moment is without. Whom a signal goes to is decided by the process's number together
with the time when the system says that it began, since numbers come again.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from tagloom.files import locked_file, write_json

_LOCK, _NOTE = "alive", "process.json"
_NICENESS = 5  # people who label meanwhile come first
_TICKS_BEGUN = 19  # of what /proc/PID/stat has behind the name


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the system.

    Args:
        id: its number.
        started: when the system says that it began, in units and from a moment of the system's own.
    """

    id: int
    started: float


def begin(
    folder: Path, command: Sequence[str], *, within: Path, log: IO[bytes], more: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Begins a process that goes on when this one ends, with less right to the processor than what people wait for.

    Args:
        folder: that it holds the lock in.
        command: that is run.
        within: its working folder.
        log: takes what it says.
        more: variables of its environment.

    Raises:
        BlockingIOError: another process holds the lock.
    """
    with locked_file(folder / _LOCK) as lock:
        process = subprocess.Popen(
            command,
            cwd=within,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
            env={**os.environ, **more},
        )
    with contextlib.suppress(OSError):  # it may have ended already
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    begun = process_of(process.pid)
    if begun is not None:
        write_json(folder / _NOTE, asdict(begun))
    return process


def noted_in(folder: Path) -> Process | None:
    """The process that was begun in that folder, where it is still there."""
    try:
        noted = Process(**json.loads((folder / _NOTE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return noted if process_of(noted.id) == noted else None


def is_alive(folder: Path) -> bool:
    """Whether a process holds the lock in that folder."""
    if not folder.is_dir():
        return False
    try:
        with locked_file(folder / _LOCK, is_shared=True):
            return False
    except BlockingIOError:
        return True


def process_of(number: int) -> Process | None:
    """The process of that number; None where there is none."""
    started = _started(number)
    return None if started is None else Process(number, started)


def send(process: Process, number: int) -> bool:
    """Sends a signal to that very process, and to no other that has its number; gives whether it was there."""
    try:
        with _held(process.id) as handle:
            if process_of(process.id) != process:
                return False
            if handle is None or sys.platform != "linux":
                os.kill(process.id, number)
            else:
                signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def _held(number: int) -> Iterator[int | None]:
    """A handle of a process, which is of no other even if its number comes again; None where the system has none."""
    if sys.platform != "linux":
        yield None
        return
    handle = os.pidfd_open(number)
    try:
        yield handle
    finally:
        os.close(handle)


def _started(number: int) -> float | None:
    """When the system says that a process began; None where there is none."""
    try:
        stat = Path(f"/proc/{number}/stat").read_bytes()
    except FileNotFoundError:
        return _told_by_ps(number) if not Path("/proc/self/stat").exists() else None
    except ProcessLookupError:
        return None
    fields = stat.rpartition(b")")[2].split()  # the name before it may hold anything
    return None if fields[0] == b"Z" else float(fields[_TICKS_BEGUN])


def _told_by_ps(number: int) -> float | None:
    """The same, of systems without /proc."""
    told = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(number)],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
    )
    line = " ".join(told.stdout.split())
    return datetime.strptime(line, "%a %b %d %H:%M:%S %Y").timestamp() if line else None
