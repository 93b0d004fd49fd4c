"""What a judged run holds: a calibrated model, counts for comparisons, a page, and no text where none belongs."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tiny_training import config, report, reviews

from tagloom.bundle.read import read_bundle
from tagloom.evaluation.sentence_counts import SentenceCounts
from tagloom.inference.judging import calibrated_temperature
from tagloom.inference.predictor import load
from tagloom.runs.run import Run
from tagloom.training.train import train

EPOCHS = 30


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(
        reviews(), tmp_path_factory.mktemp("runs") / "run", config(epochs=EPOCHS, learning_rate=0.02, dropout=0.1)
    )


def test_its_model_has_the_temperature_that_dev_gives(run: Run) -> None:
    predictor = load(run.path)
    assert predictor.temperature != 1.0
    assert predictor.temperature == calibrated_temperature(predictor, reviews().dev.sentences())
    assert report(run)["temperature"] == predictor.temperature


def test_calibrating_a_calibrated_model_changes_nothing(run: Run) -> None:
    predictor = load(run.path)
    before = predictor.temperature
    predictor.temperature = 7.0
    assert calibrated_temperature(predictor, reviews().dev.sentences()) == before


def test_its_counts_give_the_scores_of_its_report(run: Run) -> None:
    content = json.loads(run.counts.read_text("utf-8"))
    assert set(content) == {"dev", "test"}
    for part, counts in content.items():
        micro = SentenceCounts.from_json(counts).scores().micro
        assert micro.f1 == pytest.approx(report(run)["parts"][part]["micro"]["f1"])


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, own in value.items():
            yield key
            yield from strings(own)
    elif isinstance(value, list):
        for own in value:
            yield from strings(own)
    elif isinstance(value, str):
        yield value


def test_no_text_of_the_data_is_in_its_counts_or_in_the_report_of_its_model(run: Run) -> None:
    surfaces = {one["text"] for one in report(run)["surfaces"]}
    assert surfaces  # something was wrong, and the run's own report says what
    told = {*strings(read_bundle(run.model).report), *strings(json.loads(run.counts.read_text("utf-8")))}
    words = {word for part in (reviews().dev, reviews().test) for one in part.sentences() for word in one.words}
    assert not told & (surfaces | (words - set(read_bundle(run.model).labels)))


def test_its_report_has_a_sample_of_train_and_every_epoch(run: Run) -> None:
    content = report(run)
    assert [record["epoch"] for record in content["history"]] == list(range(EPOCHS))
    assert all(0 <= record["train"]["f1"] <= 1 for record in content["history"])
    assert content["history"][content["best_epoch"]]["dev"]["f1"] == max(
        record["dev"]["f1"] for record in content["history"]
    )
    assert content["train"]["sentences"] == len(reviews().train.sentences())


def test_its_page_has_every_sentence_with_an_error(run: Run) -> None:
    assert "Every error" in run.page.read_text("utf-8")


def test_without_what_draws_pages_it_says_so_and_loses_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for module in [name for name in sys.modules if name.startswith(("tagloom.pages", "tagloom.evaluation.page"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    run = train(reviews(), tmp_path / "run", config(epochs=1))
    assert run.is_trained
    assert not run.page.exists()
    assert "report.html was not written, since jinja2 is not installed" in caplog.text


def test_the_history_of_a_run_counts_the_later_record_of_an_epoch(run: Run, tmp_path: Path) -> None:
    lines = run.events.path.read_text("utf-8").splitlines()
    first = next(line for line in lines if '"epoch", ' in line)
    again = json.dumps({**json.loads(first), "loss": 77.0})
    other = Run(tmp_path)
    other.events.path.write_text("\n".join([*lines, again]) + "\n", "utf-8")
    assert other.history[0].loss == 77.0
    assert len(other.history) == EPOCHS
