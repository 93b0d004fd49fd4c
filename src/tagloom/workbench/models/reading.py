"""What the process of models does: it reads texts with the bundle at a path. Runs there alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tagloom.decoding import viterbi
from tagloom.inference.explaining import chosen_sentence, explain_sentence
from tagloom.inference.predictor import Entity, Predictor, load
from tagloom.text import Document
from tagloom.tokenize import sentences

_AT_HAND = 4  # models
_THREADS = 1


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
    predictor = _predictor(path)
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
                (sentence.tokens[first].start, sentence.tokens[last - 1].end, label, score)
                for (first, last, label), score in zip(chunks[row], scores[row], strict=True)
            ]
    return [ReadDocument(sorted(own), sure) for own, sure in zip(found, certainty, strict=True)]


def explained(path: Path, text: str, sentence: int, num_paths: int) -> dict[str, Any]:
    """Why a model tags a sentence of a text as it does, as `Explanation.to_json` says it, with `num_sentences` beside.

    Raises:
        BundleError: the model is not sound.
        DataError: the text has no words, or no such sentence.
    """
    chosen, num_sentences = chosen_sentence(text, sentence)
    explanation = explain_sentence(_predictor(path), chosen.words, num_paths)
    offsets = [list(token) for token in chosen.tokens]
    return {**explanation.to_json(), "offsets": offsets, "num_sentences": num_sentences}


@lru_cache(_AT_HAND)
def _predictor(path: Path) -> Predictor:
    return load(path, threads=_THREADS)
