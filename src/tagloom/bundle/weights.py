"""The trained tensors of a bundle as bytes, and back: each is what the architecture says, or the bundle is refused."""

import math
import reprlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from tagloom.bundle.format import KIBIBYTE
from tagloom.bundle.shapes import Shapes
from tagloom.errors import BundleError, one_line

_HEADER = 64 * KIBIBYTE  # names, shapes and places of some tens of tensors


def weights_to_bytes(weights: Mapping[str, NDArray[np.float32]]) -> bytes:
    """The content of `weights.safetensors`."""
    return save({name: np.ascontiguousarray(values) for name, values in weights.items()})


def most_bytes(shapes: Shapes) -> int:
    """Bytes that tensors of these shapes take at most."""
    return _HEADER + 4 * sum(math.prod(shape) for shape in shapes.values())


def weights_from_bytes(content: bytes, shapes: Shapes, place: str) -> dict[str, NDArray[np.float32]]:
    """The tensors by name.

    Args:
        content: what `weights_to_bytes` gave.
        shapes: what each must be.
        place: its file, for errors.

    Raises:
        BundleError: it is not safetensors, or a tensor is missing, unknown, of another shape or type, or not finite.
    """
    try:
        weights = dict(load(content))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:  # a KeyError names a type that NumPy lacks
        raise BundleError(f"{place}: expected tensors in safetensors, received {one_line(error)}.") from error
    for name in sorted(weights.keys() | shapes.keys()):
        _check(name, weights.get(name), shapes.get(name), place)
    return weights


def _check(name: str, values: NDArray[np.generic] | None, shape: tuple[int, ...] | None, place: str) -> None:
    if values is None:
        raise BundleError(f"{place}: expected a tensor {name} {shape}, received none.")
    if shape is None:
        raise BundleError(f"{place}: expected no tensor {reprlib.repr(name)}, received one {values.shape}.")
    if values.dtype != np.float32 or values.shape != shape:
        raise BundleError(f"{place}: {name}: expected float32 {shape}, received {values.dtype} {values.shape}.")
    if not np.isfinite(values).all():
        raise BundleError(f"{place}: {name}: expected finite numbers, received others. Train anew.")
