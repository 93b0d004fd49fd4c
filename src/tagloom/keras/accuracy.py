"""Share of words whose tag is right."""

import keras
from keras import ops

from tagloom.keras.loss import tag_numbers
from tagloom.keras.outputs import within
from tagloom.keras.tensor import Tensor


@keras.saving.register_keras_serializable("tagloom")
class TagAccuracy(keras.metrics.Mean):
    """Share of words whose tag on the best path is right; of a CRF's output padding counts for nothing.

    Most words are `O`: a model that finds nothing has a high one. `EntityF1` says what was found.

    Args:
        name: in logs.
        dtype: of the figures.
    """

    def __init__(self, name: str = "accuracy", dtype: str | None = None) -> None:
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> None:
        """Counts a batch.

        Args:
            y_true: right tag numbers, (batch, length), or one-hot (batch, length, tags).
            y_pred: the layer's output, (batch, length, tags).
            sample_weight: how much each sentence (batch,) or word (batch, length) counts.
        """
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        right = ops.equal(ops.cast(ops.argmax(y_pred, axis=2), "int32"), tag_numbers(y_true, y_pred))
        weights = ops.cast(within(y_pred), self.dtype)
        if sample_weight is not None:
            given = ops.cast(sample_weight, self.dtype)
            weights = weights * (given if len(given.shape) == 2 else given[:, None])
        super().update_state(ops.cast(right, self.dtype), weights)
