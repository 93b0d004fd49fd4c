"""Figures equal seqeval's: its strict mode in every scheme, and its default, which is conlleval's."""

import random

import pytest
from judging_cases import random_pair
from seqeval import scheme as seqeval_scheme
from seqeval.metrics import accuracy_score, classification_report

from tagloom.evaluation.evaluating import evaluate_tags
from tagloom.evaluation.report import Report
from tagloom.schemes import BIO, scheme

NUM_PAIRS = 2500  # of each of four schemes

SCHEMES_OF_SEQEVAL = {
    "IOB1": seqeval_scheme.IOB1,
    "BIO": seqeval_scheme.IOB2,
    "BIOES": seqeval_scheme.IOBES,
    "BILOU": seqeval_scheme.BILOU,
}
PREFIXES = {"IOB1": "BI", "BIO": "BI", "BIOES": "BIES", "BILOU": "BILU"}


def assert_same_figures(report: Report, expected: dict[str, dict[str, float]]) -> None:
    averages = {name: expected.pop(f"{name} avg") for name in ("micro", "macro", "weighted")}
    for name, figures in report.rows():
        by_seqeval = averages.pop(name) if name in averages else expected.pop(name)
        ours = (figures.precision, figures.recall, figures.f1, figures.support)
        assert ours == pytest.approx(tuple(by_seqeval.values()), abs=1e-12), name
    assert not expected


@pytest.mark.parametrize("name", SCHEMES_OF_SEQEVAL)
def test_strict_figures_equal_seqevals_strict_mode_on_random_tags(name: str) -> None:
    choose, num_compared = random.Random(21), 0
    while num_compared < NUM_PAIRS:
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
