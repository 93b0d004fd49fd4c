"""`tagloom data prelabel`: from a list of products to a first labelled file."""

import json
from pathlib import Path

import pytest
from command_line import Tagloom

from tagloom.data import read
from tagloom.text import Span

LIST = "# products\nPNAME\tNikon D90\nPNAME\t/D\\d+/\nPFEATURE\tmenu\nPFEATURE\tgrip\n"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    known = [{"start": 0, "end": 3, "label": "PNAME"}]
    lines = [
        {"text": "My Nikon D90 has a menu", "entities": []},
        {"text": "D80 and D80s and a menu", "entities": known},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def products(tmp_path: Path) -> Path:
    path = tmp_path / "products.tsv"
    path.write_text(LIST)
    return path


def test_prelabel_writes_spans_with_their_origin_and_tells_what_matched(
    tagloom: Tagloom, tmp_path: Path, texts: Path, products: Path
) -> None:
    result = tagloom("data", "prelabel", texts, tmp_path / "out.jsonl", "--gazetteer", products)
    assert (result.status, result.err) == (0, "")
    first, second = read(tmp_path / "out.jsonl").documents
    assert first.spans == (
        Span(3, 12, "PNAME", origin="gazetteer products.tsv:2"),
        Span(19, 23, "PFEATURE", origin="gazetteer products.tsv:4"),
    )
    assert second.spans == (Span(0, 3, "PNAME"), Span(19, 23, "PFEATURE", origin="gazetteer products.tsv:4"))
    rows = [line.replace(" ", "") for line in result.out.splitlines() if line.startswith("│")]
    assert rows == ["│PFEATURE│2│2│0│0│", "│PNAME│2│1│1│1│"]
    assert "line 3: /D\\d+/ fits 1 times inside words or across sentences, which does not count." in result.out
    assert "1 of 4 entries match nothing: grip (line 5).\n" in result.out


def test_a_list_of_surfaces_takes_one_label_and_options(tagloom: Tagloom, tmp_path: Path, texts: Path) -> None:
    (tmp_path / "list.txt").write_text("NIKON\nd80S\nen")
    options = (
        "--gazetteer",
        tmp_path / "list.txt",
        "--label",
        "X",
        "--ignore-case",
        "--inside-words",
        "--to",
        "json_lines",
    )
    assert tagloom("data", "prelabel", texts, tmp_path / "out.jsonl", *options).status == 0
    spans = [span for document in read(tmp_path / "out.jsonl").documents for span in document.spans if span.origin]
    assert [(span.start, span.end, span.label) for span in spans] == [
        (3, 8, "X"),
        (20, 22, "X"),
        (8, 12, "X"),
        (20, 22, "X"),
    ]


def test_many_entries_without_a_match_are_told_in_one_line(tagloom: Tagloom, tmp_path: Path, texts: Path) -> None:
    (tmp_path / "list.txt").write_text("".join(f"none{number}\n" for number in range(30)))
    options = ("--gazetteer", tmp_path / "list.txt", "--label", "X")
    out = tagloom("data", "prelabel", texts, tmp_path / "out.jsonl", *options).out
    assert "30 of 30 entries match nothing: none0 (line 1), none1 (line 2), " in out
    assert out.endswith("none19 (line 20) and 10 more.\n")


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (LIST, ["--label", "X"], "products.tsv:2: expected a surface alone, since each is X, received 2 cells"),
        ("Nikon\n", [], "products.tsv:1: expected a label and a surface, received 1 cells"),
        ("P\t/(/\n", [], "products.tsv:1: expected a regular expression between slashes, received /(/ (missing )"),
        (LIST, ["--time-limit", "0"], "time_limit: expected seconds above 0, received 0.0"),
        (LIST, ["--from", "xml"], "format: received 'xml'"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    tagloom: Tagloom, tmp_path: Path, texts: Path, products: Path, content: str, options: list[str], message: str
) -> None:
    products.write_text(content)
    result = tagloom("data", "prelabel", texts, tmp_path / "out.jsonl", "--gazetteer", products, *options)
    assert (result.status, message in result.error) == (1, True)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_pattern_that_takes_too_long_is_told_with_its_line(tagloom: Tagloom, tmp_path: Path, products: Path) -> None:
    products.write_text("P\ta\nP\t/(?i)(a|aa)+$/\n")
    (tmp_path / "bad.jsonl").write_text(json.dumps({"id": "bad", "text": "a" * 60 + "!", "entities": []}))
    options = ("--gazetteer", products, "--time-limit", "0.1")
    error = tagloom("data", "prelabel", tmp_path / "bad.jsonl", tmp_path / "out.jsonl", *options).error
    assert error.startswith("products.tsv:2: the pattern /(?i)(a|aa)+$/ took longer than 0.1 s on document 'bad'.")


def test_a_file_that_exists_is_not_written_over(tagloom: Tagloom, texts: Path, products: Path) -> None:
    before = texts.read_bytes()
    error = tagloom("data", "prelabel", texts, texts, "--gazetteer", products).error
    assert "expected a file to make, received one that exists" in error
    assert texts.read_bytes() == before


def test_plain_text_is_a_document_a_line(tagloom: Tagloom, tmp_path: Path, products: Path) -> None:
    (tmp_path / "reviews.txt").write_text("My Nikon D90\nIts menu\n")
    options = ("--from", "text", "--gazetteer", products)
    assert tagloom("data", "prelabel", tmp_path / "reviews.txt", tmp_path / "out.jsonl", *options).status == 0
    assert [len(document.spans) for document in read(tmp_path / "out.jsonl").documents] == [1, 1]
