"""The loss of a CRF: minus the log-likelihood of whole sentences."""

from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakValueDictionary

import keras
from keras import ops

from tagloom.errors import ConfigError
from tagloom.keras.chain import Transitions, negative_log_likelihood
from tagloom.keras.outputs import emissions_of, within
from tagloom.keras.tensor import Tensor

_LAYERS: WeakValueDictionary[str, Any] = WeakValueDictionary()
"""The last layer of each identity that was made from a configuration, while somebody has it."""


class Chain(Protocol):
    """What the loss needs of a layer."""

    name: str
    identity: str
    compute_dtype: str

    def constrained_transitions(self) -> Transitions:
        """Its scores, with the scheme's constraints."""
        ...


def remember(layer: Chain) -> None:
    """Notes a layer that was made from a configuration, for a loss that is made from one right behind it."""
    _LAYERS[layer.identity] = layer


@keras.saving.register_keras_serializable("tagloom")
class CRFLoss(keras.losses.Loss):
    """Minus the log-likelihood of each sentence (Lafferty et al. 2001), in nats; its mean over the batch.

    Take it from the layer: `model.compile(loss=crf.loss)`. It is saved with a model, and when that is loaded it finds
    the model's own layer.

    Args:
        layer: the CRF.
        name: in logs.
        reduction: over the sentences of a batch, as Keras's.
    """

    def __init__(self, layer: Chain, *, name: str = "crf_loss", reduction: str = "sum_over_batch_size") -> None:
        super().__init__(name=name, reduction=reduction, dtype=layer.compute_dtype)
        # not the layer itself: Keras follows attributes when it saves, and the layer offers its loss
        self._transitions: Callable[[], Transitions] = layer.constrained_transitions
        self._layer = {"name": layer.name, "identity": layer.identity}

    def __call__(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> Tensor:
        """The loss of a batch.

        Args:
            y_true: right tag numbers, (batch, length), or one-hot (batch, length, tags).
            y_pred: the layer's output, (batch, length, tags).
            sample_weight: how much each sentence counts, (batch,).

        Raises:
            ConfigError: weights of single words, which a likelihood of whole sentences has no use for.
        """
        if sample_weight is not None and len(sample_weight.shape) > 1 and sample_weight.shape[1] != 1:
            raise ConfigError(
                f"sample_weight: expected one weight a sentence, (batch,), received {tuple(sample_weight.shape)}. "
                "A CRF scores whole sentences: leave words out with the embedding's mask_zero."
            )
        return super().__call__(y_true, y_pred, sample_weight)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The loss of each sentence, (batch,)."""
        tags = tag_numbers(y_true, y_pred)
        return negative_log_likelihood(emissions_of(y_pred), self._transitions(), within(y_pred), tags)

    def get_config(self) -> dict[str, Any]:
        """Its arguments, the layer by its name and identity."""
        return {**super().get_config(), "layer": self._layer}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "CRFLoss":
        """The loss that `get_config` told of, for the last layer of that identity that was made from a configuration.

        When a model is loaded, that is the model's own.

        Raises:
            ConfigError: there is none.
        """
        others = {key: value for key, value in config.items() if key != "layer"}
        layer = _LAYERS.get(config["layer"]["identity"])
        if layer is None:
            raise ConfigError(
                f"the loss of a CRF: expected its layer {config['layer']['name']!r} to be loaded before it, found "
                "none. Load the whole model, or compile it anew with loss=crf.loss."
            )
        return cls(layer, **others)


def tag_numbers(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Right tags as numbers, (batch, length) int32, given so or one-hot.

    Raises:
        ConfigError: they fit neither form.
    """
    shape, (batch, length, num_tags) = tuple(y_true.shape), y_pred.shape
    if _are_alike(shape[:2], (batch, length)):
        if len(shape) == 2:
            return ops.cast(y_true, "int32")
        if len(shape) == 3 and shape[2] == 1:
            return ops.cast(y_true[:, :, 0], "int32")
        if len(shape) == 3 and shape[2] == num_tags:
            return ops.cast(ops.argmax(y_true, axis=2), "int32")
    raise ConfigError(
        f"the right tags: expected numbers ({batch}, {length}) or one-hot ({batch}, {length}, {num_tags}), received "
        f"{shape}. Pad them as the words."
    )


def _are_alike(shape: tuple[int | None, ...], expected: tuple[int | None, ...]) -> bool:
    """Whether axes are as expected, as far as they are known when a graph is made."""
    pairs = zip(shape, expected, strict=True) if len(shape) == len(expected) else [(0, 1)]
    return all(one is None or other is None or one == other for one, other in pairs)
