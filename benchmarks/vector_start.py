"""Seconds to open a large file of word vectors: the first time, when it is read, and later, when it is mapped.

The file is made for it: random numbers for words that do not exist. Opening is measured within a process of its own,
from before the file is opened until words of it have their vectors, beside the whole process.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from figures import seconds_and_peak, show

_WIDTH = 100
_BLOCK = 10_000
_ASKED = 5_000  # words
_PROGRAM = """
import sys, time
from pathlib import Path
import numpy
from tagloom.embeddings.vectors.opening import open_vectors
began = time.perf_counter()
is_found, vectors = open_vectors(Path(sys.argv[1])).look_up([f"word{7 * number}" for number in range(int(sys.argv[2]))])
assert is_found.all()
print(time.perf_counter() - began)
"""


def write(path: Path, words: int) -> None:
    """A file as GloVe's are."""
    random = np.random.default_rng(1)
    with path.open("w", encoding="utf-8") as stream:
        for first in range(0, words, _BLOCK):
            values = random.normal(size=(min(_BLOCK, words - first), _WIDTH)).round(5).tolist()
            stream.writelines(
                f"word{first + row} {' '.join(map(str, numbers))}\n" for row, numbers in enumerate(values)
            )


def opened(path: Path) -> float:
    """Seconds until words have their vectors, in a process of its own."""
    command = [sys.executable, "-c", _PROGRAM, str(path), str(_ASKED)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TAGLOOM_CACHE"] = str(Path(folder, "kept"))
        path = Path(folder, "vectors.txt")
        write(path, asked.words)
        first, later = opened(path), sorted(opened(path) for _ in range(5))
        whole, peak = seconds_and_peak([sys.executable, "-c", _PROGRAM, str(path), str(_ASKED)])
    figures = {
        "the first time, s": first,
        "later, s (median of 5)": later[2],
        "the whole later process, s": whole,
        "its peak memory, MiB": peak,
    }
    title = f"{asked.words:,} words, {_WIDTH} wide, {_ASKED:,} of them looked up"
    show(title, figures, {"numpy": np.__version__, "python": sys.version.split()[0]}, as_json=asked.json)


if __name__ == "__main__":
    main()
