"""`tagloom train`: every flag does what it says."""

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import CONLL, TINY, TINY_FLAGS, Tagloom

from tagloom.runs.run import Run
from tagloom.runs.toml import read_toml, write_toml


def sentences(run: Path) -> dict[str, int]:
    """How many sentences each part of a run had."""
    start = next(event for event in Run(run).events if event["event"] == "start")
    found: dict[str, int] = start["sentences"]
    return found


def asked(run: Path) -> dict[str, Any]:
    options: dict[str, Any] = read_toml(run / "config.toml")["training"]
    return options


def weights(run: Path) -> bytes:
    (checkpoint,) = (run / "checkpoints").iterdir()
    return (checkpoint / "weights.safetensors").read_bytes()


def judged(run: Path) -> set[str]:
    return set(json.loads((run / "report.json").read_text("utf-8"))["parts"])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Twenty-four sentences, no two of them the same but a pair."""
    path = tmp_path / "cameras.conll"
    text = (
        "".join(CONLL.replace("\n\n", f"\nX{number}\tO\n\n") for number in range(5)) + CONLL.replace("here", "X0") * 2
    )
    path.write_text(text, "utf-8")
    return path


def test_train_shows_what_it_does_and_how_good_the_model_is(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    run = tmp_path / "a run"
    result = tagloom("train", corpus, "-o", run, *TINY_FLAGS)
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0] == f"Reading {corpus}."
    assert lines[1].startswith("Numbering the words of 28 sentences.")
    assert lines[2].startswith("bilstm-cnn-crf, learned:8, 8 units: ")
    assert lines[3].startswith("* 1/2  loss ")
    assert lines[3].endswith(" words/s")
    assert lines[4][2:].startswith("2/2  loss ")
    assert "Scores on the dev part (strict)" in result.out
    assert lines[-1] == f"Model: {run}/model. Try it: tagloom predict '{run}' \"Some text\""
    assert judged(run) == {"dev"}


def test_without_an_output_the_run_lies_in_runs(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tagloom("train", corpus, *TINY_FLAGS).status == 0
    assert (tmp_path / "runs" / "tagger" / "model" / "config.json").is_file()


def test_explicit_parts_are_taken_as_they_are(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    words, tags = tmp_path / "test.words.txt", tmp_path / "test.tags.txt"
    words.write_text("My D90\n")
    tags.write_text("O B-PNAME\n")
    pair: list[str | Path] = ["--test", words, "--test", tags]
    assert tagloom("train", corpus, "-o", tmp_path / "run", "--dev", corpus, *pair, *TINY_FLAGS).status == 0
    assert sentences(tmp_path / "run") == {"train": 28, "dev": 28}
    assert judged(tmp_path / "run") == {"dev", "test"}


def test_what_was_wrong_in_the_files_is_a_warning(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    beyond = {"id": "7", "text": "My D90", "entities": [{"start": 3, "end": 99, "label": "PNAME"}]}
    (tmp_path / "more.jsonl").write_text(json.dumps(beyond))
    result = tagloom("train", corpus, tmp_path / "more.jsonl", "-o", tmp_path / "run", *TINY_FLAGS)
    assert result.status == 0
    assert "tagloom: warning: 1 out of range spans (such as document 7: " in result.err


def test_a_validation_split_is_taken_from_train(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    assert tagloom("train", corpus, "-o", tmp_path / "run", "--validation-split", "0.5", *TINY_FLAGS).status == 0
    found = sentences(tmp_path / "run")
    assert sum(found.values()) == 28
    assert 12 <= found["dev"] <= 16


def test_ratios_divide_the_data_by_their_seed(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    digests = []
    for number, seed in enumerate((1, 1, 2)):
        run = tmp_path / str(number)
        flags = ["--ratios", "60,20,20", "--split-seed", str(seed), *TINY_FLAGS]
        assert tagloom("train", corpus, "-o", run, *flags).status == 0
        assert judged(run) == {"dev", "test"}
        digests.append(json.loads((run / "environment.json").read_text("utf-8"))["data"]["sentences_and_tags"])
    assert digests[0] == digests[1] != digests[2]


def test_ratios_and_explicit_parts_exclude_one_another(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    result = tagloom("train", corpus, "-o", tmp_path / "run", "--verbose", "0", "--ratios", "80,10,10", "--dev", corpus)
    assert "expected either ratios or explicit dev and test files, received both" in result.error


def test_duplicates_are_dropped_where_that_is_asked_for(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    flags: list[str | Path] = ["--dev", corpus, "--drop-duplicates", *TINY_FLAGS]
    assert tagloom("train", corpus, "-o", tmp_path / "run", *flags).status == 0
    assert sentences(tmp_path / "run") == {"train": 24, "dev": 28}


def test_algorithm_and_embedding_make_the_network(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    place = TINY_FLAGS.index("embeddings=learned:8")
    others = TINY_FLAGS[: place - 1] + TINY_FLAGS[place + 1 :]
    flags = ["--algorithm", "bilstm-softmax", "--embedding", "learned:5", *others]
    assert tagloom("train", corpus, "-o", tmp_path / "run", *flags).status == 0
    content = json.loads((tmp_path / "run" / "model" / "config.json").read_text("utf-8"))
    assert content["algorithm"] == "bilstm-softmax"
    assert content["architecture"]["embeddings"] == "learned:5"


def test_a_file_gives_way_to_flags_and_these_to_set(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    write_toml(tmp_path / "run.toml", {**TINY, "algorithm": "bilstm-crf", "seed": 3, "patience": 4})
    flags: list[str | Path] = [
        "--config",
        tmp_path / "run.toml",
        "--algorithm",
        "bilstm-cnn",
        "--set",
        "seed=5",
        "--set",
        "algorithm=bilstm-softmax",
    ]
    assert tagloom("train", corpus, "-o", tmp_path / "run", *flags).status == 0
    found = asked(tmp_path / "run")
    assert (found["algorithm"], found["seed"], found["patience"], found["units"]) == ("bilstm-softmax", 5, 4, 8)


def test_a_runs_config_trains_the_same_run_again(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    flags = ["--ratios", "60,20,20", "--split-seed", "4", "--drop-duplicates", *TINY_FLAGS]
    assert tagloom("train", corpus, "-o", first, *flags).status == 0
    assert tagloom("train", "--config", first / "config.toml", "-o", second).status == 0
    assert read_toml(first / "config.toml") == read_toml(second / "config.toml")
    assert weights(first) == weights(second)


def test_data_on_the_command_line_goes_before_that_of_the_file(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    tables = {"training": TINY, "data": {"paths": ["nowhere.conll"], "dev": ["nowhere.conll"]}}
    write_toml(tmp_path / "run.toml", tables)
    assert tagloom("train", corpus, "--config", tmp_path / "run.toml", "-o", tmp_path / "run").status == 0
    assert read_toml(tmp_path / "run" / "config.toml")["data"]["dev"] == []


def test_seeds_train_a_run_each_and_tell_the_spread(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    result = tagloom("train", corpus, "-o", tmp_path / "runs", "--seeds", "2", "--set", "seed=7", *TINY_FLAGS)
    assert (result.status, result.err) == (0, "")
    assert "2 seeds" in result.out
    assert [asked(tmp_path / "runs" / f"seed-{seed}")["seed"] for seed in (7, 8)] == [7, 8]
    content = json.loads((tmp_path / "runs" / "seeds.json").read_text("utf-8"))
    reports = [json.loads((tmp_path / "runs" / f"seed-{seed}" / "report.json").read_text("utf-8")) for seed in (7, 8)]
    assert content["dev"]["f1"]["values"] == [report["parts"]["dev"]["micro"]["f1"] for report in reports]


def test_seeds_begin_only_where_every_folder_is_free(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    taken = tmp_path / "runs" / "seed-8"
    taken.mkdir(parents=True)
    (taken / "notes.txt").touch()
    result = tagloom("train", corpus, "-o", tmp_path / "runs", "--seeds", "2", "--set", "seed=7", *TINY_FLAGS)
    assert "seed-8: expected no such folder or an empty one, received one in use." in result.error
    assert not (tmp_path / "runs" / "seed-7").exists()


@pytest.mark.parametrize("seeds", ["1", "2"])
def test_verbose_0_prints_nothing(tagloom: Tagloom, corpus: Path, tmp_path: Path, seeds: str) -> None:
    result = tagloom("train", corpus, "-o", tmp_path / "run", "--verbose", "0", "--seeds", seeds, *TINY_FLAGS)
    assert (result.status, result.out, result.err) == (0, "", "")


@pytest.mark.parametrize("verbose", ["1", "2"])
def test_a_line_an_epoch_is_printed_where_there_is_no_terminal(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, verbose: str
) -> None:
    result = tagloom("train", corpus, "-o", tmp_path / "run", "--verbose", verbose, *TINY_FLAGS)
    assert result.out.count(" words/s\n") == TINY["epochs"]
    assert "\x1b" not in result.out


def test_a_finished_run_that_is_resumed_shows_its_report_again(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    first = tagloom("train", corpus, "-o", tmp_path / "run", *TINY_FLAGS)
    report = (tmp_path / "run" / "report.json").read_bytes()
    again = tagloom("train", "--resume", "-o", tmp_path / "run")
    assert (again.status, again.err) == (0, "")
    assert "All epochs are done." in again.out
    assert again.out[again.out.index("Scores") :] == first.out[first.out.index("Scores") :]
    assert (tmp_path / "run" / "report.json").read_bytes() == report


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--algorithm", "hmm"], "option algorithm: received 'hmm', expected one of bilstm-softmax, bilstm-crf, "),
        (["--embedding", "glove"], "embeddings: received 'glove', expected one of: learned:100"),
        (["--embedding", "learned:0"], "embeddings: received learned:0, expected learned:100"),
        (["--set", "unit=3"], "option 'unit': there is none of that name. Did you mean units?"),
        (["--set", "units=many"], "option units: received 'many', expected a whole number from 1 to 4096."),
        (["--validation-split", "1"], "option validation_split: received 1.0, expected a number from 0.001 to 0.9."),
        (["--config", "nowhere.toml"], "nowhere.toml: expected a file of options in TOML, received: No such file"),
        (["--config", "CORPUS"], "cameras.conll: expected options in TOML, received another text: "),
        (["--dev", "nowhere.conll"], "nowhere.conll: no such file. Check the name and the folder."),
        (["--set", "label_weights=BRAND=2"], "label_weights: received BRAND, expected some of O, PFEATURE, PNAME."),
    ],
)
def test_options_that_do_not_fit_are_told_in_one_line(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, flags: list[str], message: str
) -> None:
    flags = [str(corpus) if flag == "CORPUS" else flag for flag in flags]
    result = tagloom("train", corpus, "-o", tmp_path / "run", "--verbose", "0", *flags)
    assert result.status == 1
    assert message in result.error
    assert not (tmp_path / "run").exists()


def test_a_config_whose_tables_are_none_is_told(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    write_toml(tmp_path / "run.toml", {"training": 3})
    result = tagloom("train", corpus, "--config", tmp_path / "run.toml")
    assert "option training: received 3, expected a table [training]." in result.error
    write_toml(tmp_path / "run.toml", {"data": {"path": ["a"]}})
    assert "table data: expected lists paths" in tagloom("train", "--config", tmp_path / "run.toml").error


def test_an_output_that_cannot_be_made_is_told(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    flags = ["--verbose", "0", *TINY_FLAGS]
    assert (
        f"{corpus}: expected a folder to make, received a file." in tagloom("train", corpus, "-o", corpus, *flags).error
    )
    error = tagloom("train", corpus, "-o", corpus / "run", *flags).error
    assert f"{corpus / 'run'}: Not a directory. Check the name, the permissions and the space on disk." in error
    assert tagloom("train", corpus, "-o", "/proc/run", *flags).status == 1
    assert tagloom("train", "--resume", "-o", tmp_path / "nothing").error.startswith(
        f"{tmp_path}/nothing: expected a run"
    )


def test_a_disk_that_is_full_is_told(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tagloom.training.checkpoint_files.write_bytes", full)
    result = tagloom("train", corpus, "-o", tmp_path / "run", "--verbose", "0", *TINY_FLAGS)
    assert result.status == 1
    assert result.error == "No space left on device. Check the name, the permissions and the space on disk."
    assert Run(tmp_path / "run").ended == "failed"
    monkeypatch.undo()
    assert tagloom("train", "--resume", "-o", tmp_path / "run").status == 0
