"""`tagloom evaluate` and `tagloom score`."""

import json
from pathlib import Path

import pytest
from command_line import Tagloom

NIKON = "I like my Nikon D90"
COLUMNS = "A O O\nSony B-PNAME B-PNAME\nD90 I-PNAME O\n\nmenu B-PFEATURE B-PFEATURE\n"


def test_evaluate_judges_a_model_on_data(tagloom: Tagloom, model: Path, corpus: Path) -> None:
    result = tagloom("evaluate", model, corpus)
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith(f"Scores of {model} (strict)")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.out.splitlines() if "│" in line]
    assert rows[0] == ["PFEATURE", "100.0", "100.0", "100.0", "100.0 to 100.0", "6"]
    assert [row[0] for row in rows] == ["PFEATURE", "PNAME", "micro", "macro", "weighted"]
    assert "12 sentences, 57 words; 100.00 % of the words have the right tag.\n" in result.out
    assert "Micro F1 in other modes: conlleval 100.0, partial 100.0, type 100.0.\n" in result.out
    assert "With 12 entities to judge by" in result.out


def test_evaluate_gives_the_report_as_json(tagloom: Tagloom, model: Path, corpus: Path) -> None:
    content = json.loads(tagloom("evaluate", model, corpus, "--json").out)
    assert content["mode"] == "strict"
    assert content["micro"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 12}
    assert content["labels"]["PNAME"]["support"] == 6


