import gc
import gzip
import io
import lzma
import re
import zipfile
from pathlib import Path

import pytest

from tagloom.data import Dataset, read
from tagloom.data.sources.archives import members
from tagloom.errors import ConfigError, DataError

CONLL = "café\tO\nIraq\tB-geo\n"


def put(folder: Path, content: bytes, name: str = "corpus.conll") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def words(dataset: Dataset) -> list[str]:
    return dataset.sentences()[0].words


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CONLL.encode(), "utf-8"),
        (CONLL.encode("utf-8-sig"), "utf-8-sig"),
        (CONLL.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + CONLL.encode("utf-16-be"), "utf-16"),
        (CONLL.encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_recognised_and_said(tmp_path: Path, content: bytes, encoding: str) -> None:
    dataset = read(put(tmp_path, content))
    assert words(dataset) == ["café", "Iraq"]
    assert dataset.sources[0].encoding == encoding


def test_an_encoding_that_is_given_counts(tmp_path: Path) -> None:
    path = put(tmp_path, CONLL.encode("utf-16-le"))
    assert words(read(path, encoding="utf-16-le")) == ["café", "Iraq"]
    assert words(read(put(tmp_path, CONLL.encode("utf-8-sig")), encoding="utf-8")) == ["café", "Iraq"]
    assert words(read(put(tmp_path, CONLL.encode()), encoding="cp1252")) == ["cafÃ©", "Iraq"]


def test_a_lone_byte_85_is_a_word(tmp_path: Path) -> None:
    assert words(read(put(tmp_path, b"\x85\tO\n"))) == ["…"]


@pytest.mark.parametrize("encoding", ["no-such", "hex", "rot13"])
def test_an_encoding_that_there_is_not_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(ConfigError, match=f"encoding: received '{encoding}', expected a name such as utf-8"):
        read(put(tmp_path, CONLL.encode()), encoding=encoding)


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"a\tO\n\xe9\tO\n", "utf-8", "corpus.conll:2: byte 0xe9 at position 4 is not utf-8. Give the file's own"),
        (
            b"a\tO\nb\tO\n\x81\tO\n",
            None,
            "corpus.conll:3: byte 0x81 at position 8 is neither utf-8 nor cp1252. Give a text file, or its encoding.",
        ),
        (b"\xff\xfea", None, "corpus.conll:1: byte 0x61 at position 2 is not utf-16. Give the file's own encoding."),
        (b"a\0b\tO\n", None, "corpus.conll: expected text, received binary data (NUL at character 1)."),
        (b"", None, "corpus.conll: expected labelled sentences, received an empty file."),
        (b" \n\t\r\n", None, "corpus.conll: expected labelled sentences, received an empty file."),
        (b"\xef\xbb\xbf", None, "corpus.conll: expected labelled sentences, received an empty file."),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, encoding: str | None, message: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(DataError, match="^" + re.escape(f"{path.parent}/{message}")):
        read(path, encoding=encoding)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv: no such file\. Check the name and the folder\.$"):
        read(tmp_path / "nowhere.csv")


def test_a_file_that_is_no_folder_is_said(tmp_path: Path) -> None:
    path = put(tmp_path, CONLL.encode())
    with pytest.raises(DataError, match="cannot be read: Not a directory"):
        read(path / "corpus.conll")


def test_a_path_must_be_given() -> None:
    with pytest.raises(ConfigError, match="expected at least one path"):
        read()


@pytest.mark.parametrize(
    ("packed", "place"),
    [
        (gzip.compress(CONLL.encode()), ""),
        (lzma.compress(CONLL.encode()), ""),
        (zipped(**{"__MACOSX/._c": "x", "inner/corpus.txt": CONLL, ".hidden": "x"}), "/inner/corpus.txt"),
    ],
)
def test_packed_files_are_read_whatever_their_name(tmp_path: Path, packed: bytes, place: str) -> None:
    path = put(tmp_path, packed, "corpus.bin")
    dataset = read(path)
    assert words(dataset) == ["café", "Iraq"]
    assert dataset.sources[0].files[0].path == f"{path}{place}"
    assert list(tmp_path.iterdir()) == [path]


