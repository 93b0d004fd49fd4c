"""A linear-chain CRF as the last layer of a Keras model."""

import reprlib
from collections.abc import Sequence
from numbers import Integral
from typing import Any
from uuid import uuid4

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from tagloom.errors import ConfigError
from tagloom.keras.accuracy import TagAccuracy
from tagloom.keras.chain import Transitions, best_paths, marginals
from tagloom.keras.dictionaries import expect_tags_of
from tagloom.keras.loss import CRFLoss, remember
from tagloom.keras.outputs import emissions_of, outputs_of, within
from tagloom.keras.tensor import Tensor
from tagloom.schemes import OUTSIDE
from tagloom.schemes import scheme as scheme_named

_FORBIDDEN = -1e5
"""Score of a forbidden transition in sums: its probability is 0 to the last digit. A sentence whose right tags break
the scheme still has a loss, an enormous one, and a gradient."""


@keras.saving.register_keras_serializable("tagloom")
class CRF(keras.layers.Layer):
    """A linear-chain CRF (Lafferty et al. 2001; on a BiLSTM: Huang et al. 2015): the last layer, behind a `Dense`.

    It takes the score of each tag for each word, and gives scores of which only that on the best path is positive:
    `argmax` over the last axis is the best path, in training and in use. Where there is no word all are 0. Words are
    known by the mask, from an embedding's `mask_zero=True` or given, and may stand anywhere in a row. All is computed
    in single precision (or double, if asked for) whatever the policy of the model.

    Args:
        tags: how many tags there are, or their names in the order of the scores.
        scheme: tag scheme (`BIO`, `BIOES`, ...) whose forbidden transitions are forbidden in training, decoding and
            marginals alike; needs the tags' names. None forbids nothing.
        initializer: of the scores between tags, at the start and at the end.
        regularizer: of the scores between tags.
        identity: what its loss knows it by when both are loaded; None for a new one.
        **kwargs: as every layer's (`name`, `dtype`, `trainable`).

    Raises:
        ConfigError: the tags are none, or not of the scheme.
        SchemeError: there is no such scheme.

    Example:
        >>> crf = CRF(["O", "B-PNAME", "I-PNAME"], scheme="BIO")
        >>> model = keras.Sequential([
        ...     keras.Input((None,), dtype="int32"),
        ...     keras.layers.Embedding(100, 8, mask_zero=True),
        ...     keras.layers.Dense(3),
        ...     crf,
        ... ])
        >>> model.compile(optimizer="adam", loss=crf.loss, metrics=[crf.accuracy])
        >>> model.predict(np.array([[7, 3, 0]]), verbose=0).argmax(axis=2).shape
        (1, 3)
    """

    def __init__(
        self,
        tags: int | Sequence[str],
        *,
        scheme: str | None = None,
        initializer: Any = "zeros",
        regularizer: Any = None,
        identity: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(dtype=_exact(dtype), **kwargs)
        self.tags, self.num_tags = self._named_or_counted(tags)
        self.scheme = None if scheme is None else scheme_named(scheme).name
        self.initializer = keras.initializers.get(initializer)
        self.regularizer = keras.regularizers.get(regularizer)
        self.identity = identity or uuid4().hex
        self.supports_masking = True
        self._allowed = self._allowed_transitions()

    @property
    def loss(self) -> CRFLoss:
        """What to compile with: minus the log-likelihood, mean over sentences, in nats."""
        return CRFLoss(self)

    @property
    def accuracy(self) -> TagAccuracy:
        """What to compile with: the share of words whose tag is right."""
        return TagAccuracy()

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Makes the scores.

        Raises:
            ConfigError: the input is not one score a tag.
        """
        if len(input_shape) != 3 or input_shape[-1] != self.num_tags:
            raise ConfigError(
                f"layer {self.name!r} (CRF): expected scores (batch, length, {self.num_tags}), received "
                f"{tuple(input_shape)}. Put Dense({self.num_tags}) before it."
            )
        shape = (self.num_tags, self.num_tags)
        self.transitions = self._scores("transitions", shape, self.regularizer)
        self.start_transitions = self._scores("start_transitions", shape[:1])
        self.end_transitions = self._scores("end_transitions", shape[:1])

    def call(self, inputs: Tensor, mask: Tensor = None) -> Tensor:
        """The layer's output (see `outputs`), (batch, length, tags).

        Args:
            inputs: score of each tag for each word, (batch, length, tags).
            mask: whether a place holds a word, (batch, length); None: every place does.
        """
        if 0 in inputs.shape[:2]:
            return ops.zeros_like(inputs)
        present = ops.ones(ops.shape(inputs)[:2], "bool") if mask is None else ops.cast(mask, "bool")
        fixed = ops.stop_gradient(inputs)
        return outputs_of(inputs, best_paths(fixed, self.constrained_transitions(-np.inf), present), present)

    def marginals(self, outputs: Tensor) -> Tensor:
        """Probability of each tag at each word, over all paths, (batch, length, tags); 0 where there is no word.

        Args:
            outputs: what the model gave, (batch, length, tags).
        """
        outputs = ops.convert_to_tensor(outputs, self.compute_dtype)
        return marginals(emissions_of(outputs), self.constrained_transitions(), within(outputs))

    def log_likelihood(self, y_true: Tensor, outputs: Tensor) -> Tensor:
        """Log probability of the right tags of each sentence, (batch,), in nats.

        Args:
            y_true: tag numbers (batch, length), or one-hot (batch, length, tags).
            outputs: what the model gave, (batch, length, tags).
        """
        outputs = ops.convert_to_tensor(outputs, self.compute_dtype)
        return -self.loss.call(ops.convert_to_tensor(y_true), outputs)

    def constrained_transitions(self, forbidden: float = _FORBIDDEN) -> Transitions:
        """Its scores, with another one where the scheme forbids.

        Args:
            forbidden: that other one.
        """
        scores = self.transitions, self.start_transitions, self.end_transitions
        tensors = [ops.convert_to_tensor(own) for own in scores]
        if self._allowed is not None:
            pairs = zip(self._allowed, tensors, strict=True)
            tensors = [ops.where(allowed, own, ops.full_like(own, forbidden)) for allowed, own in pairs]
        return Transitions(*tensors)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """As the input's."""
        return input_shape

    def compute_mask(self, inputs: Tensor, mask: Tensor = None) -> None:  # noqa: ARG002  # Keras's form
        """None: the output says itself where there is no word."""
        return

    def get_config(self) -> dict[str, Any]:
        """Its arguments."""
        return {
            **super().get_config(),
            "tags": self.num_tags if self.tags is None else list(self.tags),
            "scheme": self.scheme,
            "initializer": keras.initializers.serialize(self.initializer),
            "regularizer": keras.regularizers.serialize(self.regularizer),
            "identity": self.identity,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "CRF":
        """The layer that `get_config` told of."""
        layer = cls(**config)
        remember(layer)
        return layer

    def _scores(self, name: str, shape: tuple[int, ...], regularizer: Any = None) -> Any:
        return self.add_weight(name=name, shape=shape, initializer=self.initializer, regularizer=regularizer)

    def _named_or_counted(self, tags: Any) -> tuple[tuple[str, ...] | None, int]:
        """The names of the tags, where they have some, and how many there are."""
        if isinstance(tags, Integral) and not isinstance(tags, bool) and int(tags) > 0:
            return None, int(tags)
        names = tuple(tags) if isinstance(tags, list | tuple) else ()
        if not names or len(set(names)) < len(names) or not all(isinstance(name, str) for name in names):
            raise ConfigError(
                f"layer {self.name!r} (CRF): expected a number of tags, or a list of different names, "
                f"received {reprlib.repr(tags)}."
            )
        return names, len(names)

    def _allowed_transitions(self) -> tuple[NDArray[np.bool_], ...] | None:
        """What the scheme allows: between tags, at the start, at the end; None where nothing is forbidden."""
        if self.scheme is None:
            return None
        place = f"layer {self.name!r} (CRF)"
        if self.tags is None or OUTSIDE not in self.tags:
            received = self.num_tags if self.tags is None else ", ".join(self.tags)
            raise ConfigError(f"{place}: a scheme needs the tags' names, {OUTSIDE} among them, received {received}.")
        expect_tags_of(self.scheme, self.tags, place)
        start, between, end = scheme_named(self.scheme).transition_masks(self.tags)
        return between, start, end


def _exact(dtype: Any) -> Any:
    """The policy asked for, or single precision where that computes in less: sums over paths need every digit."""
    policy = keras.config.dtype_policy() if dtype is None else keras.dtype_policies.get(dtype)
    return policy if policy.compute_dtype in ("float32", "float64") else "float32"
