import json
import random

import pytest
from judging_cases import GOLD, PREDICTED, REVIEWS, Sequences, judged, random_pair

from tagloom.errors import ConfigError, DataError, SchemeError
from tagloom.evaluation.evaluating import evaluate, evaluate_chunks, evaluate_tags
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.known import Known
from tagloom.evaluation.reading import MODES
from tagloom.evaluation.report import IllFormed
from tagloom.evaluation.scores import Score
from tagloom.evaluation.tokens import TokenAccuracy
from tagloom.schemes import BIO, SCHEMES, Scheme


def test_modes_differ_where_tags_are_ill_formed() -> None:
    strict, lenient = (evaluate_tags(GOLD, PREDICTED, scheme=BIO, mode=mode) for mode in ("strict", "conlleval"))
    assert strict.micro == Score(1.0, 2 / 3, 0.8, 3)
    assert lenient.micro == Score(2 / 3, 2 / 3, 2 / 3, 3)
    assert strict.ill_formed == lenient.ill_formed == IllFormed(gold=0, predicted=1)


@pytest.mark.parametrize("each", SCHEMES.values(), ids=SCHEMES.keys())
def test_chunks_and_the_tags_that_they_give_are_judged_alike(each: Scheme) -> None:
    choose = random.Random(23)
    for _ in range(200):
        gold, predicted = random_pair(choose, "BI")
        gold_chunks, predicted_chunks = ([each.decode(tags) for tags in side] for side in (gold, predicted))
        lengths = [len(tags) for tags in gold]
        as_tags = (
            [BIO.encode(chunks, length) for chunks, length in zip(side, lengths, strict=True)]
            for side in (gold_chunks, predicted_chunks)
        )
        assert evaluate_chunks(gold_chunks, predicted_chunks, lengths) == evaluate_tags(*as_tags, scheme=BIO)


def test_a_perfect_prediction_has_ones_everywhere() -> None:
    report = evaluate_tags(GOLD, GOLD, scheme=BIO)
    assert report.micro == report.macro == Score(1.0, 1.0, 1.0, 3)
    assert report.tokens == TokenAccuracy(1.0, 6)


@pytest.mark.parametrize("sentences", [[], [[]], [["O", "O"]]])
def test_without_any_chunk_the_figures_are_zero(sentences: Sequences) -> None:
    report = evaluate_tags(sentences, sentences, scheme=BIO)
    assert report.labels == {}
    assert report.micro == report.macro == Score(0.0, 0.0, 0.0, 0)
    assert report.sentences == len(sentences)


def test_unequal_numbers_of_words_are_refused_with_their_sentence() -> None:
    with pytest.raises(DataError, match="sentence 2: expected 2 predicted tags for 2 gold ones, received 1"):
        evaluate_tags(GOLD, [PREDICTED[0], ["O"]], scheme=BIO)


def test_unequal_numbers_of_sentences_are_refused() -> None:
    with pytest.raises(DataError, match="sentence 2: expected 2 predicted sentences for 2 gold ones, received 1"):
        evaluate_tags(GOLD, PREDICTED[:1], scheme=BIO)
    with pytest.raises(DataError, match="sentence 1: expected 0 predicted sentences for 0 gold ones, received 1"):
        evaluate_chunks([], [[]], [])
    with pytest.raises(DataError, match="lengths: expected one for each of 1 sentences, received 2"):
        evaluate_chunks([[]], [[]], [3, 4])


def test_chunks_beyond_their_sentence_are_refused_with_their_side() -> None:
    with pytest.raises(DataError, match="sentence 2, predicted chunks: expected chunks in order"):
        evaluate_chunks([[], []], [[], [(1, 3, "A")]], [2, 2])


@pytest.mark.parametrize("mode", ["strict", "conlleval"])
def test_a_tag_of_no_known_form_is_refused_with_its_place(mode: str) -> None:
    with pytest.raises(SchemeError, match=r"sentence 2, predicted tags: expected O or a tag .* received 'PNAME'"):
        evaluate_tags([["O"], ["O"]], [["O"], ["PNAME"]], scheme=BIO, mode=mode)


def test_an_unknown_mode_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="mode: received 'loose', expected one of strict, conlleval"):
        evaluate_tags(GOLD, PREDICTED, scheme=BIO, mode="loose")
    with pytest.raises(ConfigError, match="mode: received 'loose', expected one of strict, conlleval"):
        evaluate_chunks([], [], [], mode="loose")


