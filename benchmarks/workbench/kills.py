"""Kills a workbench amid saves, and looks whether anything that it acknowledged is lost.

PYTHONPATH=tests:tests/workbench python benchmarks/workbench/kills.py
"""

import argparse
import tempfile
import time
from pathlib import Path

from killing import CLIENTS, kill_amid_saves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--saves", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        memory = kill_amid_saves(data, num_kills=options.kills, num_saves=options.saves, seed=options.seed)
    seconds = time.monotonic() - start
    print(
        f"kill -9 {options.kills} times amid {memory.num_acknowledged:,} acknowledged saves of {CLIENTS} clients: "
        f"all {len(memory.acknowledged):,} documents are as acknowledged, the database is sound ({seconds:.0f} s)"
    )


if __name__ == "__main__":
    main()
