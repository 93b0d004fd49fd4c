"""Trainings with one thing wrong, and what their diagnosis says of it; and one with nothing wrong."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from planted import flipped, of_another_domain, some_reviews
from tiny_training import report

from tagloom.data.division.feature_set import FeatureSet
from tagloom.runs.config import TrainingConfig
from tagloom.runs.data_config import DataConfig
from tagloom.training.train import train

PLANTED = {"underfit", "overfit", "still_improving", "different_mix", "label_errors"}

Case = tuple[Callable[[], FeatureSet], dict[str, Any], set[str]]
CASES: Mapping[str, Case] = {
    "4 units": (
        lambda: some_reviews(300),
        {"units": 4, "epochs": 20},
        {"underfit", "still_improving"},  # so small a network is slow too
    ),
    "60 sentences, a large model": (
        lambda: some_reviews(60),
        {"units": 200, "learning_rate": 0.003, "epochs": 40},
        {"overfit"},
    ),
    "2 epochs": (lambda: some_reviews(300), {"epochs": 2}, {"still_improving"}),
    "a test part of another domain": (
        lambda: of_another_domain(some_reviews(500)),
        {"epochs": 12},
        {"different_mix"},
    ),
    "30 % of labels flipped": (lambda: flipped(some_reviews(500), 0.3), {"epochs": 12}, {"label_errors"}),
    "nothing": (lambda: some_reviews(500), {"epochs": 12}, set()),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_planted_is_named_and_nothing_else_of_its_kind(case: str, tmp_path: Path) -> None:
    data, options, expected = CASES[case]
    run = train(data(), tmp_path / "run", TrainingConfig(**options))
    assert PLANTED.intersection(one["kind"] for one in report(run)["diagnosis"]) == expected


def test_nothing_of_it_is_named_on_a_sound_corpus_with_the_defaults(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "ncbi_disease"
    data = DataConfig(paths=folder / "train.tsv", dev=folder / "devel.tsv", test=folder / "test.tsv")
    content = report(train(data, tmp_path / "run"))
    assert content["micro"]["f1"] > 0.78
    assert not PLANTED.intersection(one["kind"] for one in content["diagnosis"])
    assert content["calibration"]["after"]["expected_error"] < content["calibration"]["before"]["expected_error"]
