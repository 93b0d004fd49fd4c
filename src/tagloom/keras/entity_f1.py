"""Strict micro F1 over entities as a metric of Keras, compiled with the model on every backend."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops
from keras.src.backend import get_keras_mask  # Keras offers no public way to the masks that it keeps beside tensors
from numpy.typing import NDArray

from tagloom.errors import ConfigError
from tagloom.keras.dictionaries import expect_tags_of
from tagloom.keras.loss import tag_numbers
from tagloom.keras.outputs import within
from tagloom.keras.tensor import Tensor
from tagloom.schemes import BIO, OUTSIDE, label_of
from tagloom.schemes import scheme as scheme_named

_MOST_WORDS = 2**20
"""Words of a sentence where a graph of TensorFlow leaves the length open."""


@keras.saving.register_keras_serializable("tagloom")
class EntityF1(keras.metrics.Metric):
    """Strict micro F1 over entities: an entity is right if its words and its label are, as in every report of Tagloom.

    Tags are read by the scheme's own rules, ill-formed ones too (`Scheme.decode`). A word counts unless something says
    that it does not: its sample weight is 0, the mask of the output leaves it out, all its scores are 0 (as the CRF
    layer gives at padding), or its right number is no tag's (such as -1). What does not count is `O` on both sides.

    On JAX Keras loses the mask in its training step, though not in validation: to leave padding out of a softmax's
    figure there too, give sample weights, and the metric as one of `weighted_metrics`. The CRF layer needs neither.

    Args:
        tags: their names, in the order of the scores.
        scheme: what they are written in.
        name: in logs.
        dtype: of the figure.

    Raises:
        ConfigError: a tag is given twice, or none is.
        SchemeError: there is no such scheme, or a tag is not of the form that any scheme has.

    Example:
        >>> metric = EntityF1(["O", "B-PNAME", "I-PNAME"])
        >>> right, found = np.array([[1, 2, 0, 1]]), np.array([[1, 2, 1, 0]])
        >>> metric.update_state(right, np.eye(3)[found])
        >>> float(metric.result())
        0.5
    """

    def __init__(
        self, tags: Sequence[str], *, scheme: str = BIO.name, name: str = "entity_f1", dtype: str | None = None
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.tags, self.scheme = tuple(tags), scheme_named(scheme).name
        if isinstance(tags, str) or not self.tags or len(set(self.tags)) < len(self.tags):
            raise ConfigError(
                f"{name}: expected one or more different tags, received {', '.join(self.tags) or 'none'}."
            )
        expect_tags_of(self.scheme, self.tags, name)
        self._reader = _Reader.of(self.tags, self.scheme)
        self._correct, self._predicted, self._gold = (
            self.add_variable((), "zeros", dtype="float32", name=each) for each in ("correct", "predicted", "gold")
        )

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> None:
        """Counts the entities of a batch.

        Args:
            y_true: right tag numbers, (batch, length), or one-hot (batch, length, tags).
            y_pred: scores of each tag for each word, (batch, length, tags): the CRF layer's output or a softmax's.
            sample_weight: what it is 0 for is left out: words (batch, length), or whole sentences (batch,).

        Raises:
            ConfigError: the tags are not as many as the scores, or of another form.
        """
        mask = get_keras_mask(y_pred)
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        if y_pred.shape[-1] != len(self.tags):
            raise ConfigError(
                f"{self.name}: expected scores of {len(self.tags)} tags, received {tuple(y_pred.shape)}. "
                "Give the tags that the model's last layer scores, in its order."
            )
        gold, predicted = tag_numbers(y_true, y_pred), ops.cast(ops.argmax(y_pred, axis=2), "int32")
        counts = within(y_pred) & (gold >= 0) & (gold < len(self.tags))  # (batch, length)
        for given in (mask, sample_weight):
            if given is not None:
                nonzero = ops.not_equal(ops.convert_to_tensor(given), 0)
                counts = counts & (nonzero if len(nonzero.shape) == 2 else nonzero[:, None])
        both = ops.where(counts, ops.stack([gold, predicted]), len(self.tags))  # (2, batch, length)
        ends, begins, labels = self._reader.read(both)
        same = ends[0] & ends[1] & ops.equal(begins[0], begins[1]) & ops.equal(labels[0], labels[1])
        for variable, found in ((self._correct, same), (self._predicted, ends[1]), (self._gold, ends[0])):
            variable.assign_add(ops.cast(ops.sum(ops.cast(found, "int32")), "float32"))

    def result(self) -> Tensor:
        """The F1, between 0 and 1; 0 where there is nothing to find and nothing was found."""
        correct, predicted, gold = map(ops.convert_to_tensor, (self._correct, self._predicted, self._gold))
        return ops.cast(ops.divide_no_nan(2 * correct, predicted + gold), self.dtype)

    def get_config(self) -> dict[str, Any]:
        """Its arguments."""
        return {**super().get_config(), "tags": list(self.tags), "scheme": self.scheme}


@dataclass(frozen=True, slots=True)
class _Reader:
    """A scheme's walker for many sentences at once. A tag's number is its place; one more stands for the edge, an `O`.

    Args:
        starts: whether a chunk starts between a tag and the next, (pairs of tags,).
        continues: whether it goes on, (pairs of tags,).
        ends: whether it ends as one, (pairs of tags,).
        labels: the number of each tag's label, (tags + 1,).
    """

    starts: NDArray[np.bool_]
    continues: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    labels: NDArray[np.int32]

    @classmethod
    def of(cls, tags: Sequence[str], scheme: str) -> "_Reader":
        tags = (*tags, OUTSIDE)
        labels = np.unique([label_of(tag) for tag in tags], return_inverse=True)[1]
        starts, continues, ends = scheme_named(scheme).actions(tags).reshape(3, -1)
        return cls(starts, continues, ends, labels.astype(np.int32))

    def read(self, tags: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """At each place between two words and at both edges: whether a chunk ends, where it began, its label.

        Args:
            tags: numbers of tags, (..., length).

        Returns:
            Three times (..., length + 1); what is said of places where no chunk ends means nothing.
        """
        edge = len(self.labels) - 1
        after = ops.concatenate([tags, ops.full_like(tags[..., :1], edge)], axis=-1)
        before = _before(after, edge)
        pairs = before * (edge + 1) + after
        starts, continues, ends = (ops.take(table, pairs) for table in (self.starts, self.continues, self.ends))
        places = ops.arange(ops.shape(pairs)[-1], dtype="int32")
        changes = ops.where(starts, 2 * places + 1, ops.where(continues, 0, 2 * places))  # odd: opened; even: closed
        continues = continues & ops.equal(_before(_running_maximum(changes), 0) % 2, 1)  # what is closed cannot go on
        begins = ops.where(continues, 0, ops.where(starts, 2 * places + 1, 2 * places))
        begun = _before(_running_maximum(begins), 0)
        is_open = ops.equal(begun % 2, 1)
        return is_open & ends & ops.logical_not(continues), begun // 2, ops.take(self.labels, before)


def _before(values: Tensor, first: int) -> Tensor:
    """The values one place further along the last axis, with another one first."""
    return ops.concatenate([ops.full_like(values[..., :1], first), values[..., :-1]], axis=-1)


def _running_maximum(values: Tensor) -> Tensor:
    """The highest of the values up to each place of the last axis. Each round looks back twice as far as the last."""
    places = ops.arange(ops.shape(values)[-1], dtype="int32")
    length = values.shape[-1] or _MOST_WORDS
    for exponent in range(length.bit_length()):
        earlier = ops.maximum(places - 2**exponent, 0)
        values = ops.maximum(values, ops.take(values, earlier, axis=-1))
    return values
