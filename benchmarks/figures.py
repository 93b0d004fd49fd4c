"""How benchmarks measure and show."""

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence


def best_of(times: int, run: Callable[[], object]) -> float:
    """Seconds of the quickest of so many runs."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def turn_by_turn(times: int, runs: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of the quickest of so many runs of each, one after the other, since the machine's speed drifts."""
    rounds = [{name: best_of(1, run) for name, run in runs.items()} for _ in range(times)]
    return {name: min(each[name] for each in rounds) for name in runs}


def seconds_and_peak(command: Sequence[str]) -> tuple[float, float]:
    """Wall-clock seconds of a process, and the most memory that it held, in MiB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: ended with status {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def show_table(
    title: str,
    rows: Mapping[str, Mapping[str, float]],
    versions: Mapping[str, str],
    *,
    as_json: bool,
    more: Mapping[str, object] | None = None,
) -> None:
    """Prints figures of several by name, as a table, or as JSON with the machine, versions and what else there is."""
    if as_json:
        print(json.dumps({"measured": title, "figures": rows, "machine": machine(versions), **(more or {})}, indent=1))
        return
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    print(title)
    print(" " * 18, *(f"{name:>20}" for name in columns))
    for name, row in rows.items():
        print(f"{name:<18}", *(f"{row[column]:>20,.2f}" if column in row else f"{'':>20}" for column in columns))


def machine(versions: Mapping[str, str]) -> dict[str, object]:
    """What figures were measured on."""
    return {"system": platform.platform(), "processors": os.cpu_count(), **versions}


def show(title: str, figures: Mapping[str, float], versions: Mapping[str, str], *, as_json: bool) -> None:
    """Prints the figures by name, as a table, or as JSON with the machine and versions."""
    if as_json:
        print(json.dumps({"measured": title, "figures": figures, "machine": machine(versions)}, indent=1))
        return
    print(title)
    for name, figure in figures.items():
        print(f"{name:<42} {figure:>12,.2f}")
