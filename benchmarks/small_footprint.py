"""What a model of the Kaggle corpus costs who uses it: bytes, seconds to its first answer, milliseconds a text, memory.

Seconds are medians, of processes by turns; the stream is the paragraphs of Wikipedia, once and again, through
`tagloom predict`.
"""

import argparse
import json
import lzma
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime
from corpora import DATA, first_kaggle_sentences
from figures import seconds_and_peak, show

from tagloom import load
from tagloom.inference.predictor import model_path

_TEXT = "Barack Obama visited Paris in May."
_TURNS, _SINGLES, _AGAIN = 15, 3_000, 4


def starting(model: Path) -> dict[str, float]:
    """Seconds of whole processes: one that imports what computes, and one that reads a sentence."""
    commands = {
        "interpreter with NumPy and ONNX Runtime, s": [sys.executable, "-c", "import numpy, onnxruntime"],
        "tagloom predict of one sentence, s": [sys.executable, "-m", "tagloom", "predict", str(model), _TEXT],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(_TURNS):
        for name, command in commands.items():
            seconds[name].append(seconds_and_peak(command)[0])
    return {name: median(own) for name, own in seconds.items()}


def one_by_one(model: Path) -> dict[str, float]:
    """Milliseconds of single texts, from tokenising to scores, the first one included."""
    predictor, milliseconds = load(model), []
    for sentence in first_kaggle_sentences(_SINGLES):
        began = time.perf_counter()
        predictor(sentence.text)
        milliseconds.append(1000 * (time.perf_counter() - began))
    return {"one text, median ms": median(milliseconds), "one text, 99th ms": float(np.quantile(milliseconds, 0.99))}


def streams(model: Path) -> dict[str, float]:
    """Memory and speed over all paragraphs, and over the same several times."""
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        paragraphs = lzma.decompress((DATA / "wikipedia_en" / "paragraphs.txt.xz").read_bytes()).decode().split("\n")
        text = "".join(json.dumps({"text": paragraph}) + "\n" for paragraph in paragraphs if paragraph).encode()
        for times in (1, _AGAIN):
            path = Path(folder, f"{times}.jsonl")
            path.write_bytes(text * times)
            command = [sys.executable, "-m", "tagloom", "predict", str(model), str(path), "--format", "jsonl"]
            seconds, peak = seconds_and_peak(command)
            figures |= {
                f"stream of {times * len(text) / 1e6:.0f} MB, MB/s": times * len(text) / 1e6 / seconds,
                f"stream of {times * len(text) / 1e6:.0f} MB, peak MiB": peak,
            }
    return figures


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    folder = model_path(asked.model)
    figures = {
        "bundle, MB": sum(file.stat().st_size for file in folder.iterdir()) / 1e6,
        **starting(asked.model),
        **one_by_one(asked.model),
        **streams(asked.model),
    }
    versions = {"onnxruntime": onnxruntime.__version__, "numpy": np.__version__}
    show(str(asked.model), figures, versions, as_json=asked.json)


if __name__ == "__main__":
    main()
