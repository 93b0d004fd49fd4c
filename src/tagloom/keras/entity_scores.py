"""Precision, recall and F1 of entities at the end of each epoch, in all and by label, as a callback of Keras."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from tagloom.errors import ConfigError, DataError
from tagloom.evaluation.evaluating import evaluate_chunks
from tagloom.evaluation.report import IllFormed, Report
from tagloom.features.vocabulary import PADDING
from tagloom.keras.crf import CRF
from tagloom.keras.encoder import Encoder
from tagloom.keras.rows import expect_sentences
from tagloom.schemes import label_of, scheme
from tagloom.text import Sentence


class EntityScores(keras.callbacks.Callback):
    """Judges the model on some sentences after each epoch as every report of Tagloom does: strict, by whole entities.

    The scores go into the epoch's logs: `val_precision`, `val_recall`, `val_f1`, and `val_f1_<label>` of each label.
    The progress bar and the history show them, and callbacks that stand after this one may watch them, such as
    `ModelCheckpoint(..., monitor="val_f1", mode="max")`. What lies behind the encoder's length was not found.

    Args:
        encoder: that the model's inputs were made with.
        sentences: with their right spans, which the model does not learn from.
        x: the model's inputs for them, padded behind; None to make them: words, or characters for an input of three
            axes.
        prefix: of the names in the logs.
        batch_size: sentences that the model reads at once.

    Attributes:
        reports: of each epoch of the latest training.

    Raises:
        ConfigError: there is no sentence, or x has its words elsewhere than in front.
        DataError: a span does not begin and end at a word's edge.

    Example: `model.fit(x, y, callbacks=[EntityScores(encoder, feature_set.dev.sentences())])`
    """

    def __init__(
        self,
        encoder: Encoder,
        sentences: Sequence[Sentence],
        x: Any = None,
        *,
        prefix: str = "val_",
        batch_size: int = 32,
    ) -> None:
        super().__init__()
        if not sentences:
            raise ConfigError("sentences: expected some to judge the model on, received none.")
        expect_sentences(sentences)
        _expect_words_in_front(x, [len(sentence.tokens) for sentence in sentences])
        self._encoder, self._sentences, self._x, self._inputs = encoder, sentences, x, x
        self._gold = [sentence.chunks() for sentence in sentences]
        self._prefix, self._batch_size = prefix, batch_size
        labels = map(label_of, encoder.tag2idx)
        self._labels = [*dict.fromkeys([*filter(None, labels), *(label for own in self._gold for _, _, label in own)])]
        self.reports: list[Report] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forgets the reports of an earlier training, and makes the inputs.

        Raises:
            ConfigError: the model's inputs are of another kind, or its CRF has its tags in another order.
        """
        del logs
        self.reports = []
        self._expect_own_tags()
        self._inputs = self._made_inputs() if self._x is None else self._x

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Judges the model.

        Raises:
            ConfigError: a metric has the same name.
            DataError: it gives something else than scores of the encoder's tags.
        """
        del epoch
        report = self._judged()
        self.reports.append(report)
        if logs is not None:
            f1 = {label: report.labels[label].f1 if label in report.labels else 0.0 for label in self._labels}
            scores = {"precision": report.micro.precision, "recall": report.micro.recall, "f1": report.micro.f1}
            scores |= {f"f1_{label}": score for label, score in f1.items()}
            named = {self._prefix + name: score for name, score in scores.items()}
            taken = sorted(named.keys() & logs.keys())
            if taken:
                raise ConfigError(
                    f"prefix: expected one that no other figure has, received {self._prefix!r}, and {taken[0]} is in "
                    "the logs already. Choose another, or rename the metric."
                )
            logs.update(named)

    def _expect_own_tags(self) -> None:
        own = list(self._encoder.tag2idx)
        for layer in getattr(self.model, "layers", ()):
            if isinstance(layer, CRF) and layer.tags is not None and list(layer.tags) != own:
                raise ConfigError(
                    f"layer {layer.name!r} (CRF): expected the encoder's tags {', '.join(own)}, received "
                    f"{', '.join(layer.tags)}. Make it with CRF(list(encoder.tag2idx))."
                )

    def _judged(self) -> Report:
        predicted = self.model.predict(self._inputs, batch_size=self._batch_size, verbose=0)
        if not isinstance(predicted, np.ndarray):
            raise DataError(
                f"the model: expected one output, received {len(predicted)}. Judge a model of the tags' scores alone."
            )
        tags = self._encoder.tag_names(predicted, self._sentences)
        written = scheme(self._encoder.scheme)
        return evaluate_chunks(
            self._gold,
            [written.decode(own) for own in tags],
            [len(sentence.tokens) for sentence in self._sentences],
            ill_formed=IllFormed(predicted=written.count_violations(tags)),
        )

    def _made_inputs(self) -> Any:
        """What the model reads, by the axes of each of its inputs."""
        makers = {2: self._encoder.words, 3: self._encoder.characters}
        ranks = [len(each.shape) for each in getattr(self.model, "inputs", None) or ()]
        are_told_apart = len(set(ranks)) == len(ranks) and not isinstance(getattr(self.model, "input", None), dict)
        if not ranks or not set(ranks) <= set(makers) or not are_told_apart:
            raise ConfigError(
                "x: expected a model whose inputs are words (batch, length), characters (batch, length, characters) or "
                f"both, received inputs of {' and '.join(map(str, ranks)) or 'unknown'} axes"
                f"{'' if are_told_apart else ' that these do not tell apart'}. Give x, as for `fit`."
            )
        made = {rank: makers[rank](self._sentences) for rank in sorted(set(ranks))}
        inputs = [made[rank] for rank in ranks]
        return inputs if len(inputs) > 1 else inputs[0]


def _expect_words_in_front(x: Any, sizes: Sequence[int]) -> None:
    """Lets pass rows of words that begin with a sentence's first; of other inputs nobody can tell."""
    for words in x if isinstance(x, list | tuple) else [x]:
        if not isinstance(words, np.ndarray) or words.ndim != 2 or len(words) != len(sizes):
            continue
        expected = np.arange(words.shape[1]) < np.array(sizes)[:, None]
        wrong = np.flatnonzero(((words != PADDING) != expected).any(axis=1))
        if words.dtype.kind in "iu" and len(wrong):
            raise ConfigError(
                f"x: expected each sentence's words in front and 0 behind, received another row {wrong[0]}. "
                "Pad with padding='post', or make x with the encoder."
            )
