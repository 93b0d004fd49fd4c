"""Some words of a file with their vectors: what every reader gives."""

import reprlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.embedding import WIDTHS
from tagloom.errors import DataError

MOST_AT_ONCE = 1024
"""Words of a block."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some words, in the order of their file.

    Args:
        words: as bytes; those that are no UTF-8 are never found.
        values: (words, width).
    """

    words: Sequence[bytes]
    values: NDArray[np.float32]

    def expect_finite(self, place: Callable[[int], str]) -> "Block":
        """The block.

        Args:
            place: where a word of it stands, for errors.

        Raises:
            DataError: a number is none, or infinite.
        """
        finite = np.isfinite(self.values).all(axis=1)
        if not finite.all():
            row = int(np.argmin(finite))
            raise DataError(
                f"{place(row)}: expected finite numbers, received others, for the word {told(self.words[row])}."
            )
        return self


def expect_width(width: int, name: str) -> int:
    """The width.

    Raises:
        DataError: no vectors have it.
    """
    least, most = WIDTHS
    if not least <= width <= most:
        raise DataError(f"{name}: expected vectors of {least} to {most} numbers, received {width}.")
    return width


def told(content: bytes) -> str:
    """What was received, cut and in quotes."""
    return reprlib.repr(content[:80].decode("utf-8", "replace"))
