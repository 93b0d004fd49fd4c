"""From the order that a Keras model has its tags in to that of a bundle."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.format import FORMAT_VERSION, FORMATS
from tagloom.errors import BundleError
from tagloom.keras.encoder import Encoder
from tagloom.keras.reading.arrays import Array
from tagloom.schemes import label_of, scheme

NEVER = -1e4
"""Emission of a tag that the model lacks: its probability is 0 to the last digit."""


@dataclass(frozen=True, eq=False)
class TagOrder:
    """A bundle's tags, and where a model has them.

    Args:
        labels: in sorted order.
        tags: of the bundle, `scheme.tags(labels)`.
        columns: the model's number of each of these tags, -1 for a tag that it lacks, (tags,).
    """

    labels: tuple[str, ...]
    tags: tuple[str, ...]
    columns: NDArray[np.intp]

    @classmethod
    def of(cls, encoder: Encoder) -> "TagOrder":
        """The order of the tags of an encoder.

        Raises:
            BundleError: no bundle has tags of its scheme, or there is no label.
        """
        known = FORMATS[FORMAT_VERSION].schemes
        if encoder.scheme not in known:
            expected = " or ".join(known)
            raise BundleError(
                f"encoder: expected tags in {expected}, received {encoder.scheme}. Encode them so, and train again."
            )
        labels = sorted({label_of(tag) for tag in encoder.tag2idx} - {""})
        if not labels:
            raise BundleError("encoder: expected tags of a label, received O alone. Train on data with entities.")
        tags = scheme(encoder.scheme).tags(labels)
        return cls(tuple(labels), tuple(tags), np.array([encoder.tag2idx.get(tag, -1) for tag in tags], np.intp))

    @property
    def present(self) -> NDArray[np.bool_]:
        """Whether the model has a tag, (tags,)."""
        return self.columns >= 0

    def vectors(self, values: Array, missing: float = 0.0) -> Array:
        """What each of the model's tags has, in the bundle's order.

        Args:
            values: of the model's tags, (model's tags, ...).
            missing: of each tag that the model lacks.

        Returns:
            (tags, ...).
        """
        ordered = np.full((len(self.tags), *values.shape[1:]), missing, np.float32)
        ordered[self.present] = values[self.columns[self.present]]
        return ordered

    def pairs(self, values: Array) -> Array:
        """What each pair of the model's tags has, in the bundle's order, (tags, tags) `[from, to]`; 0 without one."""
        return np.ascontiguousarray(self.vectors(self.vectors(values).T).T)
