"""What a frozen encoder gives for sentences, worked out once and kept on disk in half precision, within a bound."""

import contextlib
import hashlib
import logging
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.cache import cache_folder
from tagloom.embeddings.encoders.feature_segment import (
    DIGEST_BYTES,
    NUMBER_BYTES,
    FeatureSegment,
    Words,
    halved,
    write_segment,
)
from tagloom.embeddings.encodes import Encodes
from tagloom.files import clear_dead_parts, remove_folder

_SEGMENT_BYTES = 2**26  # at most, so that a stop loses little

_log = logging.getLogger(__name__)


class FeatureStore:
    """The vectors of sentences, from disk where they are kept, else from the encoder.

    Sentences lie in segments, each written whole by one process, so that several may use the same store. Where all
    segments of all encoders would take more than the bound, those used longest ago make room; what does not fit even so
    is worked out whenever it is asked for.

    Args:
        encoder: whose vectors they are.
        key: that tells this encoder, and how it is read, from any other.
        most_bytes: on disk, of all encoders together.
    """

    def __init__(self, encoder: Encodes, key: str, most_bytes: int) -> None:
        self._encoder, self._most = encoder, most_bytes
        self._folder = cache_folder() / "features" / key
        self._places: dict[bytes, tuple[FeatureSegment, int]] = {}
        for folder in sorted(filter(_is_segment, self._folder.glob("*"))):
            self._open(folder)

    def keep(self, sentences: Sequence[Words], told: Callable[[int, int], None] | None = None) -> None:
        """Works out what is missing of these sentences, and keeps as much of it as fits.

        Args:
            sentences: in words.
            told: is called with how many of how many were worked out.
        """
        wanted = {_digest(words): words for words in sentences if words}
        used = {place[0] for digest in wanted if (place := self._places.get(digest))}
        for segment in used:
            segment.use()
        missing = {digest: words for digest, words in wanted.items() if digest not in self._places}
        if not missing:
            return
        word_bytes = NUMBER_BYTES * self._encoder.width
        room = self._make_room(sum(map(len, missing.values())) * word_bytes, {segment.folder for segment in used})
        fitting = dict(_fitting(missing, room // word_bytes))
        if len(fitting) < len(missing):
            _log.warning(
                "Vectors of %s of %s sentences do not fit into %.1f GB on disk, and are worked out at each epoch.",
                f"{len(missing) - len(fitting):,}", f"{len(missing):,}", self._most / 1e9,
            )  # fmt: skip
        self._write(fitting, told)

    def vectors(self, sentences: Sequence[Words]) -> list[NDArray[np.float32]]:
        """(words, width) of each sentence, rounded to half precision wherever they come from."""
        places = [self._places.get(_digest(words)) for words in sentences]
        missing = [words for words, place in zip(sentences, places, strict=True) if place is None]
        read = iter(self._encoder.vectors(missing) if missing else ())
        return [np.asarray(halved(next(read)) if place is None else place[0][place[1]], np.float32) for place in places]

    def _write(self, sentences: Mapping[bytes, Words], told: Callable[[int, int], None] | None) -> None:
        done = 0

        def tell(number: int) -> None:
            if told is not None:
                told(done + number, len(sentences))

        for some in _portions(sentences, _SEGMENT_BYTES // (NUMBER_BYTES * self._encoder.width)):
            folder = self._folder / uuid.uuid4().hex
            write_segment(folder, some, [sentences[digest] for digest in some], self._encoder, tell)
            self._open(folder)
            done += len(some)

    def _open(self, folder: Path) -> None:
        segment = FeatureSegment.opened(folder, self._encoder.width)
        if segment is not None:
            self._places.update((digest, (segment, number)) for number, digest in enumerate(segment.digests))

    def _make_room(self, wanted: int, needed: Collection[Path]) -> int:
        """Bytes that may be written, after the segments that were used longest ago, but the needed ones, have gone.

        What others are writing counts, and stays.
        """
        for folder in cache_folder().glob("features/*"):
            clear_dead_parts(folder)
        there = [folder for folder in cache_folder().glob("features/*/*") if folder.is_dir()]
        last_used = dict(_last_used(filter(_is_segment, there)))
        sizes = {folder: _size(folder) for folder in there}
        gone = set()
        for folder in sorted(last_used.keys() - set(needed), key=last_used.__getitem__):
            if sum(sizes.values()) + wanted <= self._most:
                break
            remove_folder(folder)
            del sizes[folder]
            gone.add(folder)
        self._places = {digest: place for digest, place in self._places.items() if place[0].folder not in gone}
        return max(0, min(wanted, self._most - sum(sizes.values())))


def _fitting(missing: Mapping[bytes, Words], num_words: int) -> Iterator[tuple[bytes, Words]]:
    """Sentences, in order, that have so many words together; one that is too long is passed over."""
    for digest, words in missing.items():
        if len(words) <= num_words:
            num_words -= len(words)
            yield digest, words


def _portions(sentences: Mapping[bytes, Words], most_words: int) -> Iterator[list[bytes]]:
    """The sentences in portions of so many words, or one sentence; the shortest first, so that little is padded."""
    portion: list[bytes] = []
    num_words = 0
    for digest in sorted(sentences, key=lambda digest: len(sentences[digest])):
        if portion and num_words + len(sentences[digest]) > most_words:
            yield portion
            portion, num_words = [], 0
        portion.append(digest)
        num_words += len(sentences[digest])
    if portion:
        yield portion


def _is_segment(folder: Path) -> bool:
    """Whether it is whole, and none that is being written."""
    return folder.is_dir() and not folder.name.startswith(".")


def _last_used(segments: Iterable[Path]) -> Iterator[tuple[Path, float]]:
    """When each was used that is there still."""
    for segment in segments:
        with contextlib.suppress(FileNotFoundError):
            yield segment, segment.stat().st_mtime


def _size(folder: Path) -> int:
    """Bytes of its files, as far as they are there still."""
    total = 0
    with contextlib.suppress(FileNotFoundError):
        for file in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                total += file.stat().st_size
    return total


def _digest(words: Words) -> bytes:
    """That tells a sentence from any other: lengths stand before words, since these may hold whatever divides them."""
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for word in words:
        content = word.encode("utf-8", "surrogatepass")
        digest.update(b"%d " % len(content) + content)
    return digest.digest()
