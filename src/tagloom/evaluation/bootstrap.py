"""Figures of many sets of sentences, each drawn with replacement from one set (Efron 1979)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_CELLS = 4_000_000  # resamples times kinds of sentences that are held at once: 32 MB
_COST_OF_KIND = 16  # what a multinomial draw of a kind costs, in draws of a sentence


def resampled_sums(rows: NDArray[np.floating], *, resamples: int, seed: int) -> Floats:
    """The sums of many resamples of some sentences, each as large as their set.

    Sentences with equal figures are of one kind. How many of each kind a resample holds is multinomial; to draw that is
    the same as to draw each sentence, and much faster where kinds are few.

    Args:
        rows: the figures of each sentence, (sentences, figures).
        resamples: how many, at least 1.
        seed: of the draws.

    Returns:
        (resamples, figures).
    """
    if not len(rows):
        return np.zeros((resamples, rows.shape[1]))
    different, sizes = np.unique(rows, axis=0, return_counts=True)  # (kinds, figures), (kinds,)
    kinds = different.astype(np.float64)
    random = np.random.default_rng(seed)
    draw = _draw_kinds if len(kinds) * _COST_OF_KIND < len(rows) else _draw_sentences
    return np.concatenate([draw(random, sizes, size) @ kinds for size in pieces(resamples, len(kinds))])


def _draw_kinds(random: np.random.Generator, sizes: NDArray[np.int64], resamples: int) -> Floats:
    """How many sentences of each kind each resample holds, (resamples, kinds)."""
    num_sentences = sizes.sum()
    return random.multinomial(num_sentences, sizes / num_sentences, size=resamples).astype(np.float64)


def _draw_sentences(random: np.random.Generator, sizes: NDArray[np.int64], resamples: int) -> Floats:
    """The same, sentence by sentence: faster where kinds are many."""
    num_sentences = int(sizes.sum())
    kind_of = np.repeat(np.arange(len(sizes)), sizes)  # (sentences,), in any order
    drawn = np.empty((resamples, len(sizes)))
    for row in drawn:
        row[:] = np.bincount(kind_of[random.integers(num_sentences, size=num_sentences)], minlength=len(sizes))
    return drawn


def pieces(resamples: int, kinds: int) -> Iterator[int]:
    """Divides resamples into such numbers of them as are held at once."""
    most = max(1, _MOST_CELLS // max(1, kinds))
    for start in range(0, resamples, most):
        yield min(most, resamples - start)
