"""The two tables of docs/results.md: what each algorithm and each embedding reaches, and how fast they are.

`train FOLDER` trains what the folder lacks, a run for each set, row and seed; what was broken off is gone on with.
`speed FOLDER` measures words per second, on a machine that does nothing else. `show FOLDER` prints the tables.
"""

import argparse
import json
import logging
import os
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpora import DATA, KAGGLE

from tagloom import load, train
from tagloom.runs.config import TrainingConfig
from tagloom.runs.data_config import DataConfig
from tagloom.runs.run import Run
from tagloom.training.train import resume

SEEDS = 13, 14, 15
ELMO = Path(os.environ.get("TAGLOOM_ELMO", "elmo"))
"""One that `tagloom elmo train` has made, for the row of that name."""
SPEED = "speed.json"


@dataclass(frozen=True)
class Corpus:
    """Labelled text with its parts.

    Args:
        title: in the tables.
        data: the files.
        epochs: that learned vectors need.
    """

    title: str
    data: DataConfig
    epochs: int = 12


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Args:
        title: of it.
        options: of the training, beside those that all have.
        chosen: further ones, by the name of a corpus, chosen on its dev part.
        slow_on: corpora on which a run takes more than ten minutes on one thread, so that one seed must do.
    """

    title: str
    options: Mapping[str, Any] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    slow_on: tuple[str, ...] = ()


def _parts(folder: str, train: str, dev: str, test: str) -> DataConfig:
    place = DATA / folder
    return DataConfig(paths=(str(place / train),), dev=(str(place / dev),), test=(str(place / test),))


_CAMERA = DATA / "camera_reviews"
CORPORA: Mapping[str, Corpus] = {
    "camera": Corpus(
        "camera reviews",
        DataConfig(
            paths=tuple(str(_CAMERA / f"train.{kind}.txt") for kind in ("sentences", "tags")),
            test=tuple(str(_CAMERA / f"test.{kind}.txt") for kind in ("sentences", "tags")),
        ),
    ),
    "wnut": Corpus("W-NUT 2017", _parts("wnut2017", "train.conll", "dev.conll", "test.conll")),
    "ncbi": Corpus("NCBI disease", _parts("ncbi_disease", "train.tsv", "devel.tsv", "test.tsv")),
    "kaggle": Corpus(
        "Kaggle",
        DataConfig(paths=(str(KAGGLE),), ratios=(0.8, 0.1, 0.1), split_seed=13, drop_duplicates=True),
        epochs=10,
    ),
}

SHARED = {"schedule": "linear", "learning_rate": 0.002}
TRAINED = {"embeddings": "minilm", "epochs": 5, "learning_rate": 0.001}

ALGORITHMS: Mapping[str, Row] = {
    **{
        name: Row(f"`{name}`", {"algorithm": name})
        for name in ("bilstm-softmax", "bilstm-crf", "bilstm-cnn", "bilstm-cnn-crf")
    },
    "bilstm-lstm-crf": Row("`bilstm-lstm-crf`", {"algorithm": "bilstm-lstm-crf"}, slow_on=("kaggle",)),
    **{
        name: Row(f"`{name}`, MiniLM", {"algorithm": name, **TRAINED}, slow_on=("wnut", "ncbi", "kaggle"))
        for name in ("transformer-softmax", "transformer-crf")
    },
}
EMBEDDINGS: Mapping[str, Row] = {
    "bilstm-cnn-crf": Row("`learned:100`"),
    "glove-cut": Row(
        "`vectors:glove.6B.100d.txt + learned:50`, cut to 2,604 words",
        {"embeddings": f"vectors:{DATA / 'glove_cut' / 'glove.6B.100d.txt'} + learned:50"},
    ),
    "distilled": Row("`distilled:minilm:128`, tuned", {"embeddings": "distilled:minilm:128", "tune_vectors": True}),
    "distilled-learned": Row(
        "`distilled:minilm:128 + learned:50`, tuned",
        {"embeddings": "distilled:minilm:128 + learned:50", "tune_vectors": True},
    ),
    "elmo": Row("`elmo:wiki + learned:100`", {"embeddings": f"elmo:{ELMO} + learned:100"}, slow_on=("kaggle",)),
    "minilm": Row("`minilm`", {"embeddings": "minilm"}, slow_on=("kaggle",)),
    "minilm-learned": Row("`minilm + learned:50`", {"embeddings": "minilm + learned:50"}, slow_on=("kaggle",)),
    "chosen": Row(
        "`minilm + learned:50`, options chosen on dev",
        {"embeddings": "minilm + learned:50", "average_decay": 0.99},
        {"wnut": {"label_weights": {"O": 0.7}}, "ncbi": {"units": 200}},
        slow_on=("kaggle",),
    ),
}
ROWS = {**ALGORITHMS, **EMBEDDINGS}


def config(name: str, row: Row, seed: int) -> TrainingConfig:
    """How a run is trained on the corpus of that name."""
    own = {**SHARED, "epochs": CORPORA[name].epochs, **row.options, **row.chosen.get(name, {}), "seed": seed}
    return TrainingConfig().with_options(own)


def seeds(name: str, row: Row) -> tuple[int, ...]:
    """Three, or one where a run takes more than ten minutes."""
    return SEEDS[:1] if name in row.slow_on else SEEDS


def train_missing(folder: Path, corpora: list[str], rows: list[str], wanted: list[int], threads: int) -> None:
    """Trains the runs of these corpora, rows and seeds that are not there yet."""
    for name in corpora:
        for row in rows:
            for seed in sorted(set(seeds(name, ROWS[row])).intersection(wanted)):
                run = Run(folder / name / row / str(seed))
                if not run.report.exists():
                    chosen = config(name, ROWS[row], seed).with_options({"threads": threads})
                    began = time.monotonic()
                    resume(run.path) if run.exists else train(CORPORA[name].data, run.path, chosen)
                    print(name, row, seed, f"{time.monotonic() - began:.0f} s", _scores(run), flush=True)


def measure_speed(folder: Path, row: str, corpus: str) -> None:
    """Words per second of a row: of the second epoch of a training, and of its model's tags for the test part."""
    feature_set = CORPORA[corpus].data.feature_set()
    run = Run(folder / "speed" / row)
    options = config(corpus, ROWS[row], SEEDS[0]).with_options({"epochs": 2, "schedule": "constant"})
    if not run.report.exists():
        train(feature_set, run.path, options)
    words = [sentence.words for sentence in feature_set.test.sentences()]
    predictor, seconds = load(run.model), []
    for _ in range(4):  # the first of which meets each word anew
        began = time.perf_counter()
        predictor.tag(words)
        seconds.append(time.perf_counter() - began)
    found = {
        "training": run.history[-1].words_per_second,
        "prediction": sum(map(len, words)) / min(seconds[1:]),
        "megabytes": sum(file.stat().st_size for file in run.model.rglob("*") if file.is_file()) / 1e6,
    }
    print(row, found, flush=True)
    place = folder / SPEED
    known = json.loads(place.read_text("utf-8")) if place.exists() else {}
    place.write_text(json.dumps({**known, row: found}, indent=1), "utf-8")


