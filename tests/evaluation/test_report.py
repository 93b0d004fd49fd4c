import json
from collections.abc import Callable
from typing import Any

import pytest
from judging_cases import GOLD, PREDICTED, REVIEWS, judged

from tagloom.errors import DataError
from tagloom.evaluation.evaluating import evaluate, evaluate_tags
from tagloom.evaluation.report import Report
from tagloom.schemes import BIO


def test_a_report_holds_every_figure_of_the_contract() -> None:
    assert evaluate_tags(GOLD, PREDICTED, scheme=BIO).to_json() == {
        "mode": "strict",
        "labels": {
            "PFEATURE": {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "support": 2},
            "PNAME": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1},
        },
        "micro": {"precision": 1.0, "recall": 2 / 3, "f1": 0.8, "support": 3},
        "macro": {"precision": 1.0, "recall": 0.75, "f1": pytest.approx(5 / 6), "support": 3},
        "weighted": {"precision": 1.0, "recall": pytest.approx(2 / 3), "f1": pytest.approx(7 / 9), "support": 3},
        "tokens": {"accuracy": pytest.approx(4 / 6), "count": 6},
        "sentences": 2,
        "ill_formed": {"gold": 0, "predicted": 1},
    }


def test_a_table_has_the_labels_in_order_then_the_averages() -> None:
    report = evaluate_tags(GOLD, PREDICTED, scheme=BIO)
    assert [name for name, _ in report.rows()] == ["PFEATURE", "PNAME", "micro", "macro", "weighted"]
    assert report.rows()[2][1] is report.micro


def test_a_report_read_from_its_json_is_the_same_and_ignores_newer_keys() -> None:
    report = evaluate_tags(GOLD, PREDICTED, scheme=BIO)
    content = json.loads(json.dumps(report.to_json()))
    content["micro"]["interval"] = [0.7, 0.9]
    assert Report.from_json(content | {"confusion": {}}) == report


def test_a_report_of_before_there_was_a_weighted_mean_is_read_with_it() -> None:
    report = evaluate_tags(GOLD, PREDICTED, scheme=BIO)
    content = report.to_json()
    del content["weighted"]
    assert Report.from_json(content) == report
    assert Report.from_json(content | {"labels": {}}).weighted.f1 == 0


def test_details_stand_beside_the_scores_and_are_not_read_back() -> None:
    report = evaluate(judged(*REVIEWS))
    content = json.loads(json.dumps(report.to_json()))
    details = {"modes", "intervals", "label_intervals", "confusion", "breakdowns", "surfaces", "calibration"}
    assert details | evaluate_tags(GOLD, PREDICTED, scheme=BIO).to_json().keys() == content.keys()
    assert content["intervals"]["tokens"]["accuracy"] == list(report.details.intervals["tokens"]["accuracy"])
    again = Report.from_json(content)
    assert again == report
    assert again.details is None


def test_no_text_of_a_sentence_is_in_the_json_but_wrong_entities() -> None:
    content = json.dumps(evaluate(judged(*REVIEWS)).to_json())
    assert "Canon EOS" in content
    assert "superb" not in content
    assert "review 1" not in content


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
        (lambda content: content.update(sentences=True), "sentences: expected a whole number, received True"),
        (lambda content: content.update(weighted=None), "weighted: expected an object, received None"),
        (lambda content: content["labels"].update(PNAME=[1]), r"PNAME: expected an object, received \[1\]"),
    ],
)
def test_json_that_is_no_report_is_refused(spoil: Callable[[dict[str, Any]], object], message: str) -> None:
    content = evaluate_tags(GOLD, PREDICTED, scheme=BIO).to_json()
    spoil(content)
    with pytest.raises(DataError, match=f"report: {message}"):
        Report.from_json(content)
