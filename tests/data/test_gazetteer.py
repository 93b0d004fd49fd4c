"""Files of names and patterns: read in each of their forms, refused with their line."""

import gzip
from pathlib import Path

import pytest

from tagloom.data.weak_labels.gazetteer import Entry, Gazetteer
from tagloom.errors import ConfigError, DataError

ENTRIES = (Entry("PNAME", "Nikon D90", 2), Entry("PNAME", r"D\d+", 4, is_pattern=True), Entry("PFEATURE", "menu", 5))


def written(folder: Path, name: str, content: str) -> Path:
    (folder / name).write_text(content, "utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.tsv", "# label, surface\nPNAME\tNikon D90\n\nPNAME\t/D\\d+/\nPFEATURE\tmenu\n"),
        ("list.txt", "\ufeff# x\r\nPNAME\tNikon D90 \r\n \t\r\n PNAME\t/D\\d+/\r\nPFEATURE\tmenu"),
        ("list.csv", 'label,surface\nPNAME,Nikon D90\n,\nPNAME,"/D\\d+/"\nPFEATURE,menu\n'),
        ("list.CSV", "Name,Label\nNikon D90,PNAME\n# no,entry\n/D\\d+/,PNAME\nmenu,PFEATURE\n"),
    ],
)
def test_every_form_of_file_gives_the_same_entries(tmp_path: Path, name: str, content: str) -> None:
    gazetteer = Gazetteer.read(written(tmp_path, name, content))
    assert (gazetteer.name, gazetteer.entries) == (name, ENTRIES)


def test_a_table_without_a_header_has_the_label_first(tmp_path: Path) -> None:
    assert Gazetteer.read(written(tmp_path, "a.csv", 'P,"a, b"\n')).entries == (Entry("P", "a, b", 1),)


@pytest.mark.parametrize("name", ["list.txt", "list.csv"])
def test_surfaces_alone_take_the_label_that_is_given(tmp_path: Path, name: str) -> None:
    gazetteer = Gazetteer.read(written(tmp_path, name, "Nikon\n/D\\d+/\n/\n//\n"), label="PNAME")
    assert gazetteer.entries == (
        Entry("PNAME", "Nikon", 1),
        Entry("PNAME", "D\\d+", 2, is_pattern=True),
        Entry("PNAME", "/", 3),
        Entry("PNAME", "//", 4),
    )


def test_a_packed_file_is_read_and_named(tmp_path: Path) -> None:
    (tmp_path / "list.tsv.gz").write_bytes(gzip.compress(b"P\ta\n"))
    assert Gazetteer.read(tmp_path / "list.tsv.gz") == Gazetteer("list.tsv.gz", (Entry("P", "a", 1),))


@pytest.mark.parametrize(
    ("content", "label", "message"),
    [
        (
            "Nikon\n",
            None,
            r"list\.tsv:1: expected a label and a surface, received 1 cells: \['Nikon'\]. Part them by a",
        ),
        ("P\ta\tb\n", None, r"list\.tsv:1: expected a label and a surface, received 3 cells"),
        ("P\ta\n", "P", r"list\.tsv:1: expected a surface alone, since each is P, received 2 cells"),
        ("P\t\u200b\n", None, r"list\.tsv:1: expected a label and a surface, received 'P' and '\\u200b'"),
        (
            "P\ta\nP\t/(/\n",
            None,
            r"list\.tsv:2: expected a regular expression between slashes, received /\(/ \(missing",
        ),
        ("P\t/(?:(?:a{999}){999}){9}/", None, r"list\.tsv:1: .* \(its counted repeats make more than 100000 elements"),
        (
            "P\ta b\n\nQ\ta  b\n",
            None,
            r"list\.tsv:3: expected one label for 'a  b', received Q, and P in line 1\. Keep",
        ),
        ("# nothing\n", None, r"list\.tsv: expected names or patterns to look for, found none"),
    ],
)
def test_what_is_no_gazetteer_is_refused_with_its_line(
    tmp_path: Path, content: str, label: str | None, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        Gazetteer.read(written(tmp_path, "list.tsv", content), label=label)


def test_a_table_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"list\.csv:2: expected a table, received a row that is none"):
        Gazetteer.read(written(tmp_path, "list.csv", 'P,a\nP,"b"c\n'))


def test_options_that_are_none_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "list.txt", "a\n")
    with pytest.raises(ConfigError, match="label: expected a name such as PNAME, received none"):
        Gazetteer.read(path, label=" ")
    with pytest.raises(ConfigError, match="time_limit: expected seconds above 0, received 0"):
        Gazetteer.read(path, label="P", time_limit=0)


@pytest.mark.parametrize(("ignore_case", "num_kept"), [(False, 3), (True, 2)])
def test_entries_that_repeat_earlier_ones_are_counted(
    caplog: pytest.LogCaptureFixture, ignore_case: bool, num_kept: int
) -> None:
    surfaces = ("Nikon D90", "Nikon  D90", "NIKON d90", "Stra\u00dfe")
    entries = tuple(Entry("P", surface, line) for line, surface in enumerate(surfaces, start=1))
    gazetteer = Gazetteer("list.txt", entries, ignore_case=ignore_case)
    assert len(gazetteer.entries) == num_kept
    assert caplog.messages == [f"list.txt: {4 - num_kept} entries repeat earlier ones"]


def test_a_pattern_and_a_surface_may_read_the_same() -> None:
    entries = (Entry("P", "D90", 1), Entry("Q", "D90", 2, is_pattern=True))
    assert Gazetteer("list.txt", entries).entries == entries
