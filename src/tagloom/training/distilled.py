"""Static word vectors taken from a transformer: words encoded alone, fewer dimensions, rare words weighing more.

After Model2Vec (Tulkens & van Dongen 2024): the pieces of the tokenizer's vocabulary are encoded one by one; their
principal components give the dimensions, and a piece's rank, which follows its frequency, its weight.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.cache import kept
from tagloom.embeddings.encoders.encoder import MEAN, Encoder
from tagloom.embeddings.encoders.model_folder import ModelFolder
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.embeddings.progress import Progress
from tagloom.embeddings.vectors.vector_file import VectorSource
from tagloom.errors import ConfigError
from tagloom.features.word_index import INSIDE
from tagloom.training.encoder_networks import LAYOUT, frozen_encoder

_AT_ONCE = 1024  # words
_SPREAD = 0.4  # root mean square of a number, as published vectors have it

_log = logging.getLogger(__name__)

Array = NDArray[np.float32]


class DistilledVectors(VectorSource):
    """Vectors of any words from a transformer, each encoded alone.

    Args:
        folder: of the transformer.
        width: of the vectors; at most that of the transformer.
        threads: of the processor; 0 for all that this process may use.

    Raises:
        DataError: the transformer cannot be used.
        ConfigError: it is narrower.
    """

    def __init__(self, folder: ModelFolder, width: int, threads: int = 0) -> None:
        files, self._encoder = frozen_encoder(folder, layers=1, pooling=MEAN, threads=threads)
        if width > self._encoder.width:
            raise ConfigError(
                f"embeddings: expected a width of at most {self._encoder.width}, that of {folder.name}, received "
                f"{width}."
            )
        super().__init__(folder.name, width, has_pieces=True)
        self._subwords = Subwords(files.tokenizer, folder.name, files.form.longest)
        self._pieces = self._subwords.vocabulary()
        self._centre, self._axes = self._projection(folder)

    @property
    def num_words(self) -> int:
        """Subwords of the tokenizer's vocabulary; any word has a vector too."""
        return len(self._pieces)

    def first_words(self, number: int) -> list[str]:
        """At most so many subwords of the tokenizer's vocabulary, the most frequent first."""
        return self._pieces[:number]

    def look_up(self, words: Sequence[str]) -> tuple[NDArray[np.bool_], Array]:
        """That every word has a vector, (words,), and their vectors, (words, width)."""
        encoded = _encoded(self._encoder, words, self.name)
        vectors = (encoded - self._centre) @ self._axes * self._weights(words)[:, None]
        return np.ones(len(words), np.bool_), np.asarray(vectors, np.float32)

    def _weights(self, words: Sequence[str]) -> Array:
        """From 0, of the most frequent, to 1: the logarithm of the rank of each word's rarest piece."""
        read = self._subwords.of([word.removeprefix(INSIDE) for word in words])
        ranks = np.array([max(numbers) for numbers in read], np.float32)
        weights: Array = np.log1p(ranks) / np.log1p(np.float32(self._subwords.num_subwords))
        return weights

    def _projection(self, folder: ModelFolder) -> tuple[Array, Array]:
        """The mean of the vocabulary (whole width,), and the axes (whole width, width), scaled."""
        place = kept(f"distilled/{folder.digest[:32]}-{LAYOUT}", self._fill)
        centre, axes, variances = (np.load(place / f"{name}.npy") for name in ("centre", "axes", "variances"))
        scale = _SPREAD / np.sqrt(max(float(variances[: self.width].mean()), 1e-12))
        return centre, axes[:, : self.width] * np.float32(scale)

    def _fill(self, place: Path) -> None:
        """Keeps the mean of the vocabulary and its principal axes with their variances, the largest first."""
        encoded = _encoded(self._encoder, self._pieces, self.name).astype(np.float64)
        centre = encoded.mean(axis=0)
        variances, axes = np.linalg.eigh(np.cov(encoded - centre, rowvar=False))
        order = np.argsort(-variances)
        found = {"centre": centre, "axes": axes[:, order], "variances": np.maximum(variances[order], 0)}
        for name, values in found.items():
            np.save(place / f"{name}.npy", values.astype(np.float32))


def _encoded(encoder: Encoder, words: Sequence[str], name: str) -> Array:
    """Each word or piece alone, (words, whole width)."""
    found, progress = np.zeros((len(words), encoder.width), np.float32), Progress(_log)
    for first in range(0, len(words), _AT_ONCE):
        some = words[first : first + _AT_ONCE]
        found[first : first + len(some)] = np.concatenate(
            encoder.vectors([[word.removeprefix(INSIDE)] for word in some])
        )
        progress.tell(f"{name} has read {first + len(some):,} of {len(words):,} words.")
    return found
