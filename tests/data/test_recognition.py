from pathlib import Path

import pytest

from tagloom.data import FORMATS, read
from tagloom.errors import ConfigError, DataError


@pytest.mark.parametrize(
    ("content", "format_name"),
    [
        ("sent_id,word,tag\n1,a,O\n", "csv"),
        ("Sentence\tWord\tTag\n1\ta\tO\n", "csv"),
        ("Sentence\tO\nWord\tB-X\n", "conll"),
        ("Word Tag O\n, , B-X\n", "conll"),
        ('{"text": "a", "entities": []}\n', "json_lines"),
        ('{"text":\tO\n', "conll"),
    ],
)
def test_a_format_is_recognised_by_its_content(tmp_path: Path, content: str, format_name: str) -> None:
    path = tmp_path / "data.unknown"
    path.write_text(content, encoding="utf-8")
    assert read(path).sources[0].format == format_name


def test_sources_of_several_formats_are_read_together(tmp_path: Path) -> None:
    contents = {"a.csv": "sent_id,word,tag\n1,a,O\n", "b": "b c\n", "c": "O B-X\n", "d": "d O\n", "e": "e B-Y\n"}
    for name, content in contents.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    dataset = read(*(tmp_path / name for name in contents))
    assert [source.format for source in dataset.sources] == ["csv", "two_files", "conll", "conll"]
    assert [document.text for document in dataset.documents] == ["a", "b c", "d", "e"]


@pytest.mark.parametrize("content", ["Once upon a time there was a camera.\n", "a,b,c\n1,2,3\n", "%PDF-1.4\n"])
def test_what_no_format_recognises_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "prose.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read(path)
    message = str(error.value)
    assert message.startswith(f"{path}: expected one of: ")
    assert "a file of sentences and a file of their tags; " in message
    assert f"received {content.splitlines()[0]!r} as its first line. Correct the file, or say what it is" in message
    assert "\n" not in message


def test_a_format_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"format: received 'xml', expected one of .*two_files, .*json_lines, .*conll, text\."
    ):
        read(tmp_path, format="xml")


def test_every_format_has_a_name_and_endings_of_its_own() -> None:
    assert len({each.name for each in FORMATS}) == len(FORMATS)
    assert len({suffix for each in FORMATS for suffix in each.suffixes}) == sum(len(each.suffixes) for each in FORMATS)


def folder_with(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text("a b\n" if "sentences" in name else f"{name} O\n", encoding="utf-8")
    return folder


def test_a_folder_gives_its_train_dev_and_test_files_in_this_order(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "test.conll", "wnut-train.conll", "devel.tsv", "README.md", ".train.part")
    dataset = read(folder)
    assert [document.text for document in dataset.documents] == ["wnut-train.conll", "devel.tsv", "test.conll"]


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected files named train, dev or test, found no files"):
        read(tmp_path)
    with pytest.raises(DataError, match=r"found README\.md, corpus\.conll\. Name the files to read\."):
        read(folder_with(tmp_path, "corpus.conll", "README.md"))


def test_a_folder_with_too_many_files_for_a_part_is_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "train.conll", "train.csv", "train.txt")
    with pytest.raises(DataError, match=r"expected one file or two for train, found train\.conll, train\.csv, train"):
        read(folder)
