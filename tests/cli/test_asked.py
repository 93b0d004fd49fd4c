"""What a training is asked for on the command line."""

from pathlib import Path

import pytest

from tagloom.cli.asked import asked_config, asked_data
from tagloom.errors import DataError


def test_a_flag_of_0_counts_and_one_that_is_not_given_does_not() -> None:
    table = {"data": {"paths": ["a.conll"], "split_seed": 7, "drop_duplicates": True, "dev": ["b.conll"]}}
    flags = {"ratios": None, "split_seed": 0, "drop_duplicates": False, "dev": []}
    asked = asked_data(table, [], flags)
    assert (asked.split_seed, asked.drop_duplicates, asked.dev) == (0, True, ("b.conll",))
    assert asked_config({"epochs": 3}, {"seed": 0, "epochs": None}, []).seed == 0


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("vectors:some.txt + learned:50", "vectors:{here}/some.txt + learned:50"),
        ("vectors:nowhere.txt", "vectors:nowhere.txt"),
        ("transformer:model", "transformer:{here}/model"),
        ("transformer:bert-base-cased", "transformer:bert-base-cased"),
        ("distilled:./model:16", "distilled:{here}/model:16"),
        ("distilled:minilm:16", "distilled:minilm:16"),
        ("elmo:~/model", "elmo:{here}/model"),
        ("minilm", "minilm"),
    ],
)
def test_files_and_folders_of_embeddings_are_named_whole_so_that_a_run_goes_on_from_anywhere(
    asked: str, kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "some.txt").touch()
    (tmp_path / "model").mkdir()
    assert asked_config({}, {"embeddings": asked}, []).embeddings == kept.format(here=tmp_path)


def test_the_home_of_nobody_is_one_line() -> None:
    with pytest.raises(DataError, match=r"~nobody-here/some\.txt: expected the home folder of somebody"):
        asked_config({}, {"embeddings": "vectors:~nobody-here/some.txt"}, [])
