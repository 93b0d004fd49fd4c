"""Sentences explained on the command line, and the worked lattice of the documentation."""

import json
import re
from pathlib import Path

import pytest
from command_line import Tagloom

DOCS = Path(__file__).resolve().parents[2] / "docs"
SUM = re.compile(r"^([-+0-9. ]+) = (-?[0-9.]+)$", re.MULTILINE)


def test_the_documented_output_is_the_output(tagloom: Tagloom) -> None:
    result = tagloom("explain", "--lattice", DOCS / "lattice.json")
    assert (result.status, result.err) == (0, "")
    shown = re.search(
        r"^```\n\$ tagloom explain --lattice docs/lattice.json\n(.*?)^```", page("lattice.md"), re.DOTALL | re.MULTILINE
    )
    assert shown is not None
    assert [line.rstrip() for line in result.out.splitlines()] == shown.group(1).splitlines()


def test_the_worked_lattice_prefers_51_to_45(tagloom: Tagloom) -> None:
    found = json.loads(tagloom("explain", "--lattice", DOCS / "lattice.json", "--json", "--paths", "4").out)
    scores = {tuple(path["tags"]): path["score"] for path in found["paths"]}
    assert found["paths"][0]["tags"] == ["PNAME", "O", "PFEATURE", "PFEATURE"]
    assert scores["PNAME", "O", "PFEATURE", "PFEATURE"] == 51
    assert scores["PNAME", "PNAME", "PFEATURE", "PFEATURE"] == 45
    for told in ("1 + 15 + **2** + 8 + **2** + 11 + **1** + 5 = **45**", "1 + 15 + 4 + 12 + 2 + 11 + 1 + 5 = 51"):
        assert told in page("lattice.md")


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def test_the_sum_that_is_told_is_the_score(tagloom: Tagloom, model: Path) -> None:
    out = tagloom("explain", model, "My Nikon D90").out
    (told,) = SUM.findall(out)
    terms = [float(term) for term in re.sub(r"([-+]) ", r"\1", told[0]).split()]
    assert sum(terms) == pytest.approx(float(told[1]), abs=0.06)  # each is rounded


def test_a_model_is_explained_within_the_line(tagloom: Tagloom, model: Path) -> None:
    result = tagloom("explain", model, "My Sony has a good grip , the menu is odd and slow .")
    assert result.status == 0
    assert all(len(line.rstrip()) <= 80 for line in result.out.splitlines())
    assert "Sony [PNAME " in result.out
    assert "×" in result.out


def test_every_word_has_its_best_tag_in_brackets(tagloom: Tagloom, model: Path) -> None:
    words = "My Sony D90 has a good grip and menu".split()
    out = tagloom("explain", model, " ".join(words)).out
    table = out.partition("Emissions")[2].partition("Transitions")[0].splitlines()
    for word in words:
        (row,) = [line for line in table if line.split()[:1] == [word]]
        assert row.count("[") == 1


def test_what_json_says_is_taken_as_a_lattice_with_the_same_paths(
    tagloom: Tagloom, model: Path, tmp_path: Path
) -> None:
    told = tagloom("explain", model, "My Nikon D90 works", "--json", "--paths", "3").out
    path = tmp_path / "sentence.json"
    path.write_text(told, "utf-8")
    again = tagloom("explain", "--lattice", path, "--json", "--paths", "3")
    assert again.out == told
    content = json.loads(told)
    assert len(content["paths"]) == 3
    assert content["words"] == ["My", "Nikon", "D90", "works"]
    assert None in content["transitions"][1]


def test_of_a_text_with_several_sentences_one_is_explained_and_it_says_so(tagloom: Tagloom, model: Path) -> None:
    text = "It works. My Nikon D90 rocks. I like it."
    first = tagloom("explain", model, text)
    assert first.out.startswith("It works .")
    assert first.err == "The text has 3 sentences; this is the first. --sentence 2 tells the next.\n"
    second = tagloom("explain", model, text, "--sentence", "2")
    assert second.out.startswith("My Nikon D90")
    assert second.err == ""
    assert "sentence: expected 1 to 3" in tagloom("explain", model, text, "--sentence", "4").error


def test_a_text_without_words_is_refused(tagloom: Tagloom, model: Path) -> None:
    assert tagloom("explain", model, " ").error == "text: expected words to explain, received ' '. Give a sentence."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Invalid value for MODEL: expected MODEL and TEXT, or --lattice; received no MODEL."),
        (["m"], "Invalid value for TEXT: expected MODEL and TEXT, or --lattice; received no TEXT."),
        (["m", "a", "--lattice", "f"], "expected --lattice alone, received MODEL beside it"),
        (["--sentence", "1", "--lattice", "f"], "expected --lattice alone, received --sentence beside it"),
        (["m", "a", "--paths", "0"], "Invalid value for '--paths'"),
        (["m", "two", "words"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_told(tagloom: Tagloom, arguments: list[str], message: str) -> None:
    result = tagloom("explain", *arguments)
    assert result.status == 2
    assert message in result.error


def test_a_lattice_that_is_none_is_told_with_its_file(tagloom: Tagloom, tmp_path: Path) -> None:
    path = tmp_path / "lattice.json"
    path.write_text('{"tags": ["O"], "emissions": [[1, 2]], "transitions": [[0]]}', "utf-8")
    told = tagloom("explain", "--lattice", path).error
    assert told == f"{path}: emissions, row 1: expected 1 scores, one a tag, received 2."
    assert "No such file" in tagloom("explain", "--lattice", tmp_path / "none.json").error


def test_a_page_is_written_and_no_word_is_markup(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    report = tmp_path / "page.html"
    result = tagloom("explain", model, "My <img src=x> D90", "--report", report)
    assert result.status == 0
    assert result.out.endswith(f"Page {report}\n")
    written = report.read_text("utf-8")
    assert "<h1>My &lt; img src = x &gt; D90</h1>" in written
    assert "<img" not in written.partition("<script")[0]
    refused = tagloom("explain", model, "A D90", "--report", report)
    assert "received one that exists" in refused.error
    assert tagloom("explain", model, "A D90", "--report", report, "--overwrite").status == 0


def test_words_do_not_steer_the_terminal(tagloom: Tagloom, tmp_path: Path) -> None:
    path = tmp_path / "lattice.json"
    evil = {"words": ["\x1b[2J\u202e"], "tags": ["O", "\x1b[31mX"], "emissions": [[0, 1]], "transitions": [[0, 0]] * 2}
    path.write_text(json.dumps(evil), "utf-8")
    out = tagloom("explain", "--lattice", path).out
    assert "\\x1b[2J\\u202e" in out
    assert not {"\x1b", "\u202e"} & set(out)


def test_help_fits_the_line(tagloom: Tagloom) -> None:
    result = tagloom("explain", "--help")
    assert result.status == 0
    assert all(len(line) <= 80 and "…" not in line for line in result.out.splitlines())
