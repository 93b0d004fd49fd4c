"""A bundle held against the Keras model that it was made of, on generated sentences, before it is written."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.bundle import Bundle
from tagloom.errors import BundleError
from tagloom.features.corpus import Corpus
from tagloom.features.sampling import spread
from tagloom.features.vocabulary import Vocabulary
from tagloom.keras.encoder import Encoder
from tagloom.keras.outputs import emissions_of, within
from tagloom.keras.reading.arrays import array
from tagloom.keras.reading.model import ReadModel
from tagloom.keras.reading.refusal import refused
from tagloom.keras.reading.tags import TagOrder

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # it gathers what it does in a database from its import on

import onnxruntime

Floats = NDArray[np.float64]

_LENGTHS = 1, 2, 5, 17, 64
_MOST_KNOWN = 100  # words of the vocabulary that the sentences are made of
_STRANGE = "Qxj", "qz7", "XQ-40", "ЖЩ", "w" * 70, "." * 3
_LOWEST = -60.0  # of a log probability: single precision has none below -87


def expect_equal_emissions(
    bundle: Bundle, read: ReadModel, encoder: Encoder, order: TagOrder, *, tolerance: float
) -> None:
    """Lets pass a bundle that gives the model's emissions.

    They are compared as log probabilities of the tags of each word by itself: what a CRF gives is known up to a
    constant a word, and what softmax gives is that.

    Args:
        bundle: that was made of the model.
        read: the model.
        encoder: that makes its numbers.
        order: of the tags of both.
        tolerance: most that an emission may differ by.

    Raises:
        BundleError: they differ by more.
    """
    sentences = _generated(bundle.vocabulary, encoder.length)
    lengths = np.array([len(words) for words in sentences])
    is_word = np.arange(lengths.max()) < lengths[:, None]  # (sentences, length)
    columns = order.columns[order.present]
    expected = _of_model(read, encoder, sentences)[:, : lengths.max()][is_word][:, columns]  # (words, tags)
    received = _log_softmax(_of_bundle(bundle, sentences)[is_word][:, order.present])
    if read.scores.are_probabilities:
        expected, received = np.maximum(expected, _LOWEST), np.maximum(received, _LOWEST)
    difference = np.abs(expected - received).max()
    if not difference <= tolerance:  # not a number is none either
        raise BundleError(
            f"the bundle: expected the model's emissions to {tolerance:g}, received some that differ by "
            f"{difference:.3g}. Train in float32; on a device that rounds products set a higher tolerance; else report "
            "it as a fault of Tagloom."
        )


def _generated(vocabulary: Vocabulary, most: int) -> list[list[str]]:
    """Sentences of several lengths, of known words, as they are and in capitals, and of unknown ones."""
    random = np.random.default_rng(0)
    known = [vocabulary.words[place] for place in spread(len(vocabulary.words), _MOST_KNOWN)]
    letters = "".join(vocabulary.characters)
    made = ["".join(random.choice(list(letters), size)) for size in (1, 3, 9, 90)] if letters else []
    pool = [word for word in (*known, *map(str.title, known), *map(str.upper, known), *made, *_STRANGE) if word]
    return [[pool[place] for place in random.integers(0, len(pool), min(length, most))] for length in _LENGTHS]


def _of_model(read: ReadModel, encoder: Encoder, sentences: Sequence[Sequence[str]]) -> Floats:
    """Log probabilities by the Keras model, (sentences, length, model's tags)."""
    inputs = [
        encoder.words(sentences) if len(tensor.shape) == 2 else encoder.characters(sentences)
        for tensor in read.model.inputs
    ]
    outputs = read.model.predict(inputs, batch_size=len(sentences), verbose=0)
    if read.scores.crf is not None:
        _expect_masked(read, outputs, sentences)
    if read.scores.are_probabilities:
        with np.errstate(divide="ignore"):
            return np.log(array(outputs).astype(np.float64))
    return _log_softmax(array(outputs if read.scores.crf is None else emissions_of(outputs)))


def _expect_masked(read: ReadModel, outputs: Any, sentences: Sequence[Sequence[str]]) -> None:
    """Lets pass a CRF that knows where there is no word: else its best paths run on through the padding."""
    present = array(within(outputs)).sum(axis=1)
    if present.tolist() != [len(words) for words in sentences]:
        remedy = "Leave out what drops the mask between them, such as a model inside the model."
        raise refused(read.scores.crf, "the mask of the embedding", "another or none", remedy)


def _of_bundle(bundle: Bundle, sentences: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Emissions by the bundle's networks, (sentences, length, tags)."""
    corpus = Corpus.of(sentences, None, bundle.vocabulary, {})
    batch = corpus.batch(np.arange(len(sentences)))
    parts = [bundle.weights["words.table"][corpus.surfaces.words]]
    if bundle.characters is not None:
        parts.append(_run(bundle.characters, characters=corpus.surfaces.characters))
    vectors = np.concatenate(parts, axis=1)[batch.surfaces][batch.positions]  # (length, sentences, width)
    return _run(bundle.network, vectors=vectors, lengths=batch.lengths.astype(np.int32))


def _run(network: bytes, **inputs: NDArray[Any]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    output: NDArray[np.float32] = session.run(None, inputs)[0]
    return output


def _log_softmax(emissions: NDArray[np.float32]) -> Floats:
    scores = emissions.astype(np.float64)
    less = scores - scores.max(axis=-1, keepdims=True)
    shifted: Floats = less - np.log(np.exp(less).sum(axis=-1, keepdims=True))
    return shifted
