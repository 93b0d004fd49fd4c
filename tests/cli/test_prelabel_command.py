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


def test_a_file_that_exists_is_not_written_over(tagloom: Tagloom, tmp_path: Path, texts: Path, products: Path) -> None:
    out = tmp_path / "out.jsonl"
    before = texts.read_bytes()
    command = ("data", "prelabel", texts, "--gazetteer", products)
    for target in (texts, products):
        error = tagloom(*command, target, "--to", "json_lines", "--overwrite").error
        assert "expected another file than those that are read" in error
    assert texts.read_bytes() == before
    (tmp_path / "out.jsonl").write_text("mine")
    assert "out.jsonl: expected a file to make, received one that exists." in tagloom(*command, out).error
    assert out.read_text() == "mine"
    assert tagloom(*command, out, "--overwrite").status == 0
    assert len(read(out).documents) == 2


@pytest.mark.parametrize(
    ("options", "files"),
    [
        (["out.conll"], ["out.conll"]),
        (["out.prodigy.jsonl"], ["out.prodigy.jsonl"]),
        (["out", "--to", "two_files"], ["out.sentences.txt", "out.tags.txt"]),
    ],
)
def test_the_format_is_that_of_the_name_unless_it_is_said(
    tagloom: Tagloom, tmp_path: Path, texts: Path, products: Path, options: list[str], files: list[str]
) -> None:
    made, (name, *others) = tmp_path / "made", options
    result = tagloom("data", "prelabel", texts, made / name, *others, "--gazetteer", products)
    assert result.status == 0
    assert sorted(path.name for path in made.iterdir()) == files
    assert read(*(made / each for each in files)).entities == {"PNAME": 2, "PFEATURE": 2}


def test_a_name_that_says_no_format_is_refused_before_anything_is_read(tagloom: Tagloom, tmp_path: Path) -> None:
    error = tagloom("data", "prelabel", tmp_path / "none", tmp_path / "out", "--gazetteer", tmp_path / "none").error
    assert "out: expected a file whose name says its format" in error


def test_documents_that_nobody_has_labelled_are_labelled(tagloom: Tagloom, tmp_path: Path, products: Path) -> None:
    (tmp_path / "brat").mkdir()
    (tmp_path / "brat" / "1.txt").write_text("My Nikon D90")
    (tmp_path / "brat" / "2.txt").write_text("Its menu")
    (tmp_path / "brat" / "1.ann").write_text("")
    (tmp_path / "tasks.json").write_text(json.dumps([{"data": {"text": "My Nikon D90"}}]))
    (tmp_path / "bare.jsonl").write_text('{"text": "My Nikon D90"}\n{"text": "Its menu", "entities": []}\n')
    (tmp_path / "bare.json").write_text('[{"text": "My Nikon D90", "product": "D90"}]')
    for number, (source, entities) in enumerate(
        {
            "brat": {"PNAME": 1, "PFEATURE": 1},
            "tasks.json": {"PNAME": 1},
            "bare.jsonl": {"PNAME": 1, "PFEATURE": 1},
            "bare.json": {"PNAME": 1},
        }.items()
    ):
        out = tmp_path / f"{number}.jsonl"
        assert tagloom("data", "prelabel", tmp_path / source, out, "--gazetteer", products).status == 0
        assert read(out).entities == entities


def test_the_texts_of_a_folder_are_read_as_plain_text(tagloom: Tagloom, tmp_path: Path, products: Path) -> None:
    folder = tmp_path / "reviews"
    folder.mkdir()
    (folder / "a.txt").write_text("My Nikon D90\nIts menu\n")
    (folder / "b.txt").write_text("A grip\n")
    (folder / "c.doc").write_text("A grip\n")
    result = tagloom("data", "prelabel", folder, tmp_path / "out.jsonl", "--from", "text", "--gazetteer", products)
    assert result.status == 0
    assert [document.text for document in read(tmp_path / "out.jsonl").documents] == [
        "My Nikon D90",
        "Its menu",
        "A grip",
    ]
    assert "1 unread files." in result.out
    assert "    c.doc\n" in result.out


def test_what_reading_left_out_is_told(tagloom: Tagloom, tmp_path: Path, products: Path) -> None:
    entity = {"start": 3, "end": 99, "label": "PNAME"}
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "7", "text": "My D90", "entities": [entity]}))
    result = tagloom("data", "prelabel", tmp_path / "in.jsonl", tmp_path / "out.jsonl", "--gazetteer", products)
    assert "1 out of range spans." in result.out


def test_plain_text_is_a_document_a_line(tagloom: Tagloom, tmp_path: Path, products: Path) -> None:
    (tmp_path / "reviews.txt").write_text("My Nikon D90\nIts menu\n")
    options = ("--from", "text", "--gazetteer", products)
    assert tagloom("data", "prelabel", tmp_path / "reviews.txt", tmp_path / "out.jsonl", *options).status == 0
    assert [len(document.spans) for document in read(tmp_path / "out.jsonl").documents] == [1, 1]
