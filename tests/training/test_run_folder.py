"""What a run leaves behind, as docs and the workbench read it."""

import hashlib
import json
import os
import platform
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_training import SIZES, STEPS_PER_EPOCH, config, events, labelled, leftovers, report, reviews, state

from tagloom.bundle.read import read_bundle
from tagloom.bundle.write import write_bundle
from tagloom.errors import ConfigError, TrainingError
from tagloom.evaluation.report import Report
from tagloom.files import point_to
from tagloom.inference.judging import judge
from tagloom.inference.predictor import Predictor
from tagloom.runs.data_config import DataConfig
from tagloom.runs.run import Run
from tagloom.runs.seeds import summarise, write_summary
from tagloom.runs.toml import read_toml
from tagloom.training.models import ModelFolder
from tagloom.training.train import train


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A feature set's folder."""
    target = tmp_path_factory.mktemp("data") / "reviews"
    reviews().save(target)
    return target


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(DataConfig(paths=(str(folder),)), tmp_path_factory.mktemp("runs") / "run", config())


def test_a_run_holds_what_the_design_says_and_nothing_half_written(run: Run) -> None:
    names = {path.name for path in run.path.iterdir()}
    assert names == {
        "checkpoints",
        "config.toml",
        "counts.json",
        "environment.json",
        "events.jsonl",
        "lock",
        "model",
        "models",
        "report.html",
        "report.json",
    }
    assert leftovers(run.path) == []
    assert run.model.is_symlink()
    assert not Path(run.model.readlink()).is_absolute()  # so that the folder can be moved


def test_its_config_holds_every_option_and_where_the_data_is(run: Run, folder: Path) -> None:
    asked = read_toml(run.config)
    assert asked["training"] == config().to_options()
    assert DataConfig.from_table(asked["data"]) == DataConfig(paths=(str(folder.absolute()),))


def test_its_config_names_files_so_that_they_are_found_from_anywhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(folder.parent)
    again = train(DataConfig(paths=(folder.name,)), tmp_path / "again", config())
    assert read_toml(again.config) == read_toml(run.config)
    assert state(again) == state(run)


def test_its_environment_holds_versions_machine_and_digests(run: Run, folder: Path) -> None:
    content = json.loads(run.environment.read_text("utf-8"))
    assert content["versions"]["python"] == platform.python_version()
    assert {"tagloom", "torch", "numpy", "onnxruntime"} <= set(content["versions"])
    assert content["machine"]["threads"] == 1
    assert content["device"] == "cpu"
    assert {source["part"] for source in content["data"]["sources"]} == {"train", "dev", "test"}
    assert all(len(source["sha256"]) == len(hashlib.sha256().hexdigest()) for source in content["data"]["sources"])
    assert folder.is_dir()


def test_files_of_one_name_have_a_digest_each(tmp_path: Path) -> None:
    paths = {}
    for number, part in enumerate(("train", "dev")):
        (tmp_path / part).mkdir()
        paths[part] = tmp_path / part / "words.tsv"
        paths[part].write_text(f"A{number}\tO\nD90\tB-PNAME\n\n" * 4, "utf-8")
    data = DataConfig(paths=(str(paths["train"]),), dev=(str(paths["dev"]),))
    one = train(data, tmp_path / "run", config(epochs=1))
    sources = json.loads(one.environment.read_text("utf-8"))["data"]["sources"]
    digests = {part: hashlib.sha256(path.read_bytes()).hexdigest() for part, path in paths.items()}
    assert {source["part"]: source["sha256"] for source in sources} == digests
    assert {source["name"] for source in sources} == {"words.tsv"}


def test_its_events_have_the_fields_of_the_contract(run: Run) -> None:
    kinds = [event["event"] for event in run.events]
    assert kinds[:3] == ["start", "epoch", "best"]
    assert kinds[-1] == "end"
    times = [event["time"] for event in run.events]
    assert times == sorted(times)
    start = events(run, "start")[0]
    assert (start["epochs"], start["steps_per_epoch"], start["batch_size"]) == (2, STEPS_PER_EPOCH, 4)
    assert start["sentences"] == {"train": SIZES["train"], "dev": SIZES["dev"]}
    for number, epoch in enumerate(events(run, "epoch")):
        assert (epoch["epoch"], epoch["step"]) == (number, STEPS_PER_EPOCH * (number + 1))
        assert set(epoch["dev"]) == {"precision", "recall", "f1", "loss"}
        assert epoch["loss"] > 0
        assert epoch["seconds"] > 0
        assert epoch["words_per_second"] > 0
        assert epoch["learning_rate"] == config().learning_rate
    assert events(run, "end") == [{"event": "end", "time": times[-1], "reason": "finished", "epoch": 2, "step": 6}]


