"""A server in a process of its own, as a user starts it."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

_ADDRESS = re.compile(r"Tagloom answers at (http://\S+), and")
_SECONDS = 60


@dataclass
class Running:
    """A server that runs.

    Args:
        process: of the operating system.
        state: its state folder.
        lines: what it said on standard error so far.
    """

    process: subprocess.Popen[str]
    state: Path
    lines: list[str] = field(default_factory=list)
    address: str = ""

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def client(self, key: str | None = None, **options: Any) -> httpx.Client:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=30, trust_env=False, **options)

    def predict(self, *texts: str, slot: str = "production", key: str | None = None, **options: Any) -> httpx.Response:
        with self.client(key) as client:
            body = {"documents": [{"text": text} for text in texts], **options}
            return client.post(f"/v1/models/{slot}/predict", json=body)

    def children(self) -> list[int]:
        """The process ids of its readers."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in path.read_text().split() if is_reader(int(number))]

    def stop(self) -> int:
        """Ends it as an operating system does, and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_SECONDS)


def is_reader(process_id: int) -> bool:
    try:
        return "serving.reading.reader" in Path(f"/proc/{process_id}/cmdline").read_text()
    except OSError:
        return False


@contextmanager
def running(state: Path, *arguments: str | Path, environment: dict[str, str] | None = None) -> Iterator[Running]:
    """A server over a state folder at a free port of this machine, until the block ends."""
    command = [sys.executable, "-m", "tagloom", "serve", "--port", "0", "--state", str(state), *map(str, arguments)]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env={**os.environ, **(environment or {})}
    )
    server = Running(process, state)
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


def _listen(server: Running) -> None:
    assert server.process.stderr is not None
    for line in server.process.stderr:
        server.lines.append(line)
        found = _ADDRESS.match(line)
        if found:
            server.address = found[1]


def until(holds: Any, seconds: float = _SECONDS) -> None:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
