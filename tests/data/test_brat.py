import contextlib
import re
import tempfile
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from span_documents import counts, documents, in_one_folder, marked, noticed, strings

from tagloom.data import Dataset, read, write
from tagloom.data.file_names import FileNames
from tagloom.errors import DataError
from tagloom.text import Document, Span, Token

TEXT = "A 🎉 D90 by\nNikon Japan, made well."


def brat(folder: Path, annotations: str | bytes | None, text: str | bytes = TEXT, name: str = "1") -> Path:
    """A pair of files in a folder, which comes back."""
    for suffix, content in ((".txt", text), (".ann", annotations)):
        path = folder / (name + suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_a_folder_is_recognised_and_read(tmp_path: Path) -> None:
    dataset = read(brat(tmp_path, "T1\tPNAME 4 7\tD90\nT2\tORG 11 16\tNikon\n"))
    assert dataset.sources[0].format == "brat"
    assert dataset.documents == (Document(TEXT, (Span(4, 7, "PNAME"), Span(11, 16, "ORG")), "1"),)
    assert noticed(dataset) == {}


def test_files_and_zips_are_read_as_folders_are(tmp_path: Path) -> None:
    folder = brat(brat(tmp_path / "corpus", "T1\tPNAME 4 7\tD90\n"), "", "b", "2")
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"inner/{path.name}")
        archive.writestr("inner/annotation.conf", "[entities]\nPNAME\n")
    expected = read(folder).documents
    assert [document.id for document in expected] == ["1", "2"]
    assert read(tmp_path / "corpus.zip").documents == expected
    assert read(*sorted(folder.iterdir(), reverse=True)).documents == expected[::-1]


def test_nested_folders_keep_names_apart(tmp_path: Path) -> None:
    for name in ("a/1", "b/1", "b/c/2"):
        brat(tmp_path, "", name, name)
    dataset = read(tmp_path)
    assert [(document.id, document.text) for document in dataset.documents] == [
        ("a/1", "a/1"),
        ("b/1", "b/1"),
        ("b/c/2", "b/c/2"),
    ]
    assert [document.id for document in read(tmp_path / "b" / "c").documents] == ["2"]


def test_offsets_count_the_characters_of_the_file_as_it_is(tmp_path: Path) -> None:
    text = "A\r\n🎉\u0085\u2028é\r\nD90"
    dataset = read(brat(tmp_path, f"T1\tPNAME {text.index('D90')} {len(text)}\tD90\r\n", text))
    assert marked(dataset.documents[0]) == [("D90", "PNAME")]
    assert dataset.documents[0].text == text
    assert noticed(dataset) == {}


def test_offsets_that_count_a_byte_order_mark_are_mended(tmp_path: Path) -> None:
    marked_text = b"\xef\xbb\xbf" + TEXT.encode()
    counted = read(brat(tmp_path / "a", "T1\tPNAME 5 8\tD90\n", marked_text))
    assert (marked(counted.documents[0]), noticed(counted)) == ([("D90", "PNAME")], {"shifted_spans": 1})
    uncounted = read(brat(tmp_path / "b", "T1\tPNAME 4 7\tD90\n", marked_text))
    assert (marked(uncounted.documents[0]), noticed(uncounted)) == ([("D90", "PNAME")], {})


@pytest.mark.parametrize(("cover", "spans"), [(False, []), (True, [("D90 by\nNikon", "X")])])
def test_a_span_with_a_gap_is_left_out_unless_it_is_to_be_covered(
    tmp_path: Path, cover: bool, spans: list[tuple[str, str]]
) -> None:
    folder = brat(tmp_path, "T1\tX 11 16;4 7\tD90 Nikon\n")
    dataset = read(folder, cover_discontinuous=cover)
    assert marked(dataset.documents[0]) == spans
    assert noticed(dataset) == {"discontinuous_spans": 1}


@pytest.mark.parametrize("parts", ["8 10;11 16", "8 9;9 16", "11 16;8 10"])
def test_parts_with_blanks_alone_between_them_are_one_span(tmp_path: Path, parts: str) -> None:
    dataset = read(brat(tmp_path, f"T1\tX {parts}\n"))
    assert marked(dataset.documents[0]) == [("by\nNikon", "X")]
    assert noticed(dataset) == {}


