"""A model that Tagloom did not train, in BIO and packed, on the command line."""

import json
from pathlib import Path

import pytest
from command_line import Tagloom

from plain import plain_bundle
from tagloom.bundle.write import pack, write_bundle
from tagloom.inference.predictor import load

TEXT = "My Nikon D90 has a bright viewfinder"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    write_bundle(plain_bundle(), tmp_path / "plain")
    pack(tmp_path / "plain", tmp_path / "plain.loom")
    return tmp_path / "plain.loom"


def test_predict_finds_what_python_finds(tagloom: Tagloom, packed: Path) -> None:
    spans = load(packed)(TEXT)
    found = json.loads(tagloom("predict", packed, TEXT, "--format", "jsonl").out)["entities"]
    assert [(one["start"], one["end"], one["label"]) for one in found] == [(s.start, s.end, s.label) for s in spans]
    assert found
    columns = tagloom("predict", packed, TEXT, "--format", "conll").out.split("\n")
    assert [line.split("\t")[1] for line in columns if line] == load(packed).tag([TEXT.split()])[0]


def test_evaluate_judges_it_and_writes_a_page(tagloom: Tagloom, packed: Path, tmp_path: Path) -> None:
    data = tmp_path / "gold.jsonl"
    data.write_text(tagloom("predict", packed, TEXT, "--format", "jsonl").out.replace('"entities"', '"spans"'))
    judged = tagloom("evaluate", packed, data, "--report", tmp_path / "page.html")
    assert (judged.status, judged.err) == (0, "")
    assert judged.out.startswith(f"Scores of {packed} (strict)")
    assert "100.00 % of the words have the right tag." in judged.out
    assert (tmp_path / "page.html").is_file()
    content = json.loads(tagloom("evaluate", packed, data, "--json").out)
    assert content["micro"]["f1"] == 1
    assert "tagloom train" not in json.dumps(content["diagnosis"])


def test_explain_tells_its_tags_and_scores(tagloom: Tagloom, packed: Path, tmp_path: Path) -> None:
    told = tagloom("explain", packed, TEXT, "--json", "--report", tmp_path / "page.html")
    assert (told.status, told.err) == (0, "")
    content = json.loads(told.out)
    assert content["tags"] == ["O", "B-PFEATURE", "I-PFEATURE", "B-PNAME", "I-PNAME"]
    found = json.loads(tagloom("predict", packed, TEXT, "--format", "jsonl").out)["entities"]
    best = [one["score"] for one in content["paths"][0]["chunks"]]
    assert best == pytest.approx([one["score"] for one in found], abs=1e-4)
    (tmp_path / "lattice.json").write_text(told.out)
    assert json.loads(tagloom("explain", "--lattice", tmp_path / "lattice.json", "--json").out) == content
    assert "I-" in tagloom("explain", packed, TEXT).out
