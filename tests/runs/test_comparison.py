"""Runs side by side: their figures, and when two of them may be compared at all."""

import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from made_runs import judgement, made_run
from tagloom.errors import DataError, TagloomError, TrainingError
from tagloom.evaluation.sentence_counts import SentenceCounts
from tagloom.evaluation.significance import paired_test
from tagloom.runs.comparison import NO_COUNTS, OTHER_SENTENCES, SERIES, compare

GOOD, MIDDLING, BAD = ([number % 10 < share for number in range(60)] for share in (9, 8, 2))


def test_every_figure_is_that_of_the_run(tmp_path: Path) -> None:
    comparison = compare([made_run(tmp_path / "a", GOOD), made_run(tmp_path / "b", BAD)])
    assert comparison.part == "test"
    first, second = comparison.candidates
    assert (first.name, second.name) == ("a", "b")
    assert first.micro("test", "f1").values == (0.9,)
    assert second.micro("test", "recall").mean == pytest.approx(0.2)
    interval = first.interval("test", "f1")
    assert interval is not None
    assert 0.7 < interval.low < 0.9 < interval.high < 1
    run = first.runs[0]
    assert (len(run.history), run.best_epoch, run.seconds, run.words_per_second) == (3, 1, 30.0, 100.0)
    assert run.model_bytes == 1000
    assert first.label("test", "PNAME") is not None
    assert first.label("test", "OTHER") is None
    assert comparison.labels == ["PFEATURE", "PNAME"]
    assert first.accuracy("test").mean == pytest.approx((54 * 4 + 6 * 1) / 240)


def test_a_difference_is_tested_where_both_were_judged_on_the_same_sentences(tmp_path: Path) -> None:
    runs = [made_run(tmp_path / name, found) for name, found in {"a": MIDDLING, "b": GOOD, "c": BAD}.items()]
    differences = compare(runs).differences
    assert list(differences) == ["b", "c"]
    counts = [SentenceCounts.of(judgement(found, "a")) for found in (MIDDLING, GOOD, BAD)]
    assert differences["b"].test == paired_test(counts[0], counts[1])
    assert differences["c"].test == paired_test(counts[0], counts[2])
    assert differences["c"].f1 == pytest.approx(-0.6)
    better, worse = differences["b"].test, differences["c"].test
    assert better is not None
    assert worse is not None
    assert worse.p_value < 0.01 < better.p_value


@pytest.mark.parametrize(
    ("found", "words", "is_old"),
    [(GOOD, "b", False), (GOOD[:-1], "a", False), (GOOD[:-1], "a", True)],
    ids=["other words", "fewer", "fewer, without counts"],
)
def test_other_sentences_are_said_and_not_compared(tmp_path: Path, found: list[bool], words: str, is_old: bool) -> None:
    runs = [
        made_run(tmp_path / "a", GOOD, is_old=is_old),
        made_run(tmp_path / "b", found, words=words, is_old=is_old),
    ]
    (difference,) = compare(runs).differences.values()
    assert (difference.f1, difference.test, difference.why_no_test) == (None, None, OTHER_SENTENCES)


def test_old_runs_are_compared_without_a_test(tmp_path: Path) -> None:
    comparison = compare([made_run(tmp_path / "a", BAD, is_old=True), made_run(tmp_path / "b", GOOD)])
    assert comparison.candidates[0].interval("test", "f1") is None
    (difference,) = comparison.differences.values()
    assert difference.f1 == pytest.approx(0.7)
    assert (difference.test, difference.why_no_test) == (None, NO_COUNTS)


def test_all_are_compared_on_dev_where_one_has_no_test_part(tmp_path: Path) -> None:
    comparison = compare([made_run(tmp_path / "a", GOOD), made_run(tmp_path / "b", BAD, parts=("dev",))])
    assert comparison.part == "dev"
    assert comparison.without_test_part == ["b"]
    assert comparison.candidates[0].micro("dev", "f1").mean == 0.9


def made_series(path: Path, shares: dict[int, list[bool]]) -> Path:
    for seed, found in shares.items():
        made_run(path / f"seed-{seed}", found, options={"seed": seed})
    return path


def test_a_series_is_its_mean_and_deviation_in_the_order_of_its_seeds(tmp_path: Path) -> None:
    series = made_series(tmp_path / "series", {9: GOOD, 10: BAD, 11: MIDDLING})
    comparison = compare([made_run(tmp_path / "a", BAD), series])
    one = comparison.candidates[1]
    assert one.is_series
    assert one.seeds == (9, 10, 11)
    f1 = one.micro("test", "f1")
    assert f1.values == pytest.approx([0.9, 0.2, 0.8])
    assert f1.mean == pytest.approx(statistics.mean([0.9, 0.2, 0.8]))
    assert f1.deviation == pytest.approx(statistics.stdev([0.9, 0.2, 0.8]))
    difference = comparison.differences["series"]
    assert difference.f1 == pytest.approx(f1.mean - 0.2)
    assert (difference.test, difference.why_no_test) == (None, SERIES)
    assert comparison.options == {"seed": [13, [9, 10, 11]]}


