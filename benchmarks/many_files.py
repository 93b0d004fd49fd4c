"""Seconds and most memory of `tagloom predict -o` over many small files, and over the same texts as lines of one."""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
from figures import seconds_and_peak, show

from tagloom.data.packaged import camera_reviews


def texts(number: int, length: int) -> list[str]:
    """Sentences of camera reviews put together, always the same ones."""
    sentences = [document.text for document in camera_reviews().train.documents]
    chance = random.Random(13)
    found = []
    for _ in range(number):
        text = ""
        while len(text) < length:
            text += chance.choice(sentences) + " "
        found.append(text)
    return found


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--characters", type=int, default=1_000, help="that each file has at least")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        many, one = Path(folder) / "many", Path(folder) / "one"
        many.mkdir()
        one.mkdir()
        with (one / "all.jsonl").open("w", encoding="utf-8") as lines:
            for number, text in enumerate(texts(asked.files, asked.characters)):
                (many / f"{number}.txt").write_text(text, encoding="utf-8")
                lines.write(json.dumps({"text": text}) + "\n")
        command = [sys.executable, "-m", "tagloom", "predict", asked.model]
        for what, source, flags in (
            ("lines of one file", one, []),
            ("many files", many, []),
            ("many files, one sentence at a time", many, ["--batch-size", "1"]),
        ):
            output = Path(folder) / what
            seconds, peak = seconds_and_peak([*command, str(source), "-o", str(output), *flags])
            figures |= {f"{what}, s": seconds, f"{what}, peak MiB": peak}
    described = f"{asked.files:,} texts of {asked.characters:,} characters"
    show(described, figures, {"onnxruntime": onnxruntime.__version__, "numpy": np.__version__}, as_json=asked.json)


if __name__ == "__main__":
    main()
