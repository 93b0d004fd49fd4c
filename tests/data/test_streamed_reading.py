"""A file read from disk as it is gone through gives what the same file gives in memory."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagloom.data import read
from tagloom.data.converting import convert
from tagloom.data.sources import archives
from tagloom.data.sources.source_text import open_streams, open_texts
from tagloom.errors import DataError

texts = st.text(st.sampled_from("a b\t\r\n\u0085é\ufeff"), max_size=30)
one_folder = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("size", [4, 5, 1 << 20])
@one_folder
@given(content=texts, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_lines_and_encoding_are_those_of_the_text_in_memory(
    tmp_path: Path, size: int, content: str, encoding: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content.encode(encoding, errors="replace"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(archives, "_CHUNK", size)
        (streamed,), (held,) = open_streams(path), open_texts(path)
        assert [line for line in streamed.lines() if line] == [line for line in held.lines() if line]
        assert (streamed.encoding, streamed.sha256) == (held.encoding, held.sha256)


@pytest.mark.parametrize("content", [b"a\tO\n\xff\tO\n\x81\tO\n", b"a\tO\nb\0\tO\n"])
def test_what_is_no_text_is_said_alike(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.conll"
    path.write_bytes(content)
    with pytest.raises(DataError) as held:
        read(path)
    with pytest.raises(DataError) as streamed:
        convert([path], tmp_path / "b.jsonl", to="json_lines")
    assert str(streamed.value) == str(held.value)
    assert not (tmp_path / "b.jsonl").exists()


def test_a_stream_of_many_batches_is_read_as_a_whole(tmp_path: Path) -> None:
    lines = [f"word{number}\tO\nD{number}\t{'I' if number % 1000 else 'B'}-X\n\n" for number in range(60_000)]
    path = tmp_path / "a.conll.gz"
    path.write_bytes(gzip.compress("".join(lines).encode()))
    conversion = convert([path], tmp_path / "b.jsonl", to="json_lines")
    assert conversion.num_documents == 60_000
    again, whole = read(tmp_path / "b.jsonl"), read(path)
    assert again.documents == whole.documents
    assert conversion.sources[0].findings == whole.sources[0].findings