def test_other_annotations_are_counted(tmp_path: Path) -> None:
    lines = [
        "T1\tPNAME 4 7\tD90",
        "R1\tby Arg1:T1 Arg2:T2",
        "E1\tMaking:T1 Theme:T1",
        "*\tEquiv T1 T2",
        "",
        "A1\tNegation E1",
        "M1\tNegation E1",
        "N1\tReference T1 Wikipedia:7\tNikon D90",
        "#1\tAnnotatorNotes T1\ta remark",
        "#2\tAnnotatorNotes T1\tanother",
    ]
    dataset = read(brat(tmp_path, "\n".join(lines)))
    assert noticed(dataset) == {"unread_annotations": 8}
    assert marked(dataset.documents[0]) == [("D90", "PNAME")]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("T1\tX 4 7\tD80", {"wrong_span_texts": 1}),
        ("T1\tX 4 7", {}),
        ("T1\tX 4 7\tD90\ta remark", {}),
        ("T1\tX 8 16\tby Nikon", {}),
        ("T1\tX 4 99\tD90", {"wrong_span_texts": 1, "out_of_range_spans": 1}),
        ("T1\tX 4 4\t", {"empty_spans": 1}),
        ("T1\tX 7 4\t", {"out_of_range_spans": 1}),
        ("T1\tX 4 7\tD90\nT2\tX 4 7\tD90", {"duplicate_spans": 1}),
    ],
)
def test_spans_that_cannot_be_are_named(tmp_path: Path, line: str, kinds: dict[str, int]) -> None:
    dataset = read(brat(tmp_path, line))
    assert noticed(dataset) == kinds
    assert all("document 1" in finding.examples[0] for finding in dataset.sources[0].findings)


def test_a_text_without_annotations_is_left_out_and_counted(tmp_path: Path) -> None:
    dataset = read(brat(brat(tmp_path, None), "", "b", "2"))
    assert [document.id for document in dataset.documents] == ["2"]
    assert noticed(dataset) == {"unannotated_documents": 1}


def test_annotations_without_a_text_are_refused(tmp_path: Path) -> None:
    folder = brat(brat(tmp_path, "T1\tX 0 1\tb", "b"), "", "b", "2")
    (folder / "1.txt").unlink()
    with pytest.raises(DataError, match=r"1\.ann: expected its text beside it, in a file with the ending \.txt"):
        read(folder)


def test_a_file_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    folder = brat(tmp_path, "")
    with pytest.raises(DataError, match=r"1\.txt: expected each file once, received it twice"):
        read(folder / "1.txt", folder / "1.ann", folder / "1.txt")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("PNAME 4 7 D90", "1.ann:2: expected an annotation of BRAT, such as T1"),
        ("X1\tPNAME 4 7\tD90", "1.ann:2: expected an annotation of BRAT, such as T1"),
        ("T1\tPNAME\tD90", "1.ann:2: expected a label and offsets such as 'PNAME 2 5' or 'PNAME 2 5;7 9'"),
        ("T1\tPNAME 4 -7\tD90", "1.ann:2: expected a label and offsets"),
        ("T1\tPNAME 4 7;\tD90", "1.ann:2: expected a label and offsets"),
        (f"T1\tPNAME 4 {'7' * 5000}\tD90", "1.ann:2: expected a label and offsets"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        read(brat(tmp_path, f"T9\tX 0 1\tA\n{line}\n"))


@in_one_folder
@given(contents=st.lists(st.binary(max_size=60) | strings().map(str.encode), min_size=2, max_size=2))
def test_random_bytes_raise_nothing_but_a_data_error(tmp_path: Path, contents: list[bytes]) -> None:
    folder = brat(tmp_path, contents[0], contents[1])
    with contextlib.suppress(DataError):
        read(folder, format="brat")


LABELS = strings(refused="\0").filter(lambda label: label != "" and not any(map(str.isspace, label)))


@in_one_folder
@given(drawn=st.lists(documents(refused="\0", labels=LABELS, has_metadata=False), min_size=1, max_size=3))
def test_what_is_written_is_read_again(tmp_path: Path, drawn: list[Document]) -> None:
    expected = tuple(replace(document, id=f"review {number}") for number, document in enumerate(drawn))
    folder = Path(tempfile.mkdtemp(dir=tmp_path)) / "corpus"
    assert write(Dataset(expected), folder, format="brat") == ()
    for path in folder.glob("*.ann"):  # BRAT ends lines wherever Unicode does
        content = path.read_bytes().decode()
        assert content.splitlines() == content.split("\n")[:-1]
        assert all(line.count("\t") == 2 for line in content.splitlines())
    assert read(folder).documents == expected


def test_a_span_over_line_ends_has_a_part_for_each_line(tmp_path: Path) -> None:
    document = Document("Sony\r\n\nA7R kit\n", (Span(0, 14, "X"), Span(4, 10, "Y"), Span(7, 15, "Z")), "1")
    write(Dataset((document,)), tmp_path / "corpus", format="brat")
    assert (tmp_path / "corpus" / "1.ann").read_text("utf-8").split("\n") == [
        "T1\tX 0 4;7 14\tSony A7R kit",
        "T2\tY 4 4;7 10\t A7R",
        "T3\tZ 7 14;15 15\tA7R kit ",
        "",
    ]
    assert read(tmp_path / "corpus").documents == (document,)


def test_a_span_is_parted_wherever_brat_ends_a_line_or_a_column(tmp_path: Path) -> None:
    document = Document("a\u0085b\u2028c\u2029d\te\x1cf\u00a0g", (Span(0, 13, "X"),), "1")
    write(Dataset((document,)), tmp_path / "corpus", format="brat")
    annotations = (tmp_path / "corpus" / "1.ann").read_text("utf-8")
    assert annotations == "T1\tX 0 1;2 3;4 5;6 7;8 9;10 13\ta b c d e f\u00a0g\n"
    assert read(tmp_path / "corpus").documents == (document,)


def test_names_of_documents_never_lead_out_of_the_folder_nor_clash(tmp_path: Path) -> None:
    ids = ["../up", "/etc/passwd", "..", ".", "", ".hidden", "a\\b", "C:x", "a\nb", "A/1", "a_1", "x" * 500, "é" * 500]
    ids += ["con", "nul.x", "a.", "x" * 501, "ＣＯＮ", "document", "a-2", "a", "A", "\0", "\ud800"]
    dataset = Dataset(tuple(Document(str(place), id=name) for place, name in enumerate(ids)))
    lost = counts(write(dataset, tmp_path / "corpus", format="brat"))
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]
    names = [path.name for path in (tmp_path / "corpus").iterdir()]
    assert len({name.casefold() for name in names}) == len(names) == 2 * len(ids)
    assert max(len(name.encode()) for name in names) < 200
    assert not any(name.startswith(".") for name in names)
    again = read(tmp_path / "corpus").documents
    assert sorted(int(document.text) for document in again) == list(range(len(ids)))
    changed = [document for document in again if document.id != ids[int(document.text)] != ""]
    assert lost["lost_ids"] == len(changed) > 10


