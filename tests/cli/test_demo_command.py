"""`tagloom demo`: the main job from end to end, with less training than a user gets."""

import json
from pathlib import Path

import pytest
from command_line import TINY, Tagloom

from tagloom.cli import demo


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "OPTIONS", TINY | {"epochs": 1, "batch_size": 64})


def test_demo_trains_reports_and_tags_fresh_sentences(tagloom: Tagloom, tmp_path: Path) -> None:
    result = tagloom("demo", "-o", tmp_path / "run")
    assert (result.status, result.err) == (0, "")
    assert "1,039 sentences to learn from, 129 to watch" in result.out
    assert "Scores on the test part (strict)" in result.out
    *_, before_last, last = result.out.splitlines()
    assert before_last.startswith("Is the ")
    assert before_last.endswith("glasses?")
    assert last.endswith(" s in all.")
    assert (tmp_path / "run" / "model" / "config.json").is_file()


def test_a_demo_that_is_kept_can_be_resumed(tagloom: Tagloom, tmp_path: Path) -> None:
    tagloom("demo", "-o", tmp_path / "run", "--verbose", "0")
    assert tagloom("train", "--resume", "-o", tmp_path / "run").status == 0


def test_demo_with_seeds_tells_their_spread(tagloom: Tagloom, tmp_path: Path) -> None:
    result = tagloom("demo", "-o", tmp_path / "runs", "--seeds", "2", "--verbose", "2")
    assert "2 seeds" in result.out
    assert len(json.loads((tmp_path / "runs" / "seeds.json").read_text("utf-8"))["test"]["f1"]["values"]) == 2


def test_demo_leaves_nothing_behind_unless_it_is_asked_to(
    tagloom: Tagloom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert tagloom("demo", "--verbose", "0").status == 0
    assert list(tmp_path.iterdir()) == []
