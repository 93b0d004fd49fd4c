from pathlib import Path

import pytest

import fuzzing
from damaged_files import Case, feature_set, valid
from packed import BOMBS, FITTING, bomb
from tagloom.data import FeatureSet
from tagloom.data.converting import ReadingOptions, convert
from tagloom.errors import ConfigError, DataError

NUM_CASES = 500


def test_damaged_files_raise_nothing_but_data_errors_soon_and_in_little_memory(tmp_path: Path) -> None:
    tally = fuzzing.run_apart(NUM_CASES, fuzzing.SEED, tmp_path)
    assert tally.failures == []
    assert tally.cases == NUM_CASES
    assert tally.read > NUM_CASES // 10, "most cases are refused before a reader looks into them"
    assert tally.megabytes < fuzzing.MAX_MEGABYTES


@pytest.mark.parametrize("name", sorted(valid()))
def test_what_is_damaged_is_read_before(tmp_path: Path, name: str) -> None:
    case = Case(valid()[name], format="text" if name == "our text" else None)
    assert fuzzing.attempt(case, fuzzing.put(case, tmp_path / "files"), tmp_path / "out")


def test_an_encoding_that_is_none_of_text_is_refused_where_files_are_streamed(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("a O\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="encoding: received 'rot13'"):
        convert([tmp_path / "a.conll"], tmp_path / "b.jsonl", to="json_lines", reading=ReadingOptions(encoding="rot13"))


@pytest.mark.parametrize(
    ("now", "then"),
    [('"json_lines"', '"xml"'), ('"sha256": [', '"sha256": ["0", '), ('"findings": [', '"findings": [7')],
)
def test_a_manifest_that_was_changed_is_a_data_error(tmp_path: Path, now: str, then: str) -> None:
    for name, content in feature_set().items():
        (tmp_path / name).write_bytes(content)
    manifest = tmp_path / "manifest.json"
    content = manifest.read_text(encoding="utf-8")
    assert now in content
    manifest.write_text(content.replace(now, then), encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest\.json: expected the manifest of a feature set"):
        FeatureSet.load(tmp_path)


def test_a_failure_is_kept_with_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def attempt(*_: object) -> bool:
        raise KeyError("surprise")

    monkeypatch.setattr(fuzzing, "attempt", attempt)
    runner = fuzzing.Runner(tmp_path, "7")
    runner.run(Case({"a.txt": b"odd"}))
    (failure,) = runner.tally.failures
    assert failure == f"{tmp_path / '7-1'}: KeyError: 'surprise'"
    assert (tmp_path / "7-1" / "files" / "a.txt").read_bytes() == b"odd"
    assert "surprise" in (tmp_path / "7-1" / "problem.txt").read_text(encoding="utf-8")


def test_what_hangs_is_ended_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def attempt(*_: object) -> bool:
        while True:
            pass

    monkeypatch.setattr(fuzzing, "attempt", attempt)
    monkeypatch.setattr(fuzzing, "MAX_SECONDS", 0.05)
    runner = fuzzing.Runner(tmp_path, "7")
    runner.run(Case({"a.txt": b"odd"}))
    assert runner.tally.failures == [f"{tmp_path / '7-1'}: over 0.05 s of the processor's time"]


def test_bombs_are_small() -> None:
    fitting = [name for name in BOMBS if name.startswith(FITTING)]
    assert max(len(content) for name in fitting for content in bomb(name).values()) < 100_000