@given(ids=st.lists(strings() | st.sampled_from(["a", "A", "a-2", "a-3"]), max_size=12))
def test_every_document_has_a_file_name_of_its_own(ids: list[str]) -> None:
    names = FileNames()
    given_out = [names.name(each) for each in ids]
    assert len({name.casefold() for name in given_out}) == len(ids)
    assert all(re.fullmatch(r"[^./\\\s][^/\\\0\n]*", name) for name in given_out)


@pytest.mark.parametrize("label", ["product name", "a\tb", "a\u2028b"])
def test_a_label_with_a_blank_is_refused(tmp_path: Path, label: str) -> None:
    with pytest.raises(DataError, match=r"document '7': expected a label without blanks, received .* or write json_l"):
        write(Dataset((Document("D90", (Span(0, 3, label),), "7"),)), tmp_path / "corpus", format="brat")
    assert not (tmp_path / "corpus").exists()


def test_a_text_with_a_nul_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"document '7': expected text, received a NUL\. Write json_lines\."):
        write(Dataset((Document("D\0", id="7"),)), tmp_path / "corpus", format="brat")


def test_what_brat_has_no_place_for_is_said(tmp_path: Path) -> None:
    document = Document(
        "A D90",
        (Span(2, 5, "PNAME", 0.5, "gazetteer"),),
        "7",
        {"camera": "nikon"},
        (Token(0, 1), Token(2, 5)),
    )
    lost = counts(write(Dataset((document,)), tmp_path / "corpus", format="brat"))
    assert lost == {"lost_words": 1, "lost_metadata": 1, "lost_scores": 1, "lost_origins": 1}


def test_the_jnlpba_documents_have_the_entities_of_their_files(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "brat_jnlpba"
    lines = [line for path in folder.glob("*.ann") for line in path.read_text("utf-8").split("\n") if line]
    by_hand = Counter(line.split("\t")[1].split(" ")[0] for line in lines if line.startswith("T"))
    dataset = read(folder)
    assert len(dataset) == len(list(folder.glob("*.txt"))) == 60
    assert Counter(span.label for document in dataset.documents for span in document.spans) == by_hand
    assert Counter(text for document in dataset.documents for text, _ in marked(document)) == Counter(
        line.split("\t")[2] for line in lines if line.startswith("T")
    )
    assert "wrong_span_texts" not in noticed(dataset)
    write(dataset, tmp_path / "again", format="brat")
    assert read(tmp_path / "again").documents == dataset.documents
