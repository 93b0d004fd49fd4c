"""Servers under measurement, each in a process of its own on loopback, and what they take of memory and processor."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ECHO = """
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()

class Document(BaseModel):
    id: str | None = None
    text: str

class Request(BaseModel):
    documents: list[Document]

@app.post("/echo")
async def echo(body: Request) -> Request:
    return body
"""
"""A bare FastAPI route that only parses and echoes the same JSON, as FastAPI's own pages would write it."""

_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Args:
        process: its first process.
        address: without a path.
        state: its state folder.
    """

    process: subprocess.Popen[str]
    address: str
    state: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    def processes(self) -> list[int]:
        """The process ids of it and its readers."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [self.process.pid, *map(int, found.stdout.split())]

    def memory(self) -> float:
        """MiB that its processes hold by themselves together."""
        return sum(_private(process) for process in self.processes())

    def ticks(self) -> int:
        """Processor time of its processes so far."""
        return sum(_ticks(process) for process in self.processes())


@contextmanager
def tagloom(*arguments: str, log: bool = True) -> Iterator[Server]:
    """`tagloom serve` with these arguments."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder, "state")
        options = ["--port", "0", "--state", str(state), *([] if log else ["--no-log-requests"])]
        command = [sys.executable, "-m", "tagloom", "serve", *options, *arguments]
        errors = Path(folder, "log")
        with errors.open("w") as stream:
            process = subprocess.Popen(command, stderr=stream, text=True)
        with _ending(process):
            address = _told(process, errors)
            yield Server(process, address, state)


@contextmanager
def echo() -> Iterator[Server]:
    """The bare FastAPI route, with the same event loop and parser, without an access log."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "echo_app.py").write_text(ECHO)
        options = [
            "--port",
            "8791",
            "--no-access-log",
            "--log-level",
            "error",
            "--loop",
            "uvloop",
            "--http",
            "httptools",
        ]
        process = subprocess.Popen([sys.executable, "-m", "uvicorn", "echo_app:app", *options], cwd=folder, text=True)
        with _ending(process):
            address = "http://127.0.0.1:8791"
            _until_answering(f"{address}/openapi.json")
            yield Server(process, address, Path(folder))


@contextmanager
def _ending(process: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _told(process: "subprocess.Popen[str]", log: Path) -> str:
    """The address that a server tells once it answers."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"Tagloom answers at (http://\S+),", log.read_text())
        if found:
            return found[1]
        time.sleep(0.05)
    raise SystemExit(f"the server did not start: {log.read_text()}")


def _until_answering(address: str) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _private(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def threads() -> int:
    """Processors of this machine."""
    return os.cpu_count() or 1