def lines(folder: Path, rows: Mapping[str, Row]) -> Iterator[str]:
    """A table in Markdown."""
    titles = " | ".join(corpus.title for corpus in CORPORA.values())
    yield f"| | {titles} | trains, words/s | tags, words/s | model, MB |"
    yield "|---" * (len(CORPORA) + 4) + "|"
    speed = json.loads((folder / SPEED).read_text("utf-8")) if (folder / SPEED).exists() else {}
    for name, row in rows.items():
        cells = [_cell([Run(folder / corpus / name / str(seed)) for seed in SEEDS]) for corpus in CORPORA]
        own = speed.get(name, {})
        figures = [f"{own[one]:,.0f}" if one in own else "" for one in ("training", "prediction", "megabytes")]
        yield f"| {' | '.join([row.title, *cells, *figures])} |"


def _cell(runs: list[Run]) -> str:
    """Mean and deviation of the runs that are there."""
    found = [_scores(run) for run in runs if run.report.exists()]
    if not found:
        return ""
    dev, test = ([one[part] for one in found] for part in ("dev", "test"))
    spread = f" ± {statistics.stdev(test):.1f}" if len(test) > 1 else " (one)"
    return f"{statistics.mean(test):.1f}{spread}; dev {statistics.mean(dev):.1f}"


def _scores(run: Run) -> dict[str, float]:
    parts = json.loads(run.report.read_text("utf-8"))["parts"]
    return {name: round(100 * parts[name]["micro"]["f1"], 2) for name in ("dev", "test")}


def main() -> None:
    """Trains, measures or shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("train", "speed", "show"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpora", nargs="+", choices=CORPORA, default=list(CORPORA))
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--seeds", nargs="+", type=int, choices=SEEDS, default=SEEDS)
    parser.add_argument("--threads", type=int, default=0)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.what == "train":
        train_missing(asked.folder, asked.corpora, asked.rows, asked.seeds, asked.threads)
    elif asked.what == "speed":
        for row in asked.rows:
            measure_speed(asked.folder, row, asked.corpora[0])
    else:
        for title, rows in (("Algorithms", ALGORITHMS), ("Embeddings", EMBEDDINGS)):
            print(f"\n{title}\n", *lines(asked.folder, rows), sep="\n")


if __name__ == "__main__":
    main()
