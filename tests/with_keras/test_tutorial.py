"""The tutorial, run as a user runs it, on a slice; and its page, which shows the same code."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import keras
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "examples" / "keras_tutorial.py"
PAGE = ROOT / "docs" / "keras-tutorial.md"

SENTENCES = (
    (
        ("Anna", "NNP", "B-per"),
        ("Berg", "NNP", "I-per"),
        ("left", "VBD", "O"),
        ("Oslo", "NNP", "B-geo"),
        (".", ".", "O"),
    ),
    (("Rain", "NN", "O"), ("is", "VBZ", "O"), ("due", "JJ", "O"), ("in", "IN", "O"), ("Bergen", "NNP", "B-geo")),
    (
        ("On", "IN", "O"),
        ("Monday", "NNP", "B-tim"),
        ("Anna", "NNP", "B-per"),
        ("came", "VBD", "O"),
        ("back", "RB", "O"),
    ),
)


def corpus(folder: Path) -> Path:
    """Some sentences as the Kaggle corpus is written."""
    path = folder / "ner_dataset.csv"
    with path.open("w", encoding="cp1252", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["Sentence #", "Word", "POS", "Tag"])
        for number in range(1500):
            for place, (word, *others) in enumerate(SENTENCES[number % 3]):
                varied = f"{word}{number}" if place == 2 else word  # so that no sentence repeats another
                rows.writerow([f"Sentence: {number + 1}" if place == 0 else "", varied, *others])
    return path


def run(path: Path, output: Path, *options: str) -> str:
    command = [sys.executable, str(SCRIPT), str(path), "-o", str(output), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    return done.stdout


def expect_equal_scores(shown: str) -> str:
    """The bundle's F1, which is Keras's."""
    (in_keras,) = re.findall(r"^test: .* entity F1 ([\d.]+)$", shown, re.MULTILINE)
    (of_bundle,) = re.findall(r"^entity F1 of the bundle: ([\d.]+)$", shown, re.MULTILINE)
    assert float(in_keras) == pytest.approx(float(of_bundle), abs=0.1)
    return str(of_bundle)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="on JAX it runs on the slice below, compiled for long")
def test_it_runs_from_the_corpus_to_a_bundle_that_scores_the_same(tmp_path: Path) -> None:
    shown = run(corpus(tmp_path), tmp_path / "tagger", "--epochs", "3", "--length", "8")
    assert "('Anna', 'NNP', 'B-per')" in shown
    of_bundle = expect_equal_scores(shown)
    assert float(of_bundle) > 50
    evaluated = subprocess.run(
        [
            sys.executable,
            "-m",
            "tagloom",
            "evaluate",
            str(tmp_path / "tagger" / "model"),
            str(tmp_path / "tagger" / "test.conll"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert of_bundle[:-1] in evaluated.stdout, evaluated.stderr


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="the other backends run it on what is made up here")
def test_it_runs_on_a_slice_of_the_real_corpus(tmp_path: Path, shared_data: Path) -> None:
    shown = run(
        shared_data / "kaggle_gmb" / "ner_dataset.csv.zip", tmp_path / "tagger", "--documents", "300", "--epochs", "1"
    )
    assert "300 sentences; the first:" in shown
    expect_equal_scores(shown)


def test_the_page_shows_the_code_of_the_file() -> None:
    blocks = re.findall(r"^```python tutorial\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    code = SCRIPT.read_text("utf-8")
    steps = re.split(r"^# \d+\. .*\n", code, flags=re.MULTILINE)
    assert [block.strip() for block in blocks[1:]] == [step.strip() for step in steps[1:]]
    assert blocks[0].strip() in code
