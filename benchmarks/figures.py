"""How benchmarks measure and show."""

import json
import os
import platform
import time
from collections.abc import Callable, Mapping


def best_of(times: int, run: Callable[[], object]) -> float:
    """Seconds of the quickest of so many runs."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def show(title: str, figures: Mapping[str, float], versions: Mapping[str, str], *, as_json: bool) -> None:
    """Prints the figures by name, as a table, or as JSON with the machine and versions."""
    if as_json:
        machine = {"system": platform.platform(), "processors": os.cpu_count(), **versions}
        print(json.dumps({"measured": title, "figures": figures, "machine": machine}, indent=1))
        return
    print(title)
    for name, figure in figures.items():
        print(f"{name:<42} {figure:>12,.2f}")
