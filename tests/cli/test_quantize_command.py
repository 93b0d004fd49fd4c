"""`tagloom quantize`."""

import json
from pathlib import Path

from command_line import Tagloom

from tagloom.bundle.read import read_bundle
from tagloom.inference.predictor import load


def test_both_are_judged_and_the_new_one_is_a_model_like_any_other(
    tagloom: Tagloom, model: Path, corpus: Path, tmp_path: Path
) -> None:
    target = tmp_path / "eight"
    result = tagloom("quantize", model, corpus, "-o", target)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("12 sentences\n")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.out.splitlines() if "│" in line]
    assert [row[:4] for row in rows] == [[name, "100.00", "100.00", "100.00"] for name in ("float32", "int8")]
    assert all(float(row[4].replace(",", "")) > 0 for row in rows)
    assert f"Model {target}: its networks have " in result.out
    bundle = read_bundle(target)
    assert bundle.precision == "int8"
    assert (bundle.report["sentences"], bundle.report["micro"]["f1"]) == (12, 1.0)
    assert [span.label for span in load(target)("I like my Nikon D90")] == ["PNAME"]
    again = tagloom("quantize", target, "-o", tmp_path / "again")
    assert (again.status, again.error) == (
        1,
        "the model: expected one in float32, received one in 8 bits already.",
    )


def test_figures_are_given_as_json(tagloom: Tagloom, model: Path, corpus: Path, tmp_path: Path) -> None:
    content = json.loads(tagloom("quantize", model, corpus, "-o", tmp_path / "eight", "--json").out)
    assert set(content) == {"model", "float32", "int8"}
    assert content["int8"]["f1"] == 1.0


def test_without_data_it_says_that_nobody_measured(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    result = tagloom("quantize", model, "-o", tmp_path / "eight")
    assert result.status == 0
    assert result.err == (
        "tagloom: warning: nobody measured what 8 bits cost this model: name labelled DATA to judge it by\n"
    )
    assert read_bundle(tmp_path / "eight").report == {}


def test_nothing_is_replaced(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    result = tagloom("quantize", model, "-o", tmp_path)
    assert result.status == 1
    assert "expected a name for what is to be made, received a folder. Choose another name." in result.error
    assert list(tmp_path.iterdir()) == []
