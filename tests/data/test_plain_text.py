"""Plain text has no place for blank texts and line ends; blank lines are counted."""

from pathlib import Path

import pytest

from tagloom.data import Dataset, Source, read, write
from tagloom.errors import DataError
from tagloom.text import Document


def test_a_document_without_text_is_told_and_not_written(tmp_path: Path) -> None:
    documents = tuple(Document(text, id=name) for name, text in [("1", "A D90"), ("2", ""), ("3", " \t"), ("2", "b")])
    findings = write(Dataset(documents, (Source((), "json_lines"),)), tmp_path / "a.txt", format="text")
    told = {finding.kind: (finding.count, finding.examples) for finding in findings}
    assert told == {"lost_documents": (2, ("document 2", "document 3"))}
    assert (tmp_path / "a.txt").read_text() == "A D90\nb\n"


@pytest.mark.parametrize("text", ["a\nb", "a\r", "a\rb"])
def test_a_line_end_in_a_text_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match="document '7': a line has no place for a line end"):
        write(Dataset((Document(text, id="7"),), (Source((), "json_lines"),)), tmp_path / "a.txt", format="text")


def test_blank_lines_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A\n\n \t\nB\n")
    dataset = read(tmp_path / "a.txt", format="text")
    assert [document.id for document in dataset.documents] == ["1", "4"]
    (finding,) = dataset.sources[0].findings
    assert (finding.kind, finding.count, finding.examples) == ("blank_sentences", 2, ("a.txt:2", "a.txt:3"))
