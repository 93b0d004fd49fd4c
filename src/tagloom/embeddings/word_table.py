"""What a model looks words up in, before it is trained."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.embedding import Embedding
from tagloom.features.word_index import WordIndex


@dataclass(frozen=True)
class WordTable:
    """One table of word vectors.

    Args:
        embedding: that it is for.
        index: the words that have rows.
        values: (rows, width), the first of them the unknown word's; None where they begin at random.
        is_trained: whether training changes them.
        dropout: share of a vector that a training step leaves out.
    """

    embedding: Embedding
    index: WordIndex
    values: NDArray[np.float32] | None = None
    is_trained: bool = True
    dropout: float = 0.0

    @property
    def digest(self) -> str:
        """SHA-256 of what it begins with."""
        return hashlib.sha256(b"" if self.values is None else self.values.tobytes()).hexdigest()
