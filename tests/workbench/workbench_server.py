"""A workbench in a process of its own, as a user starts it, and people who use it over HTTP."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PASSWORD = "correct horse battery"
OWNER = "Ada"

_LINK = re.compile(r"(http://\S+?)(/invitation/\S+)")
_ADDRESS = re.compile(r"The workbench is at (http://\S+)\. ")
_SECONDS = 60


@dataclass
class WorkbenchServer:
    """A workbench that runs.

    Args:
        process: of the operating system.
        folder: its data folder.
        address: where it is.
        link: the path of the link that makes the first account; empty where somebody has one.
        lines: what it said on standard error so far.
    """

    process: subprocess.Popen[str]
    folder: Path
    address: str = ""
    link: str = ""
    lines: list[str] = field(default_factory=list)

    def client(self, **options: Any) -> httpx.Client:
        """A browser that nobody has logged in with: it says from which page it asks."""
        headers = {"Origin": self.address}
        return httpx.Client(base_url=self.address, headers=headers, timeout=60, trust_env=False, **options)

    def accept(self, path: str, name: str) -> httpx.Client:
        """Somebody who takes an invitation."""
        client = self.client()
        client.post(f"/api{path}", json={"name": name, "password": PASSWORD}).raise_for_status()
        return client

    @contextmanager
    def logged_in(self, name: str) -> Iterator[httpx.Client]:
        """Somebody who has an account."""
        with self.client() as client:
            client.post("/api/session", json={"name": name, "password": PASSWORD}).raise_for_status()
            yield client

    def stop(self) -> int:
        """Ends it as an operating system does, and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_SECONDS)

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.kill()
        self.process.wait(_SECONDS)


@contextmanager
def running_workbench(folder: Path, *arguments: str, port: int = 0) -> Iterator[WorkbenchServer]:
    """A workbench over a data folder at a free port of this machine, until the block ends."""
    command = [sys.executable, "-m", "tagloom", "workbench", "--port", str(port), "--data", str(folder), *arguments]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env={**os.environ, "COLUMNS": "200"}
    )
    server = WorkbenchServer(process, folder)
    listening = threading.Thread(target=_listen, args=(server,), daemon=True)
    listening.start()
    try:
        until(lambda: server.address or process.poll() is not None)
        assert server.address, "".join(server.lines)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        listening.join(_SECONDS)
        assert process.stderr is not None
        process.stderr.close()


def until(holds: Callable[[], Any], seconds: float = _SECONDS) -> Any:
    """Waits until something holds, and gives it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.02)
    return found


def _listen(server: WorkbenchServer) -> None:
    assert server.process.stderr is not None
    for line in server.process.stderr:
        server.lines.append(line)
        if found := _LINK.search(line):
            server.link, server.address = found[2], found[1]
        elif found := _ADDRESS.search(line):
            server.address = found[1]
