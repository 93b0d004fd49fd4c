"""Tagloom as a server in a process of its own: begun, listened to, and ended whatever happens."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

MOST_SECONDS = 60


class Server(Protocol):
    """A server: `hear` takes each line that it says on standard error, and finds the address in one of them."""

    address: str
    lines: list[str]

    def hear(self, line: str) -> None: ...


S = TypeVar("S", bound=Server)


@contextmanager
def begun(
    arguments: list[str], environment: Mapping[str, str], made: "Callable[[subprocess.Popen[str]], S]"
) -> Iterator[S]:
    """The server that a command of Tagloom is, once it has told its address, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tagloom", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stderr is not None
    server, said = made(process), process.stderr
    listening = threading.Thread(target=lambda: [server.hear(line) for line in said], daemon=True)
    listening.start()
    try:
        until(lambda: server.address or process.poll() is not None)
        assert server.address, "".join(server.lines)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(MOST_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        listening.join(MOST_SECONDS)
        said.close()


def until(holds: Callable[[], Any], seconds: float = MOST_SECONDS) -> Any:
    """Waits until something holds, and gives it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.02)
    return found
