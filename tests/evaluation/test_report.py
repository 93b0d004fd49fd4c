import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from seqeval import scheme as seqeval_scheme
from seqeval.metrics import accuracy_score, classification_report

from tagloom.errors import ConfigError, DataError, SchemeError
from tagloom.evaluation.report import IllFormed, Report, evaluate_chunks, evaluate_tags
from tagloom.evaluation.scores import Score
from tagloom.evaluation.tokens import TokenAccuracy
from tagloom.schemes import BIO, SCHEMES, Scheme, scheme

Sequences = list[list[str]]

GOLD = [["B-PNAME", "I-PNAME", "O", "B-PFEATURE"], ["O", "B-PFEATURE"]]
PREDICTED = [["B-PNAME", "I-PNAME", "O", "O"], ["I-PFEATURE", "B-PFEATURE"]]
SCHEMES_OF_SEQEVAL = {
    "IOB1": seqeval_scheme.IOB1,
    "BIO": seqeval_scheme.IOB2,
    "BIOES": seqeval_scheme.IOBES,
    "BILOU": seqeval_scheme.BILOU,
}
PREFIXES = {"IOB1": "BI", "BIO": "BI", "BIOES": "BIES", "BILOU": "BILU"}


def random_pair(choose: random.Random, prefixes: str) -> tuple[Sequences, Sequences]:
    """Gold and predicted tags of a few sentences, well-formed or not, more or less equal."""
    tags = ["O", *(f"{prefix}-{label}" for prefix in prefixes for label in ("A", "B-2", "C")[: choose.randint(1, 3)])]
    gold = [choose.choices(tags, k=choose.randint(1, 8)) for _ in range(choose.randint(1, 4))]
    share = choose.random()
    predicted = [[choose.choice(tags) if choose.random() < share else tag for tag in one] for one in gold]
    return gold, predicted


def assert_same_figures(report: Report, expected: dict[str, dict[str, float]]) -> None:
    averages = {"micro": expected.pop("micro avg"), "macro": expected.pop("macro avg")}
    expected.pop("weighted avg")
    for name, figures in report.rows():
        by_seqeval = averages.pop(name) if name in averages else expected.pop(name)
        ours = (figures.precision, figures.recall, figures.f1, figures.support)
        assert ours == pytest.approx(tuple(by_seqeval.values()), abs=1e-12), name
    assert not expected


@pytest.mark.parametrize("name", SCHEMES_OF_SEQEVAL)
def test_strict_figures_equal_seqevals_strict_mode_on_random_tags(name: str) -> None:
    choose, num_compared = random.Random(21), 0
    while num_compared < 1000:
        gold, predicted = random_pair(choose, PREFIXES[name])
        report = evaluate_tags(gold, predicted, scheme=scheme(name), mode="strict")
        if not report.labels:  # seqeval cannot average over nothing
            continue
        expected = classification_report(
            gold, predicted, mode="strict", scheme=SCHEMES_OF_SEQEVAL[name], output_dict=True, zero_division=0
        )
        assert_same_figures(report, expected)
        num_compared += 1


def test_conlleval_figures_equal_seqevals_default_on_random_tags() -> None:
    choose, num_compared = random.Random(22), 0
    while num_compared < 3000:
        gold, predicted = random_pair(choose, choose.choice(["BI", "BIES", "I"]))
        report = evaluate_tags(gold, predicted, scheme=BIO, mode="conlleval")
        if not report.labels:
            continue
        assert_same_figures(report, classification_report(gold, predicted, output_dict=True, zero_division=0))
        assert report.tokens.accuracy == pytest.approx(accuracy_score(gold, predicted), abs=1e-12)
        num_compared += 1


def test_modes_differ_where_tags_are_ill_formed() -> None:
    strict, lenient = (evaluate_tags(GOLD, PREDICTED, scheme=BIO, mode=mode) for mode in ("strict", "conlleval"))
    assert strict.micro == Score(1.0, 2 / 3, 0.8, 3)
    assert lenient.micro == Score(2 / 3, 2 / 3, 2 / 3, 3)
    assert strict.ill_formed == lenient.ill_formed == IllFormed(gold=0, predicted=1)


def test_a_report_holds_every_figure_of_the_contract() -> None:
    assert evaluate_tags(GOLD, PREDICTED, scheme=BIO).to_json() == {
        "mode": "strict",
        "labels": {
            "PFEATURE": {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "support": 2},
            "PNAME": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1},
        },
        "micro": {"precision": 1.0, "recall": 2 / 3, "f1": 0.8, "support": 3},
        "macro": {"precision": 1.0, "recall": 0.75, "f1": pytest.approx(5 / 6), "support": 3},
        "tokens": {"accuracy": pytest.approx(4 / 6), "count": 6},
        "sentences": 2,
        "ill_formed": {"gold": 0, "predicted": 1},
    }


def test_a_table_has_the_labels_in_order_then_the_averages() -> None:
    report = evaluate_tags(GOLD, PREDICTED, scheme=BIO)
    assert [name for name, _ in report.rows()] == ["PFEATURE", "PNAME", "micro", "macro"]
    assert report.rows()[-2][1] is report.micro


def test_a_report_read_from_its_json_is_the_same_and_ignores_newer_keys() -> None:
    report = evaluate_tags(GOLD, PREDICTED, scheme=BIO)
    content = json.loads(json.dumps(report.to_json()))
    content["micro"]["interval"] = [0.7, 0.9]
    assert Report.from_json(content | {"confusion": {}}) == report


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda content: content.pop("micro"), "micro: expected an object, received None"),
        (lambda content: content.update(mode=3), "mode: expected a string, received 3"),
        (lambda content: content.update(sentences=-1), "sentences: expected a whole number, 0 or more, received -1"),
        (lambda content: content["macro"].update(f1=80.0), "f1: expected a figure between 0 and 1, received 80.0"),
        (
            lambda content: content["macro"].update(f1=float("nan")),
            "f1: expected a figure between 0 and 1, received nan",
        ),
        (lambda content: content["tokens"].update(count="6"), "count: expected a whole number, received '6'"),
        (lambda content: content["labels"].update(PNAME=[1]), r"PNAME: expected an object, received \[1\]"),
    ],
)
def test_json_that_is_no_report_is_refused(spoil: Callable[[dict[str, Any]], object], message: str) -> None:
    content = evaluate_tags(GOLD, PREDICTED, scheme=BIO).to_json()
    spoil(content)
    with pytest.raises(DataError, match=f"report: {message}"):
        Report.from_json(content)


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
