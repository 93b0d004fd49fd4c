"""Predictions held against what is right: tags, chunks, or all that a model found in some sentences."""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from tagloom.errors import DataError
from tagloom.evaluation.breakdowns import breakdowns
from tagloom.evaluation.calibration import Calibration, calibration
from tagloom.evaluation.confusion import confusion
from tagloom.evaluation.counts import check_same_sentences
from tagloom.evaluation.details import Details
from tagloom.evaluation.failures import failures
from tagloom.evaluation.intervals import Intervals, ScoreIntervals, accuracy_interval, score_intervals
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.known import Known
from tagloom.evaluation.matching import Matching, match
from tagloom.evaluation.reading import MODES, count_ill_formed, read_chunks, reading
from tagloom.evaluation.report import IllFormed, Report
from tagloom.evaluation.scores import Scores
from tagloom.evaluation.sentence_counts import ChunkSequences, SentenceCounts, count_sentences
from tagloom.evaluation.surfaces import wrong_surfaces
from tagloom.evaluation.tokens import TokenAccuracy, accuracy, count_right_by_chunks, token_accuracy
from tagloom.schemes import Scheme

TagSequences = Sequence[Sequence[str]]

_WELL_FORMED = IllFormed()


def evaluate_tags(
    gold_tags: TagSequences, predicted_tags: TagSequences, *, scheme: Scheme, mode: str = "strict"
) -> Report:
    """Judges predicted tags by gold tags.

    Mode `strict` equals seqeval's strict mode, `conlleval` equals seqeval's default and the conlleval script, `partial`
    and `type` equal nervaluate's `partial` and `ent_type`.

    Args:
        gold_tags: one tag a word, for each sentence.
        predicted_tags: the same for the same sentences.
        scheme: what both are written in.
        mode: a key of `reading.MODES`.

    Raises:
        ConfigError: there is no such mode.
        DataError: the numbers of sentences, or of words of a sentence, differ.
        SchemeError: a tag is not of the form that any scheme has.
    """
    _check_same_words(gold_tags, predicted_tags)
    gold = read_chunks(gold_tags, scheme=scheme, mode=mode, side="gold")
    predicted = read_chunks(predicted_tags, scheme=scheme, mode=mode, side="predicted")
    return _report(
        count_sentences(gold, predicted, mode=mode).scores(),
        mode=mode,
        tokens=token_accuracy(gold_tags, predicted_tags),
        sentences=len(gold),
        ill_formed=IllFormed(count_ill_formed(gold_tags, scheme), count_ill_formed(predicted_tags, scheme)),
    )


def evaluate_chunks(
    gold_chunks: ChunkSequences,
    predicted_chunks: ChunkSequences,
    lengths: Sequence[int],
    *,
    mode: str = "strict",
    ill_formed: IllFormed = _WELL_FORMED,
) -> Report:
    """Judges predicted chunks by gold chunks; whoever read them from tags did so in the mode.

    Args:
        gold_chunks: chunks of each sentence, in order and apart.
        predicted_chunks: the same for the same sentences.
        lengths: number of words of each sentence; token accuracy is that of the BIO tags which the chunks give.
        mode: a key of `reading.MODES`, noted in the report.
        ill_formed: tags that broke their scheme where the chunks were read from tags, noted in the report.

    Raises:
        ConfigError: there is no such mode.
        DataError: the numbers of sentences differ, or chunks overlap, are out of order or beyond their sentence.

    Example:
        >>> evaluate_chunks([[(0, 2, "PNAME")]], [[(0, 1, "PNAME")]], [4]).tokens
        TokenAccuracy(accuracy=0.75, count=4)
    """
    reading(mode)
    check_same_sentences(gold_chunks, predicted_chunks)
    if len(lengths) != len(gold_chunks):
        raise DataError(
            f"lengths: expected one for each of {len(gold_chunks)} sentences, received {len(lengths)}. "
            "Give the number of words of every sentence."
        )
    right = count_right_by_chunks(gold_chunks, predicted_chunks, lengths)
    return _report(
        count_sentences(gold_chunks, predicted_chunks, mode=mode).scores(),
        mode=mode,
        tokens=accuracy(sum(right), sum(lengths)),
        sentences=len(lengths),
        ill_formed=ill_formed,
    )


