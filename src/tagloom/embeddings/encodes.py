"""What every encoder does that reads sentences."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Encodes(Protocol):
    """Sentences in words to one vector a word, `width` numbers each."""

    width: int

    def vectors(self, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """(words, width) of each sentence."""
        ...
