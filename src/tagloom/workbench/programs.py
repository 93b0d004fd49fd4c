"""Programs of our own that work in processes of their own: what would hold up everybody here if it was done here.

A program is a module that is run: it takes its task by `own_task`, and says lines of JSON on standard output, the last
of which is what it gives. It ends with the server, however that ends.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any


def own_task() -> Any:
    """The task of this program, once, as its server has written it; from then on it ends when the server does."""
    task = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_server, daemon=True).start()
    return task


def _end_with_server() -> None:
    """Standard input ends when nobody holds its other end any more."""
    while os.read(sys.stdin.fileno(), 1):  # not by the stream, which must be free when the program ends by itself
        pass
    os._exit(1)


class Programs:
    """Programs that are running, each for a number of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._is_closing = False

    def said(
        self, number: int, module: str, task: Any, heard: Callable[[dict[str, Any]], object] = lambda _: None
    ) -> dict[str, Any] | None:
        """Runs a program, in the thread that calls, and gives what it says last.

        Args:
            number: by which it can be ended.
            module: that is run.
            task: for it.
            heard: is given each line that it says, when it does.

        Returns:
            None where it said nothing, since it broke down or was ended.
        """
        with self._lock:
            if self._is_closing:
                return None
            command = [sys.executable, "-m", module]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._processes[number] = process
        said: dict[str, Any] | None = None
        try:
            with process:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(json.dumps(task).encode() + b"\n")
                process.stdin.flush()
                for line in process.stdout:
                    said = json.loads(line)
                    heard(said)
        except (OSError, ValueError):
            return None
        finally:
            with self._lock:
                del self._processes[number]
        return said

    def stop(self, number: int) -> None:
        """Ends a program, where it is running."""
        with self._lock:
            process = self._processes.get(number)
        if process is not None:
            process.kill()

    @property
    def is_closing(self) -> bool:
        """Whether all were ended, and no more are begun."""
        return self._is_closing

    def close(self) -> None:
        """Ends all, and begins no more."""
        with self._lock:
            self._is_closing = True
            processes = list(self._processes.values())
        for process in processes:
            process.kill()