def test_only_options_that_differ_are_told(tmp_path: Path) -> None:
    same = compare([made_run(tmp_path / "a", GOOD), made_run(tmp_path / "b", BAD)])
    assert same.options == {}
    asked = {"units": 50, "label_weights": {"O": 0.5}, "casing_width": 8, "by": ""}
    other = compare([tmp_path / "a", made_run(tmp_path / "c", BAD, options=asked)])
    assert other.options == {"units": [100, 50], "label_weights": [None, {"O": 0.5}], "casing_width": [None, 8]}


def test_json_has_every_figure_and_none_that_json_lacks(tmp_path: Path) -> None:
    runs = [made_run(tmp_path / "a", GOOD), made_series(tmp_path / "b", {1: BAD, 2: GOOD})]
    content = compare(runs).to_json()
    again = json.loads(json.dumps(content, allow_nan=False))
    assert again == content
    assert [one["name"] for one in content["candidates"]] == ["a", "b"]
    assert content["candidates"][1]["micro"]["f1"]["values"] == [pytest.approx(0.2), 0.9]
    assert content["candidates"][1]["runs"][0]["model_bytes"] == 1000
    assert not any(math.isnan(value) for value in content["candidates"][0]["intervals"]["f1"])


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (None, "expected a run that has come to its end, but it is still training, or was killed"),
        ("stopped", "but it was stopped. Wait for it, or go on with it: tagloom train --resume"),
        ("failed", "but it failed (no space left)"),
    ],
)
def test_an_unfinished_run_is_told(tmp_path: Path, reason: str | None, message: str) -> None:
    made_run(tmp_path / "a", GOOD)
    made_run(tmp_path / "series" / "seed-1", GOOD, reason=reason)
    for path in (tmp_path / "series", tmp_path / "series" / "seed-1"):
        with pytest.raises(TrainingError) as caught:
            compare([tmp_path / "a", path])
        assert str(caught.value).startswith(f"{tmp_path / 'series' / 'seed-1'}: ")
        assert message in str(caught.value)


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    run = made_run(tmp_path / "a", GOOD)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for name, message in {
        "empty": "received one without config.toml",
        "file": "received a file",
        "none": "received nothing of that name",
    }.items():
        with pytest.raises(TrainingError, match=message):
            compare([run, tmp_path / name])
    with pytest.raises(TrainingError, match="received this one twice"):
        compare([run, tmp_path / "empty" / ".." / "a"])


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("report.json", "{"),
        ("report.json", "[]"),
        ("report.json", '{"parts": {}}'),
        ("report.json", '{"parts": {"dev": {"mode": 7}}}'),
        ("counts.json", '{"dev": {"labels": []}}'),
        ("counts.json", "null"),
    ],
)
def test_a_damaged_file_is_told_with_its_run(tmp_path: Path, file: str, content: str) -> None:
    run = made_run(tmp_path / "a", GOOD)
    (run / file).write_text(content, "utf-8")
    with pytest.raises(DataError) as caught:
        compare([run])
    assert str(caught.value).startswith(str(run))


@pytest.mark.parametrize("intervals", [7, {"micro": 7}, {"micro": {"f1": [1]}}, {"micro": {"f1": ["x", "y"]}}])
def test_damaged_intervals_are_told(tmp_path: Path, intervals: object) -> None:
    run = made_run(tmp_path / "a", GOOD)
    content = json.loads((run / "report.json").read_text("utf-8"))
    content["parts"]["dev"]["intervals"] = intervals
    (run / "report.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(TagloomError, match="intervals: expected two figures each"):
        compare([run])


def test_runs_of_one_name_are_told_apart(tmp_path: Path) -> None:
    runs = [made_run(tmp_path / folder / "run", GOOD) for folder in "ab"]
    assert [one.name for one in compare(runs).candidates] == ["a/run", "b/run"]


def test_comparing_loads_neither_a_framework_nor_onnx_runtime(tmp_path: Path) -> None:
    runs = [made_run(tmp_path / name, GOOD) for name in "ab"]
    told = [str(run) for run in runs]
    code = f"import sys; from tagloom.runs.comparison import compare; compare({told}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "tagloom.runs.comparison" in loaded
    assert {"torch", "accelerate", "onnx", "onnxruntime"}.isdisjoint(loaded)