def evaluate(judged: Judged, known: Known | None = None, *, mode: str = "strict") -> Report:
    """Judges what a model found, with all details.

    By chunks alone mode `conlleval` is `strict`: gold tags that break their scheme's rules were read in it before.
    Intervals are of the scores in the mode; all other details are strict.

    Args:
        judged: sentences with what is right and what was found.
        known: what the model could learn from; None where nobody can say.
        mode: a key of `reading.MODES`.

    Raises:
        ConfigError: there is no such mode.
        DataError: numbers of sentences or scores differ, or chunks overlap, are out of order or beyond their sentence.
    """
    reading(mode)
    _check_entries(judged)
    lengths = [len(sentence.tokens) for sentence in judged.sentences]
    right = count_right_by_chunks(judged.gold, judged.predicted, lengths)
    counts = count_sentences(judged.gold, judged.predicted, mode=mode)
    scores = _scores_by_mode(judged, counts)
    return _report(
        scores[mode],
        mode=mode,
        tokens=accuracy(sum(right), sum(lengths)),
        sentences=len(lengths),
        ill_formed=IllFormed(gold=judged.ill_formed),
        details=_details(judged, known, scores, score_intervals(counts), _accuracy_intervals(right, lengths)),
    )


def _scores_by_mode(judged: Judged, counted: SentenceCounts) -> dict[str, Scores]:
    """The scores of every mode, one of which is counted already."""
    return {
        mode: (counted if mode == counted.mode else count_sentences(judged.gold, judged.predicted, mode=mode)).scores()
        for mode in MODES
    }


def _details(
    judged: Judged,
    known: Known | None,
    scores: Mapping[str, Scores],
    intervals: ScoreIntervals,
    accuracy: Intervals,
) -> Details:
    matchings = [match(*both) for both in zip(judged.gold, judged.predicted, strict=True)]
    return Details(
        modes=scores,
        intervals={**intervals.averages, "tokens": accuracy},
        label_intervals=intervals.labels,
        confusion=confusion(judged.gold, judged.predicted, matchings),
        breakdowns=breakdowns(judged, known),
        surfaces=wrong_surfaces(judged, matchings),
        calibration=_calibration(judged, matchings),
        failures=failures(judged, matchings),
    )


def _accuracy_intervals(right: Sequence[int], lengths: Sequence[int]) -> Intervals:
    return {"accuracy": accuracy_interval(np.array(right, np.float64), np.array(lengths, np.float64))}


def _calibration(judged: Judged, matchings: Sequence[Matching]) -> Calibration | None:
    raw_scores, scores = (
        np.array(list(chain.from_iterable(each)), np.float64) for each in (judged.raw_scores, judged.scores)
    )
    right = np.array([outcome == "correct" for matching in matchings for outcome in matching.predicted], np.bool_)
    return calibration(raw_scores, scores, right, sum(map(len, judged.gold)))


def _report(
    scores: Scores,
    *,
    mode: str,
    tokens: TokenAccuracy,
    sentences: int,
    ill_formed: IllFormed,
    details: Details | None = None,
) -> Report:
    return Report(
        mode=mode,
        labels=scores.labels,
        micro=scores.micro,
        macro=scores.macro,
        weighted=scores.weighted,
        tokens=tokens,
        sentences=sentences,
        ill_formed=ill_formed,
        details=details,
    )


def _check_entries(judged: Judged) -> None:
    """Refuses sequences that have not an entry a sentence, or not a score a chunk."""
    check_same_sentences(judged.gold, judged.predicted)
    for name in ("sentences", "scores", "raw_scores"):
        received = len(getattr(judged, name))
        if received != len(judged.gold):
            raise DataError(
                f"{name}: expected one entry for each of {len(judged.gold)} sentences, received {received}. "
                "Give all sequences in the order of the sentences."
            )
    for number, own in enumerate(zip(judged.predicted, judged.scores, judged.raw_scores, strict=True), start=1):
        if len({*map(len, own)}) > 1:
            found, scores, raw_scores = map(len, own)
            raise DataError(
                f"sentence {number}: expected {found} scores and raw scores for {found} predicted chunks, "
                f"received {scores} and {raw_scores}. Give one of each a chunk."
            )


def _check_same_words(gold_tags: TagSequences, predicted_tags: TagSequences) -> None:
    check_same_sentences(gold_tags, predicted_tags)
    for number, (gold, predicted) in enumerate(zip(gold_tags, predicted_tags, strict=True), start=1):
        if len(gold) != len(predicted):
            raise DataError(
                f"sentence {number}: expected {len(gold)} predicted tags for {len(gold)} gold ones, "
                f"received {len(predicted)}. Give one tag a word on both sides, or remove the sentence from both."
            )
