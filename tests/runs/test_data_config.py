"""What is asked of the data: paths in any form, and no part that leaks into another."""

import json
from pathlib import Path
from typing import Any

import pytest

from tagloom.errors import ConfigError
from tagloom.runs.data_config import DataConfig

CONLL = "D90\tB-PNAME\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A feature set's folder."""
    path = tmp_path / "set"
    path.mkdir()
    for part in ("train", "dev", "test"):
        (path / f"{part}.conll").write_text(CONLL)
    return path


@pytest.mark.parametrize(
    "parts",
    [
        {"paths": ["set", "more.conll"]},
        {"paths": ["set"], "dev": ["more.conll"]},
        {"paths": ["set"], "test": ["more.conll"]},
        {"paths": ["more.conll"], "dev": ["set"]},
    ],
)
def test_a_feature_sets_folder_beside_other_paths_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, parts: dict[str, Any]
) -> None:
    monkeypatch.chdir(folder.parent)
    Path("more.conll").write_text(CONLL)
    message = (
        "^set: expected a feature set's folder to stand alone, received one with files for train, dev, test beside "
        r"other paths\. Give the folder alone, or name the files of each part\.$"
    )
    with pytest.raises(ConfigError, match=message):
        DataConfig(**parts).feature_set()
    assert len(DataConfig(paths=("set",)).feature_set().train) == 1


def test_a_folder_of_one_part_may_stand_beside_other_paths(tmp_path: Path) -> None:
    (tmp_path / "train.conll").write_text(CONLL)
    given: dict[str, Any] = {"paths": tmp_path, "dev": tmp_path / "train.conll"}
    feature_set = DataConfig(**given).feature_set()
    assert (len(feature_set.train), len(feature_set.dev)) == (1, 1)


@pytest.mark.parametrize("given", ["a.conll", Path("a.conll"), ["a.conll"], (Path("a.conll"),)])
def test_one_path_or_several_are_kept_as_names(given: Any) -> None:
    config = DataConfig(paths=given, dev=given, test=given)
    assert config.paths == config.dev == config.test == ("a.conll",)


@pytest.mark.parametrize("given", [(), []])
def test_no_paths_are_refused(given: Any) -> None:
    with pytest.raises(ConfigError, match="paths: expected at least one path to learn from, received none"):
        DataConfig(paths=given)


@pytest.mark.parametrize("given", [None, 5, b"a.conll", [5], {"a.conll"}])
def test_what_is_no_path_is_refused(given: Any) -> None:
    with pytest.raises(ConfigError, match="dev: expected a path or a sequence of paths, received"):
        DataConfig(paths=("a.conll",), dev=given)


def reviews(folder: Path) -> str:
    """Ten reviews of five products."""
    path = folder / "reviews.jsonl"
    lines = [{"text": f"word {n}", "entities": [], "metadata": {"product": "ABCDE"[n % 5]}} for n in range(10)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def test_a_field_keeps_documents_together_also_after_a_round_trip(tmp_path: Path) -> None:
    config = DataConfig(paths=(reviews(tmp_path),), ratios=(0.6, 0.2, 0.2), by="product")
    assert DataConfig.from_table(config.to_table()) == config
    feature_set = config.feature_set()
    assert [len({one.metadata["product"] for one in part.documents}) for _, part in feature_set.parts()] == [3, 1, 1]


def test_a_field_without_ratios_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="by: expected ratios beside it, such as 80,10,10, received 'product' alone"):
        DataConfig(paths=(reviews(tmp_path),), by="product").feature_set()


def test_dropped_duplicates_are_in_the_rule(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(CONLL * 3)
    rule = DataConfig(paths=(str(tmp_path / "a.conll"),), drop_duplicates=True).feature_set().rule
    assert (rule.drop_duplicates, rule.num_duplicates) == (True, 2)
