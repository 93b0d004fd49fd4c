"""What is asked of the data: paths in any form, and no part that leaks into another."""

from pathlib import Path
from typing import Any

import pytest

from tagloom.errors import ConfigError
from tagloom.training.data_config import DataConfig

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
