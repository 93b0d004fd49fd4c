"""Vectors of some sentences on disk in half precision: written whole, mapped into memory, shared by processes."""

import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.encodes import Encodes
from tagloom.files import remove_folder, whole_folder

DIGEST_BYTES = 16
"""Of what tells a sentence."""

NUMBER_BYTES = 2
"""Of one number in half precision."""

_VALUES, _DIGESTS, _ENDS = "values.bin", "digests.bin", "ends.npy"
_AT_ONCE = 256  # sentences
_LARGEST = float(np.finfo(np.float16).max)

_log = logging.getLogger(__name__)

Words = Sequence[str]
Values = NDArray[np.float16]


class FeatureSegment:
    """Sentences that were kept together.

    Args:
        folder: that `write_segment` made.
        width: of the vectors.

    Attributes:
        folder: of it.
        digests: of its sentences.

    Raises:
        OSError: it cannot be read, or is gone.
        ValueError: its files are not as they were written.
    """

    def __init__(self, folder: Path, width: int) -> None:
        self.folder = folder
        self._ends = _read_ends(folder / _ENDS)
        content = (folder / _DIGESTS).read_bytes()
        self.digests = [content[first : first + DIGEST_BYTES] for first in range(0, len(content), DIGEST_BYTES)]
        shape = int(self._ends[-1]), width
        size = (folder / _VALUES).stat().st_size
        if len(content) != DIGEST_BYTES * len(self._ends) or size != NUMBER_BYTES * shape[0] * width:
            raise ValueError(f"{size} bytes for {len(content)} of digests")
        self._values: Values = np.memmap(folder / _VALUES, np.float16, mode="r", shape=shape)

    @classmethod
    def opened(cls, folder: Path, width: int) -> "FeatureSegment | None":
        """The segment; None where another process has just removed it, or it was damaged, which removes it."""
        try:
            return cls(folder, width)
        except FileNotFoundError:
            return None
        except ValueError:
            _log.warning("%s was damaged: its sentences are read anew.", folder)
            remove_folder(folder)
            return None

    def __getitem__(self, number: int) -> Values:
        first = int(self._ends[number - 1]) if number else 0
        return self._values[first : int(self._ends[number])]

    def use(self) -> None:
        """Notes that it was used just now."""
        with contextlib.suppress(FileNotFoundError):  # what is mapped can be read even so
            os.utime(self.folder)


def write_segment(
    folder: Path,
    digests: Sequence[bytes],
    sentences: Sequence[Words],
    encoder: Encodes,
    told: Callable[[int], None],
) -> None:
    """Reads sentences and keeps their vectors in a folder, which appears whole.

    Args:
        folder: that is not there yet.
        digests: of the sentences.
        sentences: in words, none without.
        encoder: that reads them.
        told: is called with how many were read, again and again.
    """
    with whole_folder(folder) as beside:
        with (beside / _VALUES).open("wb") as stream:
            for first in range(0, len(sentences), _AT_ONCE):
                some = sentences[first : first + _AT_ONCE]
                for values in encoder.vectors(some):
                    stream.write(halved(values).tobytes())
                told(first + len(some))
        (beside / _DIGESTS).write_bytes(b"".join(digests))
        np.save(beside / _ENDS, np.cumsum([len(words) for words in sentences]))


def _read_ends(path: Path) -> NDArray[np.int64]:
    """Where each sentence ends, in words.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no such file.
    """
    with path.open("rb") as stream:
        ends = np.lib.format.read_array(stream, allow_pickle=False)
    if ends.ndim != 1 or not len(ends) or ends.dtype != np.int64:
        raise ValueError(f"{ends.dtype} {ends.shape}")
    return ends


def halved(values: NDArray[np.float32]) -> Values:
    """The values in half precision, those beyond its range at its ends."""
    return np.clip(values, -_LARGEST, _LARGEST).astype(np.float16)
