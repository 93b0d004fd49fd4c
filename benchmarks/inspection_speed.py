"""`tagloom data inspect` on the Kaggle corpus beside Python's csv module alone, whole processes, turn by turn."""

import argparse
import sys

from corpora import KAGGLE
from figures import seconds_and_peak, show

CSV_ALONE = """
import csv, io, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive, archive.open(archive.namelist()[0]) as stream:
    rows = csv.reader(io.TextIOWrapper(stream, encoding="cp1252", newline=""))
    if sys.argv[2] == "keep":
        rows = list(rows)
    for row in rows:
        pass
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often each runs; the best counts")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    path = str(KAGGLE)
    commands = {
        "csv module alone, rows dropped": [sys.executable, "-c", CSV_ALONE, path, "drop"],
        "csv module alone, rows kept": [sys.executable, "-c", CSV_ALONE, path, "keep"],
        "tagloom data inspect --json": [sys.executable, "-m", "tagloom", "data", "inspect", path, "--json"],
    }
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(asked.times):
        for name, command in commands.items():
            runs[name].append(seconds_and_peak(command))
    best = {name: min(seconds for seconds, _ in own) for name, own in runs.items()}
    dropped, kept, inspected = best.values()
    figures = {f"{name}, s": seconds for name, seconds in best.items()} | {
        "inspect to csv, rows dropped": inspected / dropped,
        "inspect to csv, rows kept": inspected / kept,
        "peak memory of inspect, MiB": max(peak for _, peak in runs["tagloom data inspect --json"]),
    }
    show("Inspecting the Kaggle corpus", figures, {"python": sys.version.split()[0]}, as_json=asked.json)


if __name__ == "__main__":
    main()
