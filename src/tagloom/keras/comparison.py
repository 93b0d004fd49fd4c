"""A bundle held against the Keras model that it was made of, on generated sentences, before it is written."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.bundle import Bundle
from tagloom.decoding import Lattice, best_paths
from tagloom.errors import BundleError
from tagloom.features.sampling import spread
from tagloom.features.vocabulary import Vocabulary
from tagloom.inference.predictor import Predictor
from tagloom.keras.encoder import Encoder
from tagloom.keras.outputs import emissions_of, within
from tagloom.keras.reading.arrays import array
from tagloom.keras.reading.model import ReadModel
from tagloom.keras.reading.refusal import refused
from tagloom.keras.reading.tags import TagOrder

Floats = NDArray[np.float64]

_LENGTHS = 1, 2, 5, 17, 64
_MOST_KNOWN = 100  # words of the vocabulary that the sentences are made of
_STRANGE = "Qxj", "qz7", "XQ-40", "ЖЩ", "w" * 70, "." * 3
_LOWEST = -60.0  # of a log probability: single precision has none below -87


def expect_equal(bundle: Bundle, read: ReadModel, encoder: Encoder, order: TagOrder, *, tolerance: float) -> None:
    """Lets pass a bundle that gives the model's emissions and, of a CRF that knows the scheme, its best paths.

    Emissions are compared as log probabilities of the tags of each word by itself: what a CRF gives is known up to a
    constant a word, and what softmax gives is that. Of paths the scores are compared, since equally good ones may
    differ.

    Args:
        bundle: that was made of the model.
        read: the model.
        encoder: that makes its numbers.
        order: of the tags of both.
        tolerance: most that an emission may differ by.

    Raises:
        BundleError: they differ by more.
    """
    if read.model.inputs[0].shape[1] is None:  # rows of every length are read alike, beyond the encoder's too
        encoder = replace(encoder, length=max(_LENGTHS))
    sentences = _generated(bundle.vocabulary, encoder.length)
    outputs = _predicted(read, encoder, sentences)
    expected = _log_probabilities(read, outputs)
    differences = [0.0]
    for numbers, lattices in Predictor(bundle).lattices(sentences):
        for row, number in enumerate(numbers):
            lattice, words = lattices.sentence(row), slice(len(sentences[number]))
            differences.append(_emission_difference(lattice, expected[number, words], read, order))
            if read.scores.crf is not None and read.scores.crf.scheme is not None:
                path = outputs[number, words].argmax(axis=1)
                differences.append(_path_difference(lattice, path, order))
    difference = np.max(differences)
    if not difference <= tolerance:  # not a number is none either
        raise BundleError(
            f"the bundle: expected the model's emissions and best paths to {tolerance:g}, received some that differ by "
            f"{difference:.3g}. Train in float32; on a device that rounds products set a higher tolerance; else report "
            "it as a fault of Tagloom."
        )


def _generated(vocabulary: Vocabulary, most: int) -> list[list[str]]:
    """Sentences of several lengths, of known words, as they are and in capitals, and of unknown ones."""
    random = np.random.default_rng(0)
    words = vocabulary.tables[0].words
    known = [words[place] for place in spread(len(words), _MOST_KNOWN)]
    letters = "".join(vocabulary.characters)
    made = ["".join(random.choice(list(letters), size)) for size in (1, 3, 9, 90)] if letters else []
    pool = [word for word in (*known, *map(str.title, known), *map(str.upper, known), *made, *_STRANGE) if word]
    return [[pool[place] for place in random.integers(0, len(pool), min(length, most))] for length in _LENGTHS]


def _predicted(read: ReadModel, encoder: Encoder, sentences: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """What the Keras model gives, (sentences, length, model's tags).

    Raises:
        BundleError: its CRF does not know where there is no word: best paths would run on through the padding.
    """
    inputs = [
        encoder.words(sentences) if len(tensor.shape) == 2 else encoder.characters(sentences)
        for tensor in read.model.inputs
    ]
    outputs = array(read.model.predict(inputs, batch_size=len(sentences), verbose=0))
    if read.scores.crf is not None:
        present = array(within(outputs)).sum(axis=1)
        if present.tolist() != [len(words) for words in sentences]:
            remedy = "Leave out what drops the mask between them, such as a model inside the model."
            raise refused(read.scores.crf, "the mask of the embedding", "another or none", remedy)
    return outputs


def _log_probabilities(read: ReadModel, outputs: NDArray[np.float32]) -> Floats:
    """Of the tags of each word by itself, (sentences, length, model's tags)."""
    if read.scores.are_probabilities:
        with np.errstate(divide="ignore"):
            return np.log(outputs.astype(np.float64))
    return _log_softmax(outputs if read.scores.crf is None else array(emissions_of(outputs)))


def _emission_difference(lattice: Lattice, expected: Floats, read: ReadModel, order: TagOrder) -> float:
    """The largest difference of a sentence's log probabilities from the model's, (length, model's tags)."""
    expected = expected[:, order.columns[order.present]]
    received = _log_softmax(lattice.emissions[0][:, order.present])
    if read.scores.are_probabilities:
        expected, received = np.maximum(expected, _LOWEST), np.maximum(received, _LOWEST)
    return float(np.abs(expected - received).max())


def _path_difference(lattice: Lattice, path: NDArray[Any], order: TagOrder) -> float:
    """What the bundle's best path scores more than the model's, a word."""
    numbers = np.empty(order.columns.max() + 1, np.intp)
    numbers[order.columns[order.present]] = np.flatnonzero(order.present)
    tags = numbers[path]
    score = lattice.emissions[0, np.arange(len(tags)), tags].sum(dtype=np.float64)
    score += lattice.transitions[tags[:-1], tags[1:]].sum(dtype=np.float64)
    score += float(lattice.start_transitions[tags[0]]) + float(lattice.end_transitions[tags[-1]])
    ((_, best),) = best_paths(lattice, 1)[0]
    return float(best - score) / len(tags)


def _log_softmax(emissions: NDArray[np.float32]) -> Floats:
    scores = emissions.astype(np.float64)
    less = scores - scores.max(axis=-1, keepdims=True)
    shifted: Floats = less - np.log(np.exp(less).sum(axis=-1, keepdims=True))
    return shifted