def test_spans_that_are_left_out_are_told_in_a_warning(tmp_path: Path) -> None:
    overlapping = labelled("The D90 grip", (1, 2, "PNAME"), (1, 3, "PFEATURE"))
    more = replace(reviews(), train=reviews().train.of([*reviews().train.documents, overlapping]))
    (warning,) = events(train(more, tmp_path / "run", config(epochs=1)), "warning")
    assert warning["text"] == "1 spans were left out, since longer ones overlap them."


def test_its_report_judges_the_model_that_it_hands_over_on_dev_and_test(run: Run) -> None:
    content = report(run)
    assert content["part"] == "test"
    assert set(content["parts"]) == {"dev", "test"}
    assert content["parts"]["test"]["micro"] == content["micro"]
    bundle = read_bundle(run.model)
    figures = {name: value for name, value in bundle.report.items() if name != "parts"}
    assert figures == {name: content[name] for name in figures}
    for name in ("dev", "test"):
        sentences = getattr(reviews(), name).sentences()
        assert judge(Predictor(bundle), sentences) == Report.from_json(content["parts"][name])


def test_its_report_is_of_the_dev_part_where_there_is_no_test_part(tmp_path: Path) -> None:
    without_test = replace(reviews(), test=reviews().test.of([]))
    content = report(train(without_test, tmp_path / "run", config(epochs=1)))
    assert content["part"] == "dev"
    assert set(content["parts"]) == {"dev"}


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(TrainingError, match=r"expected no such folder or an empty one, received one in use\. Choose"):
        train(reviews(), tmp_path, config())
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_data_that_cannot_be_learned_from_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(TrainingError):
        train(replace(reviews(), train=reviews().train.of([labelled("No label")])), tmp_path / "run", config())
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"paths": []},
        {"paths": "a.txt"},
        {"paths": [1]},
        {"paths": ["a"], "ratio": [1]},
        {"paths": ["a"], "ratios": "8"},
    ],
)
def test_a_table_of_data_that_is_none_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"table data: expected lists paths, dev, test and ratios, .* received"):
        DataConfig.from_table(table)


def test_ratios_and_explicit_parts_exclude_one_another(folder: Path) -> None:
    with pytest.raises(ConfigError, match="either ratios or explicit dev and test files, received both"):
        DataConfig(paths=(str(folder),), dev=("dev.tsv",), ratios=(0.8, 0.1, 0.1)).feature_set()


def test_duplicates_are_dropped_from_the_training_part_alone(tmp_path: Path) -> None:
    source = tmp_path / "words.tsv"
    source.write_text("D90\tB-PNAME\n\n" * 3 + "A\tO\nD90\tB-PNAME\n\n", "utf-8")
    for drop, expected in ((False, 4), (True, 2)):
        data = DataConfig(paths=(str(source),), dev=(str(source),), drop_duplicates=drop).feature_set()
        assert (len(data.train), len(data.dev)) == (expected, 4)


def test_a_summary_of_seeds_holds_mean_and_deviation(tmp_path: Path) -> None:
    def judged(f1: float) -> dict[str, object]:
        return {"parts": {"dev": {"micro": {"precision": f1, "recall": 0.5, "f1": f1}}}}

    summary = summarise([judged(0.4), judged(0.6)])
    assert [(part, name, round(row["mean"], 9)) for part, name, row in summary.rows()] == [
        ("dev", "precision", 0.5),
        ("dev", "recall", 0.5),
        ("dev", "f1", 0.5),
    ]
    write_summary(tmp_path / "seeds.json", summary)
    row = json.loads((tmp_path / "seeds.json").read_text("utf-8"))["dev"]["f1"]
    assert row["values"] == [0.4, 0.6]
    assert row["deviation"] == pytest.approx(0.02**0.5)


def test_a_kill_before_the_pointer_moved_leaves_no_model_unjudged(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config())
    judged = Path(os.path.realpath(run.model))
    unjudged = judged.with_name(judged.name.removesuffix("-judged"))
    bundle = read_bundle(run.model)
    write_bundle(replace(bundle, report={}), unjudged)
    point_to(run.model, unjudged)  # as a kill between the two steps leaves it
    ModelFolder(run.models, run.model).replace(bundle)
    assert Path(os.path.realpath(run.model)) == judged
    assert [path.name for path in judged.parent.iterdir()] == [judged.name]


def test_a_model_that_is_judged_anew_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config())
    for temperature in (2.0, 3.0):
        ModelFolder(run.models, run.model).replace(replace(read_bundle(run.model), temperature=temperature))
        assert read_bundle(run.model).temperature == temperature
        assert len(list(run.models.iterdir())) == 1
