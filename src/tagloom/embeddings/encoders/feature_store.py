"""What a frozen encoder gives for sentences, worked out once and kept on disk in half precision, within a bound."""

import hashlib
import logging
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.cache import cache_folder
from tagloom.embeddings.encodes import Encodes
from tagloom.files import whole_folder

_VALUES, _DIGESTS, _ENDS = "values.bin", "digests.bin", "ends.npy"
_DIGEST = 16  # bytes
_AT_ONCE = 256  # sentences
_LARGEST = float(np.finfo(np.float16).max)

_log = logging.getLogger(__name__)

Words = Sequence[str]
Values = NDArray[np.float16]


class _Segment:
    """Some sentences that were kept together, mapped into memory."""

    def __init__(self, folder: Path, width: int) -> None:
        self._ends = np.load(folder / _ENDS)
        content = (folder / _DIGESTS).read_bytes()
        self.digests = [content[first : first + _DIGEST] for first in range(0, len(content), _DIGEST)]
        shape = int(self._ends[-1]), width
        self._values: Values = np.memmap(folder / _VALUES, np.float16, mode="r", shape=shape)

    def __getitem__(self, number: int) -> Values:
        first = int(self._ends[number - 1]) if number else 0
        return self._values[first : int(self._ends[number])]


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
        self._places: dict[bytes, tuple[_Segment, int]] = {}
        for folder in sorted(self._folder.glob("*")) if self._folder.is_dir() else []:
            if not folder.name.startswith("."):
                self._open(folder)
                folder.touch()  # it is in use

    def keep(self, sentences: Sequence[Words], told: Callable[[int, int], None] | None = None) -> None:
        """Works out what is missing of these sentences, and keeps as much of it as fits.

        Args:
            sentences: in words.
            told: is called with how many of how many were worked out.
        """
        missing = {digest: words for words in sentences if (digest := _digest(words)) not in self._places and words}
        if not missing:
            return
        room = self._make_room(sum(map(len, missing.values())) * 2 * self._encoder.width)
        fitting = list(_fitting(missing, room // (2 * self._encoder.width)))
        if len(fitting) < len(missing):
            _log.warning(
                "Vectors of %s of %s sentences do not fit into %.1f GB on disk, and are worked out at each epoch.",
                f"{len(missing) - len(fitting):,}", f"{len(missing):,}", self._most / 1e9,
            )  # fmt: skip
        if fitting:
            folder = self._folder / uuid.uuid4().hex
            with whole_folder(folder) as beside:
                self._write(beside, fitting, [missing[digest] for digest in fitting], told)
            self._open(folder)

    def vectors(self, sentences: Sequence[Words]) -> list[NDArray[np.float32]]:
        """(words, width) of each sentence, rounded to half precision wherever they come from."""
        places = [self._places.get(_digest(words)) for words in sentences]
        missing = [words for words, place in zip(sentences, places, strict=True) if place is None]
        read = iter(self._encoder.vectors(missing) if missing else ())
        return [np.asarray(halved(next(read)) if place is None else place[0][place[1]], np.float32) for place in places]

    def _open(self, folder: Path) -> None:
        segment = _Segment(folder, self._encoder.width)
        self._places.update((digest, (segment, number)) for number, digest in enumerate(segment.digests))

    def _write(
        self,
        folder: Path,
        digests: Sequence[bytes],
        sentences: Sequence[Words],
        told: Callable[[int, int], None] | None,
    ) -> None:
        order = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))  # little is padded
        done = 0
        with (folder / _VALUES).open("wb") as stream:
            for first in range(0, len(order), _AT_ONCE):
                some = order[first : first + _AT_ONCE]
                for values in self._encoder.vectors([sentences[number] for number in some]):
                    stream.write(halved(values).tobytes())
                done += len(some)
                if told is not None:
                    told(done, len(order))
        (folder / _DIGESTS).write_bytes(b"".join(digests[number] for number in order))
        np.save(folder / _ENDS, np.cumsum([len(sentences[number]) for number in order]))

    def _make_room(self, wanted: int) -> int:
        """Bytes that may be written, after segments of other encoders that were used longest ago have gone."""
        others = [
            folder
            for folder in cache_folder().glob("features/*/*")
            if folder.parent != self._folder and not folder.name.startswith(".")
        ]
        sizes = {folder: _size(folder) for folder in others}
        own = sum(_size(folder) for folder in self._folder.glob("*")) if self._folder.is_dir() else 0
        for folder in sorted(others, key=lambda folder: folder.stat().st_mtime):
            if own + sum(sizes.values()) + wanted <= self._most:
                break
            shutil.rmtree(folder, ignore_errors=True)
            del sizes[folder]
        return max(0, min(wanted, self._most - own - sum(sizes.values())))


def halved(values: NDArray[np.float32]) -> Values:
    """The values in half precision, those beyond its range at its ends."""
    return np.clip(values, -_LARGEST, _LARGEST).astype(np.float16)


def _fitting(missing: dict[bytes, Words], num_words: int) -> Iterator[bytes]:
    """Sentences, in order, that have so many words together."""
    for digest, words in missing.items():
        num_words -= len(words)
        if num_words < 0:
            return
        yield digest


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def _digest(words: Words) -> bytes:
    text = "\x1f".join(words).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=_DIGEST).digest()
