"""What the CRF layer gives: one tensor that holds scores, best path and padding, so that it means something by itself.

At a word every tag's score is negative: its emission, less the word's highest, less 1. The tag on the best path has
its sign turned, so that it is the only positive one: `argmax` is the best path. At padding all are 0. Emissions count
only up to a constant a word, so the likelihood can be worked out from it; no loss, no metric and no user needs a mask
beside it.
"""

from keras import ops

from tagloom.keras.tensor import Tensor

LOWEST = -1e5
"""Least that an emission may be below its word's highest: what is lower has no probability to the last digit, and minus
infinity would have no gradient."""


def outputs_of(emissions: Tensor, paths: Tensor, within: Tensor) -> Tensor:
    """The layer's output, (batch, length, tags).

    Args:
        emissions: score of each tag at each place, (batch, length, tags).
        paths: the tag on the best path, (batch, length).
        within: whether a place holds a word, (batch, length).
    """
    highest = ops.stop_gradient(ops.max(emissions, axis=2, keepdims=True))
    negative = ops.maximum(emissions - highest, LOWEST) - 1
    is_best = ops.equal(ops.arange(emissions.shape[2], dtype="int32"), paths[:, :, None])
    signed = ops.where(is_best, -negative, negative)
    return ops.where(within[:, :, None], signed, ops.zeros_like(signed))


def emissions_of(outputs: Tensor) -> Tensor:
    """The emissions, up to a constant a word, of the layer's output (batch, length, tags)."""
    return -ops.abs(outputs)


def within(outputs: Tensor) -> Tensor:
    """Whether a place holds a word, (batch, length), by the layer's output; of a softmax's output every place does."""
    return ops.any(ops.not_equal(outputs, 0), axis=-1)
