"""Trainings that take a moment: a dozen sentences, a network of a few units, three steps an epoch."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.packaged import camera_reviews
from tagloom.runs.config import TrainingConfig
from tagloom.runs.run import Run
from tagloom.text import Document, Span, Token
from tagloom.training.callbacks import Callback
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer

STEPS_PER_EPOCH = 3
OPTIONS: dict[str, Any] = {
    "units": 8,
    "embeddings": "learned:8",
    "character_width": 4,
    "character_units": 4,
    "batch_size": 4,
    "epochs": 2,
    "threads": 1,
}
SIZES = {"train": 4 * STEPS_PER_EPOCH, "dev": 8, "test": 6}


def config(**options: Any) -> TrainingConfig:
    return TrainingConfig(**{**OPTIONS, **options})


@cache
def reviews() -> FeatureSet:
    """The first few camera reviews of each part."""
    some = {name: part.of(part.documents[: SIZES[name]]) for name, part in camera_reviews().parts()}
    return FeatureSet(some["train"], some["dev"], some["test"])


@cache
def parts() -> Parts:
    return Parts.of(reviews().train.sentences(), reviews().dev.sentences(), config())


def trainer(**options: Any) -> Trainer:
    return Trainer(config(**options), parts())


def labelled(text: str, *chunks: tuple[int, int, str]) -> Document:
    """A sentence of words between blanks, with its chunks in words."""
    ends = [len(" ".join(text.split(" ")[: number + 1])) for number in range(text.count(" ") + 1)]
    tokens = tuple(Token(end - len(word), end) for word, end in zip(text.split(" "), ends, strict=True))
    spans = tuple(Span(tokens[first].start, tokens[last - 1].end, label) for first, last, label in chunks)
    return Document(text, spans, tokens=tokens)


def dataset(documents: Sequence[Document]) -> Dataset:
    return Dataset(tuple(documents))


class StopAfter(Callback):
    """Ends a training after so many steps in all; 0 ends it before the first."""

    def __init__(self, steps: int, reason: str = "stopped") -> None:
        self._steps, self._reason = steps, reason

    def on_start(self, trainer: Trainer) -> None:
        if self._steps == 0:
            trainer.stop_reason = self._reason

    def on_step(self, trainer: Trainer, num_words: int) -> None:  # noqa: ARG002 - the protocol's form
        if trainer.steps_done == self._steps:
            trainer.stop_reason = self._reason


def state(run: Run) -> tuple[bytes, bytes]:
    """Weights and optimizers of the run's only checkpoint, to the last bit."""
    (checkpoint,) = run.checkpoints.iterdir()
    return (checkpoint / "weights.safetensors").read_bytes(), (checkpoint / "optimizer.safetensors").read_bytes()


def report(run: Run) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(run.report.read_text("utf-8"))
    return content


def figures(run: Run) -> dict[str, Any]:
    """The report without its advice, whose commands name the run's folder."""
    return {name: value for name, value in report(run).items() if name != "diagnosis"}


def events(run: Run, kind: str) -> list[dict[str, Any]]:
    return [event for event in run.events if event["event"] == kind]


def leftovers(folder: Path) -> list[Path]:
    """What a writer put beside its target and did not put in place."""
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]