def test_a_packed_pair_is_read(tmp_path: Path) -> None:
    sentences = put(tmp_path, gzip.compress(b"a b\n"), "a.txt.gz")
    tags = put(tmp_path, lzma.compress(b"O B-X\n"), "a.tags.xz")
    assert read(sentences, tags).entities == {"X": 1}


@pytest.mark.parametrize(
    ("packed", "message"),
    [
        (zipped(), "corpus.zip: expected from 1 to 100000 files in the zip, found none. Pack or unpack those to read."),
        (
            zipped(**{".hidden": "x", "folder/": ""}),
            "corpus.zip: expected from 1 to 100000 files in the zip, found none.",
        ),
        (zipped(**{"a.csv": CONLL})[:-30], "corpus.zip: expected an archive that opens, received one that does not"),
        (gzip.compress(CONLL.encode())[:-9], "corpus.zip: expected an archive that opens, received one that does not"),
        (lzma.compress(CONLL.encode())[:-9], "corpus.zip: expected an archive that opens, received one that does not"),
    ],
)
def test_an_archive_that_cannot_be_read_is_refused(tmp_path: Path, packed: bytes, message: str) -> None:
    path = put(tmp_path, packed, "corpus.zip")
    with pytest.raises(DataError, match="^" + re.escape(f"{path.parent}/{message}")):
        read(path)


def test_an_archive_within_an_archive_is_no_text(tmp_path: Path) -> None:
    inner = zipped(**{"a.csv": "\0" * 100})
    path = put(tmp_path, gzip.compress(inner), "corpus.zip.gz")
    with pytest.raises(DataError, match=r"expected text, received binary data|is neither utf-8 nor cp1252"):
        read(path)


def test_of_a_zip_with_several_sources_one_has_to_be_named(tmp_path: Path) -> None:
    path = put(tmp_path, zipped(**{"a.conll": "a O\n", "b/c.conll": "c O\n"}), "corpus.zip")
    with pytest.raises(
        DataError, match=r"expected files of one source, .* found .*a\.conll, .*c\.conll\. Name the one"
    ):
        read(path)
    assert words(read(path / "b" / "c.conll")) == ["c"]
    with pytest.raises(DataError, match=r"corpus\.zip/d: expected a file within .*corpus\.zip, found .*a\.conll"):
        read(path / "d")


def test_a_zip_with_a_pair_or_with_parts_is_read_as_a_folder_is(tmp_path: Path) -> None:
    pair = put(tmp_path, zipped(**{"a.sentences.txt": "a b\n", "a.tags.txt": "O B-X\n"}), "pair.zip")
    assert read(pair).entities == {"X": 1}
    parts = put(tmp_path, zipped(**{"test.conll": "c O\n", "train.conll": "a O\n", "README": "x"}), "parts.zip")
    assert [document.text for document in read(parts).documents] == ["a", "c"]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, lambda content: zipped(a=content.decode())])
def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, pack: type[bytes]) -> None:
    (member,) = members(put(tmp_path, pack(b"a" * 500_000), "bomb"))
    assert len(member.content(max_bytes=500_000)) == 500_000
    with pytest.raises(DataError, match=r"bomb(/a)?: expected at most 499999 bytes uncompressed, received more\."):
        member.content(max_bytes=499_999)


def test_what_packs_better_than_text_does_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(b"a O\n" * (1 << 19)), "bomb.gz")
    with pytest.raises(DataError, match=r"bomb\.gz: expected at most 524288 bytes uncompressed, received more\."):
        read(path)


def test_reading_leaves_the_search_for_cycles_as_it_was(tmp_path: Path) -> None:
    path = put(tmp_path, CONLL.encode())
    assert gc.isenabled()
    read(path)
    assert gc.isenabled()
    with pytest.raises(DataError):
        read(tmp_path / "nowhere")
    assert gc.isenabled()
