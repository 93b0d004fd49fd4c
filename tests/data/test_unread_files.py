"""What lies beside the files that are read, and what was guessed of these, is said."""

import zipfile
from pathlib import Path

import pytest

from tagloom.data import read
from tagloom.data.converting import convert
from tagloom.errors import DataError

CONLL = "D90\tB-PNAME\n"


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("T1\tPNAME 0 3\tD90\n" if path.suffix == ".ann" else CONLL)
    return folder


def packed(folder: Path) -> Path:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                target.write(path, path.relative_to(folder))
    return archive


@pytest.mark.parametrize("is_zip", [False, True])
@pytest.mark.parametrize(
    ("names", "unread"),
    [
        (["train.conll", "dev.conll", "more.conll", "old/else.conll"], {"more.conll", "else.conll"}),
        (["train.conll", "test.conll", "README.md", "LICENSE", "annotation.conf", ".hidden"], set()),
        (["1.ann", "1.txt", "2.conll", "README.txt", "annotation.conf"], {"2.conll"}),
        (["1.ann", "1.txt", "test.txt"], set()),
    ],
)
def test_files_that_are_not_read_are_named(tmp_path: Path, names: list[str], unread: set[str], is_zip: bool) -> None:
    folder = fill(tmp_path / "corpus", *names)
    dataset = read(packed(folder) if is_zip else folder)
    findings = [finding for source in dataset.sources for finding in source.findings if finding.kind == "unread_files"]
    assert {name for finding in findings for name in finding.examples} == unread
    assert sum(finding.count for finding in findings) == len(unread)


@pytest.mark.parametrize("is_zip", [False, True])
@pytest.mark.parametrize("part", ["train.conll", "test.sentences.txt"])
def test_parts_beside_files_of_brat_are_asked_about(tmp_path: Path, part: str, is_zip: bool) -> None:
    folder = fill(tmp_path / "corpus", part, "raw/1.ann", "raw/1.txt")
    with pytest.raises(DataError, match=rf"either files named train, dev or test or files of BRAT, found .*{part} and"):
        read(packed(folder) if is_zip else folder)


def test_a_guessed_encoding_is_said_with_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "cp1252.conll"
    path.write_bytes(f"The\tO\ncafé\tO\n{CONLL}".encode("cp1252"))
    expected = [("guessed_encoding", ("cp1252.conll:2",))]
    told = convert([path], tmp_path / "out.jsonl", to="json_lines").sources
    for (source,) in (read(path).sources, told):
        assert [(finding.kind, finding.examples) for finding in source.findings] == expected
    assert not read(path, encoding="cp1252").sources[0].findings
    path.write_text("café\tO\n", "utf-8")
    assert not read(path).sources[0].findings
