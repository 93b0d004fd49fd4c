"""Gradients and compiled functions of whichever backend runs: what tests ask of all of them in one way."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Function = Callable[..., Any]


def gradients(function: Function, arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """The gradient of a function's one number by each of its arrays."""
    by_backend = {"jax": _by_jax, "torch": _by_torch, "tensorflow": _by_tensorflow}
    return [np.asarray(gradient) for gradient in by_backend[keras.backend.backend()](function, arrays)]


def compiled(function: Function) -> Function:
    """The function as the backend compiles it, through XLA where it has that; PyTorch's as it is."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(function, jit_compile=True)
    return function


def _by_jax(function: Function, arrays: Sequence[NDArray[Any]]) -> list[Any]:
    import jax

    return list(jax.jit(jax.grad(function, argnums=tuple(range(len(arrays)))))(*arrays))


def _by_torch(function: Function, arrays: Sequence[NDArray[Any]]) -> list[Any]:
    import torch

    leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
    function(*leaves).backward()
    return [leaf.grad for leaf in leaves]


def _by_tensorflow(function: Function, arrays: Sequence[NDArray[Any]]) -> list[Any]:
    import tensorflow as tf

    leaves = [tf.Variable(array) for array in arrays]

    @tf.function(jit_compile=True)
    def compiled_gradient() -> Any:
        with tf.GradientTape() as tape:
            result = function(*[tf.convert_to_tensor(leaf) for leaf in leaves])
        return tape.gradient(result, leaves)

    return list(compiled_gradient())
