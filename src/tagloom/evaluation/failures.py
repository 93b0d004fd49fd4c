"""The sentences with an error, with what is right and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.evaluation.judged import Judged
from tagloom.evaluation.matching import Matching
from tagloom.text import Chunk, Sentence, Span


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence with at least one error.

    Args:
        number: of the sentence among all that were judged, from 0.
        document: name of its document.
        text: of the sentence alone.
        gold: its right spans; offsets count from the start of `text`.
        predicted: the spans that were found, with their scores; the same.
        gold_outcomes: of each gold span, a key of `confusion.OUTCOMES`.
        predicted_outcomes: of each predicted span, the same.
    """

    number: int
    document: str
    text: str
    gold: Sequence[Span]
    predicted: Sequence[Span]
    gold_outcomes: Sequence[str]
    predicted_outcomes: Sequence[str]


def failures(judged: Judged, matchings: Sequence[Matching]) -> list[Failure]:
    """Every sentence with an error, in order.

    Args:
        judged: what was judged.
        matchings: of its sentences, as `matching.match` gives them.
    """
    return [
        _failure(judged, number, matching)
        for number, matching in enumerate(matchings)
        if {*matching.gold, *matching.predicted} - {"correct"}
    ]


def _failure(judged: Judged, number: int, matching: Matching) -> Failure:
    sentence, gold, predicted = judged.sentences[number], judged.gold[number], judged.predicted[number]
    return Failure(
        number,
        document=sentence.document_id,
        text=sentence.text[sentence.tokens[0].start : sentence.tokens[-1].end],
        gold=[_span(sentence, chunk) for chunk in gold],
        predicted=[_span(sentence, *pair) for pair in zip(predicted, judged.scores[number], strict=True)],
        gold_outcomes=matching.gold,
        predicted_outcomes=matching.predicted,
    )


def _span(sentence: Sentence, chunk: Chunk, score: float | None = None) -> Span:
    """The chunk in the sentence's own text."""
    (first, end, label), tokens = chunk, sentence.tokens
    begin = tokens[0].start
    return Span(tokens[first].start - begin, tokens[end - 1].end - begin, label, score)
