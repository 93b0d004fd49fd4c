"""A server in a process of its own, as a user starts it."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from server_process import MOST_SECONDS, begun

_ADDRESS = re.compile(r"Tagloom answers at (http://\S+), and")


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

    def hear(self, line: str) -> None:
        self.lines.append(line)
        found = _ADDRESS.match(line)
        if found:
            self.address = found[1]

    def stop(self) -> int:
        """Ends it as an operating system does, and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(MOST_SECONDS)


def is_reader(process_id: int) -> bool:
    try:
        return "serving.reading.reader" in Path(f"/proc/{process_id}/cmdline").read_text()
    except OSError:
        return False


@contextmanager
def running(state: Path, *arguments: str | Path, environment: dict[str, str] | None = None) -> Iterator[Running]:
    """A server over a state folder at a free port of this machine, until the block ends."""
    command = ["serve", "--port", "0", "--state", str(state), *map(str, arguments)]
    with begun(command, environment or {}, lambda process: Running(process, state)) as server:
        yield server
