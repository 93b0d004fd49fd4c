"""Ids that do not come back are told to be lost, whatever they look like; those that do are not."""

from pathlib import Path

import pytest

from tagloom.data import Dataset, Source, read, write
from tagloom.text import Document


def lost(folder: Path, format_name: str, suffixes: list[str], *ids: str) -> tuple[list[str], list[str]]:
    """Which ids are told to be lost, and which come back."""
    documents = tuple(Document(f"D90 number {place} works", id=name) for place, name in enumerate(ids))
    paths = [folder / f"corpus{suffix}" for suffix in suffixes]
    findings = write(Dataset(documents, (Source((), "json_lines"),)), *paths, format=format_name)
    told = [example for finding in findings if finding.kind == "lost_ids" for example in finding.examples]
    return told, [document.id for document in read(*paths, format=format_name).documents]


@pytest.mark.parametrize(
    ("format_name", "suffixes"), [("text", [".txt"]), ("two_files", [".sentences.txt", ".tags.txt"])]
)
def test_a_number_is_lost_unless_a_reader_gives_it(tmp_path: Path, format_name: str, suffixes: list[str]) -> None:
    told, again = lost(tmp_path, format_name, suffixes, "1", "7", "3", "")
    assert told == ["document 7"]
    assert again == ["1", "2", "3", "4"]


def test_a_table_tells_once_of_a_document_whose_name_was_taken(tmp_path: Path) -> None:
    told, again = lost(tmp_path, "csv", [".csv"], "7", "7", "8")
    assert told == ["document 7: written as 7.2"]
    assert again == ["7", "7.2", "8"]


def test_a_table_tells_once_of_a_document_of_several_sentences(tmp_path: Path) -> None:
    text = "A D90 . It works . It does ."
    (tmp_path / "a.conll").write_text(
        "-DOCSTART- O\n\n" + "\n\n".join("\n".join(f"{word} O" for word in one.split()) for one in text.split(" . "))
    )
    findings = write(read(tmp_path / "a.conll"), tmp_path / "a.csv", format="csv")
    told = {finding.kind: finding for finding in findings}
    assert told["lost_ids"].examples == ("document 1: written as 1.2",)
    assert told["lost_ids"].count == 1