def test_evaluate_judges_by_the_test_part_of_a_feature_set(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    (tmp_path / "train.conll").write_text("Sony\tB-PNAME\n\nmenu\tB-PFEATURE\n\n")
    refused = tagloom("evaluate", model, tmp_path)
    assert refused.status == 1
    assert "expected a test or a dev part to judge by, received train alone" in refused.error
    (tmp_path / "dev.conll").write_text("Sony\tB-PNAME\n\n")
    assert tagloom("evaluate", model, tmp_path).out.startswith(f"Scores of {model} on the dev part (strict)")
    (tmp_path / "test.conll").write_text("menu\tB-PFEATURE\n\n")
    judged = tagloom("evaluate", model, tmp_path)
    assert judged.out.startswith(f"Scores of {model} on the test part (strict)")
    assert "1 sentence, 1 word;" in judged.out


def test_evaluate_says_where_the_data_has_nothing_that_the_model_could_find(
    tagloom: Tagloom, model: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data.conll"
    data.write_text("Sony\tO\n\n")
    assert tagloom("evaluate", model, data).err == (
        "tagloom: warning: the data has no entity, so that every score is 0\n"
    )
    data.write_text("Sony\tB-BRAND\n\nmenu\tB-PFEATURE\n\n")
    result = tagloom("evaluate", model, data, "--json")
    assert result.err == "tagloom: warning: the model has not learned BRAND; it knows PFEATURE, PNAME\n"
    assert json.loads(result.out)["labels"]["BRAND"]["f1"] == 0
    data.write_text("Sony\tB-PNAME\n\n")
    assert tagloom("evaluate", model, data).err == ""


def test_evaluate_names_its_mode(tagloom: Tagloom, model: Path, corpus: Path) -> None:
    assert json.loads(tagloom("evaluate", model, corpus, "--json", "--mode", "conlleval").out)["mode"] == "conlleval"
    assert "(conlleval)" in tagloom("evaluate", model, corpus, "--mode", "conlleval").out


@pytest.mark.parametrize(("mode", "f1"), [("strict", 0.0), ("partial", 0.5), ("type", 1.0)])
def test_evaluate_gives_a_moved_edge_what_its_mode_gives(
    tagloom: Tagloom, model: Path, tmp_path: Path, mode: str, f1: float
) -> None:
    (found,) = json.loads(tagloom("predict", model, NIKON, "--format", "jsonl").out)["entities"]
    assert found["text"] == "Nikon D90"
    (tmp_path / "gold.jsonl").write_text(json.dumps({"text": NIKON, "spans": [{**found, "start": found["end"] - 3}]}))
    content = json.loads(tagloom("evaluate", model, tmp_path / "gold.jsonl", "--mode", mode, "--json").out)
    assert (content["mode"], content["micro"]["f1"]) == (mode, f1)


def test_evaluate_tells_known_entities_from_new_ones_where_it_is_told_what_the_model_learned(
    tagloom: Tagloom, model: Path, corpus: Path
) -> None:
    names = [one["name"] for one in json.loads(tagloom("evaluate", model, corpus, "--json").out)["breakdowns"]]
    assert "seen" not in names
    told = json.loads(tagloom("evaluate", model, corpus, "--train", corpus, "--json").out)["breakdowns"]
    (seen,) = (one for one in told if one["name"] == "seen")
    assert [one["score"]["support"] for one in seen["slices"]] == [12]  # all of them


def test_evaluate_says_what_to_do(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    (tmp_path / "other.conll").write_text("A\tO\nmenu\tB-PNAME\nagain\tO\n\n" * 7)
    shown = tagloom("evaluate", model, tmp_path / "other.conll").out
    assert "7 of 7 PNAME as PFEATURE." in shown
    content = json.loads(tagloom("evaluate", model, tmp_path / "other.conll", "--json").out)
    assert [one["kind"] for one in content["diagnosis"]] == ["confused_labels", "uncertain_score"]


def test_evaluate_writes_a_page_with_every_error_and_replaces_none(
    tagloom: Tagloom, model: Path, tmp_path: Path
) -> None:
    (tmp_path / "gold.conll").write_text("Utterly\tO\nnew\tO\nZorblax\tB-PNAME\n\n")
    page = tmp_path / "pages" / "report.html"
    assert tagloom("evaluate", model, tmp_path / "gold.conll", "--report", page).out.endswith(f"Page {page}\n")
    assert "Zorblax" in page.read_text("utf-8")
    assert "received one that exists" in tagloom("evaluate", model, tmp_path / "gold.conll", "--report", page).error
    assert tagloom("evaluate", model, tmp_path / "gold.conll", "--report", page, "--overwrite").status == 0
    (tmp_path / "gold.conll").unlink()
    assert "no such file" in tagloom("evaluate", model, tmp_path / "gold.conll").error


def test_evaluate_tells_what_it_noticed_in_the_data(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    spans = [{"start": 10, "end": 19, "label": "PNAME"}, {"start": 90, "end": 99, "label": "PNAME"}]
    (tmp_path / "gold.jsonl").write_text(json.dumps({"text": NIKON, "spans": spans}))
    assert "1 out of range spans" in tagloom("evaluate", model, tmp_path / "gold.jsonl").out


def test_evaluate_counts_labels_that_the_model_does_not_know(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    (tmp_path / "other.conll").write_text("Nothing\tO\nhere\tB-PLACE\n\n")
    content = json.loads(tagloom("evaluate", model, tmp_path / "other.conll", "--json").out)
    assert content["labels"]["PLACE"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1}


def test_evaluate_tells_of_data_that_it_cannot_read(tagloom: Tagloom, model: Path) -> None:
    assert "nowhere.conll: no such file." in tagloom("evaluate", model, "nowhere.conll").error


def test_score_prints_what_conlleval_prints(tagloom: Tagloom, tmp_path: Path) -> None:
    (tmp_path / "tags.txt").write_text(COLUMNS)
    result = tagloom("score", tmp_path / "tags.txt")
    assert result.out == (
        "processed 4 tokens with 2 phrases; found: 2 phrases; correct: 1.\n"
        "accuracy:  75.00%; precision:  50.00%; recall:  50.00%; FB1:  50.00\n"
        "         PFEATURE: precision: 100.00%; recall: 100.00%; FB1: 100.00  1\n"
        "            PNAME: precision:   0.00%; recall:   0.00%; FB1:   0.00  1\n"
    )
    assert tagloom("score", "-", stdin=COLUMNS.encode()) == result


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"A O O\nD90 B-PNAME\n", ":2: expected at least 3 columns"),
        (b"A O X-PNAME\n", ":1: expected O or a tag such as B-NAME"),
        (b"\xff\x81 O O\n", ":1: byte 0x81 at position 1 is neither utf-8 nor cp1252"),
        (b"", ""),
    ],
)
def test_score_tells_of_lines_that_it_cannot_read(
    tagloom: Tagloom, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "tags.txt"
    path.write_bytes(content)
    assert tagloom("score", path).error.startswith(f"{path}{message}")
    assert tagloom("score", "-", stdin=content).error.startswith(f"standard input{message}")


def test_score_says_what_it_needs_where_there_is_nothing(tagloom: Tagloom, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    message = "expected lines of a word, its gold and its predicted tag, received none."
    assert tagloom("score", tmp_path / "empty.txt").error.startswith(f"{tmp_path / 'empty.txt'}: {message}")
    assert tagloom("score", "-").error.startswith(f"standard input: {message}")
