"""What a frozen encoder gives is read once, kept within a bound, and never trusted when it was damaged."""

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tagloom.embeddings.cache import kept
from tagloom.embeddings.encoders import feature_store
from tagloom.embeddings.encoders.feature_store import FeatureStore


class Counting:
    """An encoder that counts what it reads: a word's vector is its length, and its place."""

    width = 2

    def __init__(self) -> None:
        self.read: list[Sequence[str]] = []

    def vectors(self, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        self.read += sentences
        return [
            np.array([(len(word), place) for place, word in enumerate(words)], np.float32).reshape(-1, 2)
            for words in sentences
        ]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what is worked out is kept."""
    monkeypatch.setenv("TAGLOOM_CACHE", str(tmp_path))
    return tmp_path


def some(lead: str) -> list[list[str]]:
    """Ten sentences of 40 bytes each."""
    return [[f"{lead}{number}"] * 10 for number in range(10)]


def number_read(sentences: Sequence[Sequence[str]], key: str, most_bytes: int = 10**6) -> int:
    """How many sentences a process reads that comes now and asks for these."""
    encoder = Counting()
    FeatureStore(encoder, key, most_bytes).keep(sentences)
    return len(encoder.read)


def test_a_sentence_is_read_once_in_any_process_that_asks() -> None:
    sentences = [["a", "bb"], ["ccc"], [], ["a", "bb"]]
    assert number_read(sentences, "one") == 2
    later = Counting()
    store = FeatureStore(later, "one", 10**6)
    store.keep(sentences)
    found = store.vectors(sentences)
    assert later.read == [[]]  # which has nothing to keep
    assert [values.tolist() for values in found] == [[[1, 0], [2, 1]], [[3, 0]], [], [[1, 0], [2, 1]]]


def test_words_that_hold_what_divides_words_are_told_apart() -> None:
    store = FeatureStore(Counting(), "one", 10**6)
    sentences = [["a\x1fb", "c"], ["a", "b", "c"], ["a 1 b"], ["a", "b"]]
    store.keep(sentences)
    assert [len(values) for values in store.vectors(sentences)] == [2, 3, 1, 2]


def test_what_does_not_fit_is_read_again_and_others_make_room(cache: Path) -> None:
    number_read(some("w"), "other", 400)
    one = Counting()
    store = FeatureStore(one, "one", 200)
    store.keep(some("w"))
    assert not list((cache / "features" / "other").iterdir())
    assert len(one.read) == 5
    found = store.vectors(some("w"))
    assert len(one.read) == 10
    expected = FeatureStore(Counting(), "none", 0).vectors(some("w"))
    np.testing.assert_array_equal(np.concatenate(found), np.concatenate(expected))


def test_data_of_the_same_encoder_that_was_used_longest_ago_makes_room(cache: Path) -> None:
    size = 10 * 40 + 10 * 16 + 208  # values, digests, ends
    assert number_read(some("a"), "one", 2 * size) == 10
    (first,) = (cache / "features" / "one").iterdir()
    assert number_read(some("b"), "one", 2 * size) == 10
    (second,) = set((cache / "features" / "one").iterdir()) - {first}
    os.utime(first, (1, 1))
    os.utime(second, (2, 2))
    assert number_read(some("a"), "one", 2 * size) == 0  # which uses the first, but not the second
    assert number_read(some("c"), "one", 2 * size) == 10
    assert first.is_dir()
    assert not second.exists()
    assert number_read(some("a") + some("c"), "one", 2 * size) == 0


def test_a_stop_loses_a_segment_at_most(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_store, "_SEGMENT_BYTES", 3 * 40)

    class Stopped(Counting):
        def vectors(self, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
            if len(self.read) >= 6:
                raise KeyboardInterrupt
            return super().vectors(sentences)

    with pytest.raises(KeyboardInterrupt):
        FeatureStore(Stopped(), "one", 10**6).keep(some("a"))
    assert len(list((cache / "features" / "one").iterdir())) == 2
    assert number_read(some("a"), "one") == 4


@pytest.mark.parametrize("name", ["values.bin", "digests.bin", "ends.npy"])
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_damaged_segment_is_read_anew(cache: Path, name: str, share: float, caplog: pytest.LogCaptureFixture) -> None:
    number_read(some("a"), "one")
    (damaged,) = (cache / "features" / "one").glob(f"*/{name}")
    content = damaged.read_bytes()
    damaged.write_bytes(content[: int(share * len(content))])
    assert number_read(some("a"), "one") == 10
    assert "was damaged" in caplog.text
    assert number_read(some("a"), "one") == 0


def test_a_segment_that_another_process_removes_is_no_error(cache: Path) -> None:
    number_read(some("a"), "one")
    store = FeatureStore(Counting(), "one", 10**6)
    (folder,) = (cache / "features" / "one").iterdir()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    store.keep(some("a"))
    assert not folder.exists()
    assert len(store.vectors(some("a"))) == 10  # mapped before
    assert number_read(some("a"), "one") == 10


def test_what_a_killed_process_had_begun_is_cleared(cache: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    begun = cache / "features" / "other" / f".some.{dead.pid}.part"
    begun.mkdir(parents=True)
    (begun / "values.bin").write_bytes(bytes(1000))
    for path in (begun / "values.bin", begun):
        os.utime(path, (1, 1))
    assert number_read(some("a"), "one", 1000) == 10
    assert not begun.exists()


def test_what_another_process_is_writing_takes_room_and_stays(cache: Path) -> None:
    begun = cache / "features" / "other" / f".some.{os.getppid()}.part"
    begun.mkdir(parents=True)
    (begun / "values.bin").write_bytes(bytes(800))
    os.utime(begun, (1, 1))
    assert number_read(some("a"), "one", 1000) == 5
    assert begun.is_dir()


def test_a_sentence_that_does_not_fit_keeps_no_other_from_being_kept() -> None:
    sentences = [["a"] * 300, *some("b")]
    FeatureStore(Counting(), "one", 1000).keep(sentences)
    assert number_read(sentences, "one", 10**6) == 1


def test_other_files_among_what_is_kept_are_passed_over(cache: Path) -> None:
    number_read(some("a"), "one")
    (cache / "features" / "one" / "Thumbs.db").touch()
    (cache / "features" / "Thumbs.db").touch()
    assert number_read([*some("a"), ["b"]], "one") == 1


def as_npy(ends: NDArray[np.generic]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, ends)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04" * 100, as_npy(np.array([], np.int64)), as_npy(np.array(100)), as_npy(np.arange(10.0))],
    ids=["a zip", "nothing", "a number", "fractions"],
)
def test_a_segment_whose_ends_are_none_is_read_anew(cache: Path, content: bytes) -> None:
    number_read(some("a"), "one")
    (ends,) = (cache / "features" / "one").glob("*/ends.npy")
    ends.write_bytes(content)
    assert number_read(some("a"), "one") == 10


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(file.read_bytes()[:1]), Path.unlink])
def test_whatever_is_kept_is_made_anew_where_it_was_damaged(damage: object, caplog: pytest.LogCaptureFixture) -> None:
    assert callable(damage)
    made = []

    def fill(folder: Path) -> None:
        made.append(folder)
        (folder / "words.bin").write_bytes(b"a bright lens")

    damage(kept("some", fill) / "words.bin")
    assert (kept("some", fill) / "words.bin").read_bytes() == b"a bright lens"
    assert (kept("some", fill), len(made)) == (kept("some", fill), 2)
    assert "was damaged" in caplog.text


def test_what_killed_processes_had_begun_elsewhere_is_cleared_too(cache: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    begun = cache / "vectors" / f".some.{dead.pid}.part"
    begun.mkdir(parents=True)
    os.utime(begun, (1, 1))
    kept("vectors/other", lambda folder: (folder / "words.bin").touch())
    assert [folder.name for folder in (cache / "vectors").iterdir()] == ["other"]