def test_modes_of_semeval_read_tags_strictly_and_forgive_edges_or_labels() -> None:
    gold = [["B-A", "I-A", "O", "B-B", "I-B"]]
    predicted = [["B-A", "O", "I-A", "B-A", "I-A"]]
    assert evaluate_tags(gold, predicted, scheme=BIO, mode="strict").micro.f1 == 0
    assert evaluate_tags(gold, predicted, scheme=BIO, mode="partial").micro.f1 == 0.75  # one half, one whole
    assert evaluate_tags(gold, predicted, scheme=BIO, mode="type").micro.f1 == 0.5


@pytest.mark.parametrize("mode", MODES)
def test_what_was_judged_has_the_figures_of_its_chunks(mode: str) -> None:
    case = judged(*REVIEWS, ill_formed=4)
    lengths = [len(sentence.tokens) for sentence in case.sentences]
    by_chunks = evaluate_chunks(case.gold, case.predicted, lengths, mode=mode, ill_formed=IllFormed(gold=4))
    assert evaluate(case, mode=mode) == by_chunks


def test_a_judgement_has_the_scores_of_every_mode_and_the_intervals_of_its_own() -> None:
    partial = evaluate(judged(*REVIEWS), mode="partial")
    assert list(partial.details.modes) == ["strict", "conlleval", "partial", "type"]
    assert partial.details.modes["partial"].rows() == partial.rows()
    assert partial.details.modes["strict"].rows() == evaluate(judged(*REVIEWS)).rows()
    assert partial.details.modes["conlleval"] == partial.details.modes["strict"]
    assert list(partial.details.label_intervals) == ["PFEATURE", "PNAME"]
    assert list(partial.details.intervals) == ["micro", "macro", "weighted", "tokens"]
    every = [*partial.details.label_intervals.values(), *partial.details.intervals.values()]
    for (_, score), intervals in zip(partial.rows(), every, strict=False):
        low, high = intervals["f1"]
        assert low <= score.f1 <= high
    low, high = partial.details.intervals["tokens"]["accuracy"]
    assert 0 < low < partial.tokens.accuracy < high < 1
    assert partial.details.intervals != evaluate(judged(*REVIEWS)).details.intervals


def test_a_label_of_the_name_of_an_average_keeps_its_own_intervals() -> None:
    gold, found = [[(0, 1, "micro"), (2, 3, "A")]], [[(0, 1, "micro")]]
    report = evaluate(Judged(judged(*REVIEWS).sentences[:1], gold, found, [[0.9]], [[0.9]]))
    assert report.details.label_intervals["micro"]["f1"] == (1.0, 1.0)
    assert report.details.intervals["micro"]["f1"] == pytest.approx((2 / 3, 2 / 3))


def test_what_training_taught_is_told_only_where_it_is_known() -> None:
    case = judged(*REVIEWS)
    lengths = ["entity_length", "sentence_length"]
    known = Known.of(case.sentences)
    assert [one.name for one in evaluate(case).details.breakdowns] == lengths
    assert [one.name for one in evaluate(case, known).details.breakdowns] == ["seen", "frequency", *lengths]


def test_the_same_judgement_gives_the_same_report_to_the_last_digit() -> None:
    first, second = (evaluate(judged(*REVIEWS)) for _ in range(2))
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())
    assert first.details == second.details


@pytest.mark.parametrize("rows", [[], [("Go on", [], [])]])
def test_nothing_to_find_and_nothing_found_is_judged_too(rows: list[tuple[str, list, list]]) -> None:
    report = evaluate(judged(*rows))
    assert report.micro == report.weighted == Score(0.0, 0.0, 0.0, 0)
    assert report.details.calibration is None
    assert report.details.failures == report.details.surfaces == []
    json.dumps(report.to_json())


def test_a_missing_score_is_refused_with_its_sentence() -> None:
    case = judged(*REVIEWS)
    scores = [*case.scores[:2], [], *case.scores[3:]]
    spoilt = Judged(case.sentences, case.gold, case.predicted, scores, case.raw_scores)
    with pytest.raises(DataError, match=r"sentence 3: expected 1 scores and raw scores for 1 predicted .* 0 and 1"):
        evaluate(spoilt)
    spoilt = Judged(case.sentences, case.gold, case.predicted, case.scores, case.raw_scores[1:])
    with pytest.raises(DataError, match="raw_scores: expected one entry for each of 5 sentences, received 4"):
        evaluate(spoilt)
