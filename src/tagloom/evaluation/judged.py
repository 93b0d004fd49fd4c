"""What a judgement compares: sentences with their right chunks, and what a model found in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.text import Chunk, Sentence


@dataclass(frozen=True)
class Judged:
    """Sentences beside what a model found in them; every sequence has an entry a sentence, in one order.

    Args:
        sentences: that were judged.
        gold: their right chunks, in order and apart.
        predicted: the chunks that were found, in order and apart.
        scores: of each predicted chunk the probability that it is right, as the model gives it; 0 to 1.
        raw_scores: the same at temperature 1, before calibration.
        ill_formed: number of tags of the source that break their scheme's rules.
    """

    sentences: Sequence[Sentence]
    gold: Sequence[Sequence[Chunk]]
    predicted: Sequence[Sequence[Chunk]]
    scores: Sequence[Sequence[float]]
    raw_scores: Sequence[Sequence[float]]
    ill_formed: int = 0
