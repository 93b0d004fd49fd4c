"""What the process of models does: it reads texts with the bundle at a path. Runs there alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tagloom.decoding import viterbi
from tagloom.errors import DataError
from tagloom.inference.explaining import chosen_sentence, explain_sentence
from tagloom.inference.predictor import Entity, Predictor, load
from tagloom.text import Document
from tagloom.tokenize import sentences

_AT_HAND = 4  # models
_THREADS = 1
_MOST_TAGS = 9

MOST_EXPLAINED = 400
"""Words of a sentence that is explained: what is told of it grows with them."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What a model says of a document.

    Args:
        entities: start, end (code points), label and score of each span.
        certainty: the probability of the tag that it gives the word that it is least sure of, 0 to 1.
    """

    entities: list[Entity]
    certainty: float


def read_documents(path: Path, documents: Sequence[Document]) -> list[ReadDocument]:
    """What a model finds in each document, by the document's own words where it has them.

    Raises:
        BundleError: the model is not sound.
    """
    predictor = predictor_at(path)
    divided = [sentences(document) for document in documents]
    places = [(number, sentence) for number, own in enumerate(divided) for sentence in own]
    found: list[list[Entity]] = [[] for _ in documents]
    certainty = [1.0] * len(documents)
    for numbers, lattice in predictor.lattices([sentence.words for _, sentence in places]):
        chunks = predictor.best_chunks(lattice)
        scores = predictor.scores(lattice, chunks)
        marginals = predictor.posterior(lattice).marginals()  # (batch, length, tags)
        for row, (number, best) in enumerate(zip(numbers, viterbi(lattice), strict=True)):
            document, sentence = places[number]
            least = float(marginals[row, np.arange(len(best)), best].min())
            certainty[document] = min(certainty[document], least)
            found[document] += [
                (*sentence.edges(first, last), label, score)
                for (first, last, label), score in zip(chunks[row], scores[row], strict=True)
            ]
    return [ReadDocument(sorted(own), sure) for own, sure in zip(found, certainty, strict=True)]


def explained(path: Path, text: str, sentence: int, num_paths: int) -> dict[str, Any]:
    """Why a model tags a sentence of a text as it does, as `Explanation.to_json` says it, and somewhat more.

    Beside that: `num_sentences`, the `offsets` of the words, and the `telling_tags`, to show where not all have room.

    Raises:
        BundleError: the model is not sound.
        DataError: the text has no words, or no such sentence, or it has too many words.
    """
    chosen, num_sentences = chosen_sentence(text, sentence)
    if len(chosen.words) > MOST_EXPLAINED:
        raise DataError(f"sentence: expected at most {MOST_EXPLAINED} words to explain, received {len(chosen.words)}.")
    explanation = explain_sentence(predictor_at(path), chosen.words, num_paths)
    return {
        **explanation.to_json(),
        "offsets": [list(token) for token in chosen.tokens],
        "num_sentences": num_sentences,
        "telling_tags": explanation.telling_tags(_MOST_TAGS),
    }


@lru_cache(_AT_HAND)
def predictor_at(path: Path) -> Predictor:
    """The model at a path, ready to read; some stay at hand.

    Raises:
        BundleError: it is not sound.
    """
    return load(path, threads=_THREADS)
