"""A workbench in a process of its own, as a user starts it, and people who use it over HTTP."""

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

PASSWORD = "correct horse battery"
OWNER = "Ada"

_LINK = re.compile(r"(http://\S+?)(/invitation/\S+)")
_ADDRESS = re.compile(r"The workbench is at (http://\S+)\. ")


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

    def joined(self, admin: httpx.Client, name: str, role: str) -> httpx.Client:
        """Somebody whom an admin has invited, and who has taken the invitation."""
        made = admin.post("/api/invitations", json={"role": role})
        assert made.status_code == 201
        return self.accept(made.json()["link"].removeprefix(self.address), name)

    @contextmanager
    def logged_in(self, name: str) -> Iterator[httpx.Client]:
        """Somebody who has an account."""
        with self.client() as client:
            client.post("/api/session", json={"name": name, "password": PASSWORD}).raise_for_status()
            yield client

    def hear(self, line: str) -> None:
        self.lines.append(line)
        if found := _LINK.search(line):
            self.link, self.address = found[2], found[1]
        elif found := _ADDRESS.search(line):
            self.address = found[1]

    def stop(self) -> int:
        """Ends it as an operating system does, and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(MOST_SECONDS)

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.kill()
        self.process.wait(MOST_SECONDS)


@contextmanager
def running_workbench(folder: Path, *arguments: str, port: int = 0) -> Iterator[WorkbenchServer]:
    """A workbench over a data folder at a free port of this machine, until the block ends."""
    command = ["workbench", "--port", str(port), "--data", str(folder), *arguments]
    with begun(command, {"COLUMNS": "200"}, lambda process: WorkbenchServer(process, folder)) as server:
        yield server
