"""Explains one sentence: of a text as a model reads it, or of a lattice given by hand."""

from collections.abc import Sequence

import numpy as np

from tagloom.decoding import Floats, Lattice, Posterior, best_paths, posterior
from tagloom.errors import ConfigError, DataError
from tagloom.inference.chunk_reading import ChunkReading
from tagloom.inference.explanation import ExplainedChunk, ExplainedPath, Explanation
from tagloom.inference.named_lattice import NamedLattice
from tagloom.inference.predictor import Predictor
from tagloom.text import Chunk, Document, Sentence
from tagloom.tokenize import sentences

NUM_PATHS = 5
"""Paths that are shown where nobody says otherwise."""

MOST_PATHS = 100
"""Paths that are searched for at most: the search keeps as many for each tag at each word."""


def explain(predictor: Predictor, text: str, num_paths: int = NUM_PATHS, *, sentence: int = 1) -> Explanation:
    """Why the model tags a sentence as it does.

    Args:
        predictor: the model in use.
        text: of one sentence, or of several.
        num_paths: how many of the best paths to tell, 1 to 100.
        sentence: which of the text's sentences, from 1.

    Raises:
        DataError: the text has no words, or no such sentence.
        ConfigError: the number of paths is out of its range.
        BundleError: the model's networks do not give what they promise.

    Example: `explain(predictor, "My Nikon D90 rocks").best.tags`
    """
    return explain_sentence(predictor, chosen_sentence(text, sentence)[0].words, num_paths)


def chosen_sentence(text: str, number: int = 1) -> tuple[Sentence, int]:
    """The sentence of that number, from 1, and how many the text has.

    Raises:
        DataError: the text has no words, or no such sentence.
    """
    found = sentences(Document(text))
    if not found:
        raise DataError(f"text: expected words to explain, received {text[:40]!r}. Give a sentence.")
    if not 1 <= number <= len(found):
        raise DataError(f"sentence: expected 1 to {len(found)}, since the text has so many, received {number}.")
    return found[number - 1], len(found)


def explain_sentence(predictor: Predictor, words: Sequence[str], num_paths: int = NUM_PATHS) -> Explanation:
    """Why the model tags these words as it does.

    Args:
        predictor: the model in use.
        words: of one sentence, at least one.
        num_paths: how many of the best paths to tell, 1 to 100.

    Raises:
        ConfigError: the number of paths is out of its range.
        BundleError: the model's networks do not give what they promise.
    """
    _check_num_paths(num_paths)
    ((_, scores),) = predictor.lattices([words])
    lattice = Lattice(
        scores.emissions.astype(np.float64),
        scores.transitions.astype(np.float64),
        scores.start_transitions.astype(np.float64),
        scores.end_transitions.astype(np.float64),
        scores.lengths,
    )
    return explain_lattice(NamedLattice(tuple(words), tuple(predictor.tags), lattice, predictor.temperature), num_paths)


def explain_lattice(given: NamedLattice, num_paths: int = NUM_PATHS) -> Explanation:
    """The best paths of a lattice.

    Args:
        given: words, tags, scores and temperature of one sentence with an allowed path.
        num_paths: how many of the best paths to tell, 1 to 100.

    Raises:
        ConfigError: the number of paths is out of its range.
    """
    _check_num_paths(num_paths)
    sums = posterior(given.lattice.tempered(given.temperature))
    reading = ChunkReading.of(given.tags)
    (best,) = best_paths(given.lattice, num_paths)
    read = [(path, score, reading.chunks(path)) for path, score in best]
    scores = {chunk: reading.probability(sums, chunk) for _, _, chunks in read for chunk in chunks}
    paths = tuple(
        ExplainedPath(
            tags=tuple(given.tags[tag] for tag in path),
            score=score,
            probability=_probability(sums, score / given.temperature),
            chunks=tuple(_explained(chunk, scores) for chunk in chunks),
        )
        for path, score, chunks in read
    )
    return Explanation(given, _marginals(sums), paths)


def _check_num_paths(num_paths: int) -> None:
    if not 1 <= num_paths <= MOST_PATHS:
        raise ConfigError(f"num_paths: expected 1 to {MOST_PATHS}, received {num_paths}.")


def _probability(sums: Posterior, tempered_score: float) -> float:
    return float(min(1.0, np.exp(tempered_score - sums.log_partition[0])))


def _marginals(sums: Posterior) -> Floats:
    return np.asarray(np.minimum(sums.marginals()[0], 1.0))


def _explained(chunk: Chunk, scores: dict[Chunk, float]) -> ExplainedChunk:
    return ExplainedChunk(*chunk, scores[chunk])
