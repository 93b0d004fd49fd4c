"""How soon a workbench answers, and how much memory it holds when nobody asks anything.

    PYTHONPATH=tests:tests/workbench python benchmarks/workbench/starting.py

The server is started as users start it, over a new folder and then again over the same. Memory is the proportional set
size (PSS) of all its processes, which counts what they share once. Processor time is that of the machine's other work
not counted, so it says more than seconds do where the machine is busy.
"""

import argparse
import tempfile
import time
from pathlib import Path

import httpx
from workbench_server import WorkbenchServer, running_workbench

_TICKS = 100.0  # of a second, in /proc
_MEBIBYTE = 1024.0  # of its kilobytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle", type=float, default=5.0, help="seconds after which memory is looked at")
    options = parser.parse_args()
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("new folder", "again"):
                began = time.monotonic()
                with running_workbench(Path(folder) / "data") as server:
                    _until_it_answers(server)
                    seconds, used = time.monotonic() - began, sum(map(_processor_seconds, _processes(server)))
                    time.sleep(options.idle)
                    sizes = {_name(process): _megabytes(process) for process in _processes(server)}
                parts = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
                print(
                    f"round {number + 1}, {name}: answers after {seconds:.2f} s ({used:.2f} s of processors), "
                    f"idle {sum(sizes.values()):.0f} MB ({parts})"
                )


def _until_it_answers(server: WorkbenchServer) -> None:
    with httpx.Client(trust_env=False) as client:
        client.get(f"{server.address}/login").raise_for_status()


def _processes(server: WorkbenchServer) -> list[int]:
    """Its process and all below it."""
    found = [server.process.pid]
    for process in found:
        for task in Path(f"/proc/{process}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _name(process: int) -> str:
    words = Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    return f"{process} {' '.join(words)[-40:].strip()!r}"


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _megabytes(process: int) -> float:
    told = Path(f"/proc/{process}/smaps_rollup").read_text().split("\n")
    return next(int(line.split()[1]) for line in told if line.startswith("Pss:")) / _MEBIBYTE


if __name__ == "__main__":
    main()
