"""Time and memory as corpora, sentences, label sets, batches and threads grow: a table, JSON, and a page with charts.

Each point is a process of its own, one after the other, so that its memory is its own. Sentences are stretches of the
Kaggle corpus, from its beginning again where it has no more. Of a large corpus the first batches of an epoch are
learned; its epoch takes as many times longer as it has batches.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from corpora import first_kaggle_sentences
from figures import show_table

from tagloom import Sentence, Span
from tagloom.bundle.read import read_bundle
from tagloom.bundle.write import write_bundle
from tagloom.inference.predictor import Predictor
from tagloom.pages.charts import Chart
from tagloom.pages.curves import Line, lines
from tagloom.pages.page import Page, Section
from tagloom.runs.config import TrainingConfig
from tagloom.text import JoinedWords
from tagloom.training.bundling import bundle_of
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer

_WORDS = 40_000  # that are learned and read at a point, at least where there are so many
_AT_ONCE = 100_000  # sentences that are read at once


@dataclass(frozen=True)
class Point:
    """What is measured together.

    Args:
        sentences: in the corpus.
        length: words of each; 0 for the corpus's own.
        labels: different ones; 0 for the corpus's own.
        batch_size: sentences at once.
        threads: of the processor.
    """

    sentences: int = 5_000
    length: int = 0
    labels: int = 0
    batch_size: int = 32
    threads: int = 2


_USUAL = Point()
SERIES: Mapping[str, Sequence[Point]] = {
    "sentences": [replace(_USUAL, sentences=number) for number in (1_000, 10_000, 100_000, 1_000_000)],
    "length": [replace(_USUAL, sentences=100_000 // each, length=each) for each in (10, 30, 100, 300, 1000, 2000)],
    "labels": [replace(_USUAL, labels=number) for number in (2, 8, 20, 50, 100, 200)],
    "batch_size": [replace(_USUAL, batch_size=number) for number in (1, 4, 16, 32, 64, 128, 256)],
    "threads": [replace(_USUAL, threads=number) for number in (1, 2)],
}
"""Points in which one thing grows, by its name."""


def corpus(point: Point) -> list[Sentence]:
    """The sentences of a point."""
    own = first_kaggle_sentences(min(point.sentences, 50_000) if not point.length else 50_000)
    if point.length:
        words = [word for sentence in own for word in sentence.words]
        own = [_plain(words[first : first + point.length]) for first in range(0, len(words), point.length)]
    if point.labels or point.length:
        own = [_labelled(sentence, point.labels or 8) for sentence in own]
    return list(islice(cycle(own), point.sentences))


def _plain(words: Sequence[str]) -> Sentence:
    return Sentence(" ".join(words), JoinedWords(tuple(words)))


def _labelled(sentence: Sentence, labels: int) -> Sentence:
    """Every word that begins with a capital is an entity; its label follows from its letters."""
    spans = [
        Span(token.start, token.end, f"L{sum(map(ord, word)) % labels}")
        for token, word in zip(sentence.tokens, sentence.words, strict=True)
        if word[0].isupper()
    ]
    return replace(sentence, spans=tuple(spans))


def measure(point: Point) -> dict[str, float]:
    """The figures of a point, in this process."""
    sentences = corpus(point)
    began, before = time.perf_counter(), _peak()
    parts = Parts.of(sentences, sentences[:1])
    encoding = time.perf_counter() - began
    trainer = Trainer(TrainingConfig(batch_size=point.batch_size, threads=point.threads), parts)
    order = trainer.batch_order()
    trainer.learn(order[0])
    num_words, began = 0, time.perf_counter()
    for batch in order[1:]:
        num_words += trainer.learn(batch)
        if num_words > _WORDS:
            break
    training, trained = num_words / (time.perf_counter() - began), _peak()
    with tempfile.TemporaryDirectory() as folder:
        write_bundle(bundle_of(trainer), Path(folder, "model"))
        predictor = Predictor(read_bundle(Path(folder, "model")), threads=point.threads)
    words = [sentence.words for sentence in sentences]
    predictor.chunks(words[:20_000], batch_size=point.batch_size)  # so that the words are known, as they are in use
    began = time.perf_counter()
    for first in range(0, len(words), _AT_ONCE):
        predictor.chunks(words[first : first + _AT_ONCE], batch_size=point.batch_size)
    reading = time.perf_counter() - began
    return {
        "words": len(parts.train.corpus.words),
        "encoding, words/s": len(parts.train.corpus.words) / encoding,
        "training, words/s": training,
        "prediction, words/s": len(parts.train.corpus.words) / reading,
        "corpus read, peak MiB": before,
        "training, peak MiB": trained,
        "all, peak MiB": _peak(),
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def page(series: Mapping[str, Mapping[float, Mapping[str, float]]]) -> Page:
    """Charts of words per second and of memory, a pair for each thing that grows, over the logarithm of its size."""
    sections = []
    for name, points in series.items():
        along = name.replace("_", " ")
        speeds = _lines(points, ("training, words/s", "prediction, words/s"))
        memory = _lines(points, ("corpus read, peak MiB", "training, peak MiB", "all, peak MiB"))
        charts = [
            lines(f"Words a second by {along}", speeds, along=along, unit="words/s"),
            lines(f"Memory by {along}", memory, along=along, unit="MiB"),
        ]
        sections.append(Section(along.capitalize(), [_over_logarithms(chart) for chart in charts], columns=2))
    return Page("Growth", "Words a second and memory, one thing larger at a time.", sections)


def _over_logarithms(chart: Chart) -> Chart:
    return replace(chart, layout={**chart.layout, "xaxis": {**chart.layout["xaxis"], "type": "log"}})


def _lines(points: Mapping[float, Mapping[str, float]], names: Sequence[str]) -> list[Line]:
    return [Line(name, [(at, figures[name]) for at, figures in points.items()]) for name in names]


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=SERIES)
    parser.add_argument("--page", type=Path, help="write charts here")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--point", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.point:
        print(json.dumps(measure(Point(**json.loads(asked.point)))))
        return
    found = {name: {getattr(point, name): _apart(point) for point in SERIES[name]} for name in asked.only or SERIES}
    rows = {f"{name} {at:,}": figures for name, points in found.items() for at, figures in points.items()}
    versions = {"torch": torch.__version__, "numpy": np.__version__, "onnxruntime": onnxruntime.__version__}
    show_table("Growth", rows, versions, as_json=asked.json)
    if asked.page:
        page(found).write(asked.page)


def _apart(point: Point) -> dict[str, float]:
    """The figures of a point, in a process of its own."""
    print(point, file=sys.stderr)
    command = [sys.executable, __file__, "--point", json.dumps(asdict(point))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    main()
