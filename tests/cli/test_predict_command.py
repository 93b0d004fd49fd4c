"""`tagloom predict`: from arguments, files and standard input, in every form."""

import gzip
import json
import lzma
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, Tagloom

NIKON = "I like my Nikon D90"


def found(result: Result) -> list[dict[str, Any]]:
    """A document a line."""
    assert (result.status, result.err) == (0, "")
    return [json.loads(line) for line in result.out.splitlines()]


def entities(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entity["text"], entity["label"]) for entity in document["entities"]]


def test_a_text_gives_a_json_object_with_its_entities(tagloom: Tagloom, model: Path) -> None:
    (document,) = found(tagloom("predict", model, NIKON))
    assert (document["id"], document["text"]) == ("0", NIKON)
    (entity,) = document["entities"]
    assert (entity["text"], entity["label"], entity["start"], entity["end"]) == ("Nikon D90", "PNAME", 10, 19)
    assert 0.5 < entity["score"] <= 1


def test_the_model_may_be_a_run(tagloom: Tagloom, model: Path) -> None:
    assert tagloom("predict", model.parent, NIKON) == tagloom("predict", model, NIKON)


def test_arguments_are_texts_and_files_and_lines_of_json_files(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    text, lines = tmp_path / "review.txt", tmp_path / "reviews.jsonl"
    text.write_text(f"{NIKON}\n\nNothing to see here\n", "utf-8")
    lines.write_text(json.dumps({"text": NIKON, "id": 7}) + "\n" + json.dumps({"text": "Nothing"}) + "\n", "utf-8")
    documents = found(tagloom("predict", model, "The menu is odd", text, lines))
    assert [document["id"] for document in documents] == ["0", str(text), "7", "1"]
    assert [entities(document) for document in documents] == [
        [("menu", "PFEATURE")],
        [("Nikon D90", "PNAME")],
        [("Nikon D90", "PNAME")],
        [],
    ]
    assert documents[1]["text"] == text.read_text("utf-8")


@pytest.mark.parametrize("suffix", ["gz", "xz", "zip"])
def test_packed_json_lines_give_a_document_a_line(tagloom: Tagloom, model: Path, tmp_path: Path, suffix: str) -> None:
    content, path = f'{{"text": "{NIKON}", "id": 7}}\nNothing\n'.encode(), tmp_path / f"reviews.jsonl.{suffix}"
    if suffix == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("reviews.jsonl", content)
    else:
        path.write_bytes(gzip.compress(content) if suffix == "gz" else lzma.compress(content))
    documents = found(tagloom("predict", model, path))
    assert [(document["id"], document["text"]) for document in documents] == [("7", NIKON), ("1", "Nothing")]


@pytest.mark.parametrize("name", ["notes.conll", "notes.tsv", "notes.csv"])
def test_a_plain_text_that_is_called_like_a_table_is_a_text(
    tagloom: Tagloom, model: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text(f"{NIKON}.\nIt works, mostly.\n", "utf-8")
    assert len(found(tagloom("predict", model, tmp_path / name))) == 1


def test_an_empty_file_is_a_document_without_entities(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (document,) = found(tagloom("predict", model, tmp_path / "empty.txt"))
    assert (document["text"], document["entities"]) == ("", [])


def test_standard_input_gives_a_document_a_line(tagloom: Tagloom, model: Path) -> None:
    lines = f'\ufeff{NIKON}\r\n\n{{"text": "A 📷 and my Sony", "id": "x"}}\nThe menu is odd'
    documents = found(tagloom("predict", model, stdin=lines.encode()))
    assert [document["id"] for document in documents] == ["0", "1", "x", "3"]
    assert [document["text"] for document in documents] == [NIKON, "", "A 📷 and my Sony", "The menu is odd"]
    for document in documents:
        for entity in document["entities"]:
            assert document["text"][entity["start"] : entity["end"]] == entity["text"]


def test_a_hyphen_is_standard_input(tagloom: Tagloom, model: Path) -> None:
    assert tagloom("predict", model, "-", stdin=NIKON.encode()) == tagloom("predict", model, stdin=NIKON.encode())
    assert len(found(tagloom("predict", model, "One", "-", stdin=b"Two\nThree"))) == 3


def test_conll_gives_a_word_and_its_tag_a_line(tagloom: Tagloom, model: Path) -> None:
    result = tagloom("predict", model, NIKON, "The menu", "--format", "conll")
    assert result.out == "I\tO\nlike\tO\nmy\tO\nNikon\tB-PNAME\nD90\tI-PNAME\n\nThe\tO\nmenu\tB-PFEATURE\n\n"


def test_text_gives_the_text_with_its_entities_marked(tagloom: Tagloom, model: Path) -> None:
    text = "[red]my[/red] :camera: Nikon D90"
    result = tagloom("predict", model, text, "--format", "text")
    assert result.out.startswith("[red]my[/red] :camera: ")
    assert "Nikon D90 [PNAME " in tagloom("predict", model, NIKON, "--format", "text").out


def test_text_is_not_broken_into_lines_where_there_is_no_terminal(tagloom: Tagloom, model: Path) -> None:
    text = "Nothing to see here " * 30
    assert tagloom("predict", model, text.strip(), "--format", "text").out.count("\n") == 1


def test_entities_below_the_threshold_are_left_out(tagloom: Tagloom, model: Path) -> None:
    (entity,) = found(tagloom("predict", model, NIKON))[0]["entities"]
    assert entity["score"] < 1
    assert found(tagloom("predict", model, NIKON, "--threshold", "1"))[0]["entities"] == []
    assert found(tagloom("predict", model, NIKON, "--threshold", "0.5"))[0]["entities"] == [entity]


def test_the_batch_size_changes_nothing(tagloom: Tagloom, model: Path) -> None:
    lines = f"{NIKON}\nThe menu is odd\nNothing\n".encode() * 5
    assert tagloom("predict", model, "--batch-size", "2", stdin=lines) == tagloom("predict", model, stdin=lines)


def test_half_a_surrogate_pair_comes_out_as_its_escape(tagloom: Tagloom, model: Path) -> None:
    line = b'{"text": "my \\ud800 Nikon D90 \\udfff"}\n'
    (document,) = found(tagloom("predict", model, stdin=line))
    assert document["text"] == "my \ud800 Nikon D90 \udfff"
    for form in ("conll", "text"):
        result = tagloom("predict", model, "--format", form, stdin=line)
        assert (result.status, result.err) == (0, "")
        assert "\\ud800" in result.out


def test_who_types_gets_an_answer_to_each_line(tagloom: Tagloom, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def documents(_self: object, some: Iterator[object], **_options: object) -> Iterator[object]:
        asked.append(len(list(some)))
        return iter(())

    monkeypatch.setattr("tagloom.inference.predictor.Predictor.documents", documents)
    result = tagloom("predict", model, "--format", "jsonl", stdin=b"One\nTwo\n", typed=True)
    assert (asked, result.err) == ([1, 1], "Type a text a line; Ctrl-D ends.\n")
    tagloom("predict", model, "One", "Two", typed=True)
    assert asked == [1, 1, 2]


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        (b'{"text": \n', "standard input:1: expected a JSON object with a text, received Expecting value"),
        (b'fine\n{"title": "A"}\n', "standard input:2: expected a text in the entry 'text', received None."),
        (b'{"text": 5}\n', "standard input:1: expected a text in the entry 'text', received 5."),
        (b"{no json}\n", 'a text that begins with { goes into one too: {"text": "..."}.'),
        (b'{"a":' * 100_000 + b"\n", "standard input:1: expected a JSON object with a text"),
        (b"fine\n\xff\xfe\n", "standard input:2: expected UTF-8, received 'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_input_that_cannot_be_read_is_told_in_one_line(
    tagloom: Tagloom, model: Path, stdin: bytes, message: str
) -> None:
    result = tagloom("predict", model, stdin=stdin)
    assert result.status == 1
    assert message in result.error


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.txt", "no such file. Check the name and the folder, or put the text in quotes."),
        ("nowhere.jsonl", "no such file. Check the name and the folder, or put the text in quotes."),
        ("binary.txt", "expected text, received binary data"),
        ("labelled.conll", "expected a text, received words with their tags. Convert it to text or JSON lines first."),
        ("labelled.tsv.gz", "expected a text, received words with their tags. Convert it to text or JSON lines first."),
        ("labelled.csv", "expected a text, received words with their tags. Convert it to text or JSON lines first."),
        (".", "expected a text or a file, received a folder. Name the files in it, or give -o FOLDER for all."),
        ("broken.jsonl", "broken.jsonl:1: expected a JSON object with a text"),
    ],
)
def test_files_that_cannot_be_read_are_told_in_one_line(
    tagloom: Tagloom, model: Path, tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "binary.txt").write_bytes(b"A\0B")
    (tmp_path / "labelled.conll").write_text("D90\tB-PNAME\n\n")
    (tmp_path / "labelled.tsv.gz").write_bytes(gzip.compress(b"D90\tB-PNAME\n\n"))
    (tmp_path / "labelled.csv").write_text("sentence,word,tag\n1,D90,B-PNAME\n")
    (tmp_path / "broken.jsonl").write_text("{")
    result = tagloom("predict", model, tmp_path / name)
    assert result.status == 1
    assert message in result.error


def test_a_long_argument_or_one_with_a_nul_is_a_text(tagloom: Tagloom, model: Path) -> None:
    assert found(tagloom("predict", model, "long " * 2000))[0]["text"] == "long " * 2000
    assert found(tagloom("predict", model, "x.txt\0"))[0]["text"] == "x.txt\0"


def test_a_file_without_permission_is_told(
    tagloom: Tagloom, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.jsonl").write_text("A\n")

    def refused(path: Path, *_arguments: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refused)
    monkeypatch.setattr("tagloom.inference.predictor.read_bundle", lambda _path: None)
    monkeypatch.setattr("tagloom.inference.predictor.Predictor.__init__", lambda *_arguments, **_options: None)
    monkeypatch.setattr("tagloom.inference.predictor.Predictor.documents", lambda _self, some, **_options: some)
    error = tagloom("predict", model, tmp_path / "mine.jsonl").error
    assert error == f"{tmp_path}/mine.jsonl: Permission denied. Check the name, the permissions and the space on disk."


@pytest.mark.parametrize("command", ["predict", "evaluate"])
@pytest.mark.parametrize("kind", ["missing", "folder", "text", "cut", "incomplete", "no json"])
def test_a_model_that_is_none_is_told_in_one_line(
    tagloom: Tagloom, model: Path, corpus: Path, tmp_path: Path, kind: str, command: str
) -> None:
    broken = tmp_path / "broken"
    if kind == "folder":
        broken.mkdir()
    elif kind == "text":
        broken.write_text("no model")
    elif kind != "missing":
        shutil.copytree(model, broken)
    if kind == "cut":
        (broken / "weights.safetensors").write_bytes((broken / "weights.safetensors").read_bytes()[:-1])
    elif kind == "incomplete":
        (broken / "network.onnx").unlink()
    elif kind == "no json":
        (broken / "config.json").write_text("{")
    result = tagloom(command, broken, corpus)
    assert result.status == 1
    assert result.error.startswith(str(broken))
