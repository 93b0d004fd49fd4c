"""A dataset in folds, and a run for each that learns from all the others: what it finds in its fold it never saw."""

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom.data import alignment
from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.division.ratios import divide
from tagloom.errors import ConfigError, DataError, TrainingError
from tagloom.files import write_json
from tagloom.runs.config import TrainingConfig
from tagloom.runs.run import Run
from tagloom.text import Document
from tagloom.training.callbacks import Callback
from tagloom.training.train import resume, train

MOST_FOLDS = 100

_ASKED = "folds.json"
_REMEDY = "Bring it back as it was, or remove the folder to begin anew."


@dataclass(frozen=True)
class Fold:
    """One fold.

    Args:
        number: from 1.
        documents: indices, within the dataset, of those that are held back.
        data: the other folds as train part, this one as test part.
        run: the training that learns from the others.
    """

    number: int
    documents: tuple[int, ...]
    data: FeatureSet
    run: Run


Watching = Callable[[Fold], AbstractContextManager[Sequence[Callback]]]
"""Makes what shows the training of a fold: a context that gives callbacks."""


def unwatched(_fold: Fold) -> AbstractContextManager[Sequence[Callback]]:
    """Shows nothing."""
    return nullcontext(())


class Folds:
    """The folds of a dataset in a folder: `fold-1`, `fold-2`, ... are runs, `folds.json` says what was asked.

    Each label is spread over the folds as evenly as can be, and documents that share a sentence lie in one, so that no
    model is asked for a sentence that it learned.

    Args:
        dataset: what to divide.
        folder: of the runs; new, or one that was begun with the same data and options, which goes on.
        config: of every run; its seed is also that of the division.
        num_folds: 2 or more.
        align: what becomes of spans that cut words, one of `alignment.ALIGNMENTS`.

    Raises:
        ConfigError: the number of folds is out of its range, or there is no such alignment.
        DataError: there are too few documents, too many share sentences, or a span cuts a word and `align` is `fail`.
        TrainingError: the folder holds something else, or was begun with other data or options.
    """

    def __init__(
        self,
        dataset: Dataset,
        folder: str | Path,
        config: TrainingConfig,
        *,
        num_folds: int = 5,
        align: str = alignment.EXPAND,
    ) -> None:
        if not 2 <= num_folds <= MOST_FOLDS:
            raise ConfigError(f"folds: expected 2 to {MOST_FOLDS}, received {num_folds}.")
        aligned = alignment.align(dataset, align)
        aligned.warn()
        self.dataset, self.folder, self.config, self.num_folds = aligned.dataset, Path(folder), config, num_folds
        self._held_back = _divided(self.dataset.documents, num_folds, config.seed)
        self._begin({"folds": num_folds, "data": _digest(self.dataset), "training": config.to_options()})

    def __iter__(self) -> Iterator[Fold]:
        """Each fold in turn."""
        for number, held_back in enumerate(self._held_back, start=1):
            own = set(held_back)
            rest = [document for index, document in enumerate(self.dataset.documents) if index not in own]
            test = [self.dataset.documents[index] for index in held_back]
            data = FeatureSet(train=self.dataset.of(rest), test=self.dataset.of(test))
            yield Fold(number, held_back, data, Run(self.folder / f"fold-{number}"))

    def train(self, watching: Watching = unwatched) -> None:
        """Trains every fold, or goes on where it was stopped; what is trained already is taken as it is.

        Args:
            watching: what shows each training.

        Raises:
            TrainingError: it was stopped by a signal, or a fold cannot be learned from.
        """
        for fold in self:
            if fold.run.is_trained:
                continue
            with watching(fold) as callbacks:
                if fold.run.exists:
                    resume(fold.run.path, fold.data, callbacks=callbacks)
                else:
                    train(fold.data, fold.run.path, self.config, callbacks=callbacks)
            if not fold.run.is_trained:
                raise TrainingError(
                    f"{fold.run.path}: the training of fold {fold.number} of {self.num_folds} was stopped. "
                    "Go on with the same command."
                )

    def _begin(self, asked: Mapping[str, Any]) -> None:
        """Keeps what is asked, or holds it against what was."""
        path = self.folder / _ASKED
        if path.is_file():
            _expect_same(path, asked)
            return
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise TrainingError(
                f"{self.folder}: expected a new folder or one with folds, received something else. Choose another name."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(path, asked)


def _divided(documents: Sequence[Document], num_folds: int, seed: int) -> list[tuple[int, ...]]:
    """Indices of the documents of each fold."""
    parts = divide(documents, (1 / num_folds,) * num_folds, seed)
    if not all(parts):
        raise DataError(
            f"expected documents for each of {num_folds} folds, received {len(documents)}, of which those that share a "
            "sentence stay together. Ask for fewer folds, or give more documents."
        )
    indices: defaultdict[int, deque[int]] = defaultdict(deque)  # an object may stand twice, then in one part
    for index, document in enumerate(documents):
        indices[id(document)].append(index)
    return [tuple(indices[id(document)].popleft() for document in part) for part in parts]


def _digest(dataset: Dataset) -> str:
    """SHA-256 of all texts with their words and spans, in order."""
    digest = hashlib.sha256()
    for one in dataset.documents:
        spans = [(span.start, span.end, span.label) for span in one.spans]
        words = None if one.tokens is None else list(map(tuple, one.tokens))
        digest.update(json.dumps([one.text, spans, words, one.sentence_bounds]).encode("ascii") + b"\n")
    return digest.hexdigest()


def _expect_same(path: Path, asked: Mapping[str, Any]) -> None:
    try:
        before = json.loads(path.read_text("utf-8"))
        differences = list(_differences(before, asked))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainingError(f"{path}: expected what the folds began with, received {error!r}. {_REMEDY}") from error
    if differences:
        raise TrainingError(f"{path}: expected what the folds began with; {'; '.join(differences)}. {_REMEDY}")


def _differences(before: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    if before["data"] != asked["data"]:
        yield "received other texts or labels"
    if before["folds"] != asked["folds"]:
        yield f"folds were {before['folds']}, are {asked['folds']}"
    options = before["training"]
    for name, value in asked["training"].items():
        if options.get(name) != value:
            yield f"{name} was {options.get(name)}, is {value}"
