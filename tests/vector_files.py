"""Files of word vectors in every format, written from plain arrays as their programs' sources say."""

import gzip
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = Mapping[str, Sequence[float]]

VECTORS: Vectors = {
    "the": (0.5, -0.25, 1.0),
    "Nikon": (1.5, 2.0, -3.0),
    "nikon": (0.0, 1.0, 0.125),
    "d00": (-1.0, -2.0, -4.0),
    "##": (7.0, 0.5, 0.25),
    "日本": (0.75, 0.0, -0.5),
    "ﬁ\u0085": (2.0, 2.0, 2.0),
}
"""Numbers that text and bytes hold alike."""

WIDTH = 3


def glove(path: Path, vectors: Vectors = VECTORS) -> Path:
    """A word and its numbers a line."""
    path.write_text("".join(f"{word} {_numbers(own)}\n" for word, own in vectors.items()), "utf-8", newline="")
    return path


def word2vec_text(path: Path, vectors: Vectors = VECTORS) -> Path:
    """The same behind a line with count and width; lines end with a blank, as word2vec's do."""
    lines = [f"{len(vectors)} {WIDTH}\n", *(f"{word} {_numbers(own)} \n" for word, own in vectors.items())]
    path.write_text("".join(lines), "utf-8", newline="")
    return path


def word2vec_binary(path: Path, vectors: Vectors = VECTORS) -> Path:
    """As word2vec.c writes it, with a line end behind each word's numbers."""
    entries = [word.encode() + b" " + struct.pack(f"<{WIDTH}f", *own) + b"\n" for word, own in vectors.items()]
    path.write_bytes(f"{len(vectors)} {WIDTH}\n".encode() + b"".join(entries))
    return path


def zipped(path: Path) -> Path:
    """The file as a .gz beside it."""
    target = path.with_name(f"{path.name}.gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


def fasttext(
    path: Path,
    words: Sequence[str],
    table: NDArray[np.float32],
    *,
    shortest: int = 3,
    longest: int = 6,
    version: int = 12,
    labels: Sequence[str] = (),
    pruned: int = -1,
    quantized: bool = False,
) -> Path:
    """A model as FastText::saveModel writes it: signature, arguments, dictionary, input matrix.

    Args:
        path: of the file.
        words: of the dictionary.
        table: of the words, then of the buckets, (rows, width).
        shortest: characters of a stretch.
        longest: likewise.
        version: of the format.
        labels: behind the words.
        pruned: entries of a pruned dictionary; -1 where it is not.
        quantized: whether the matrix is said to be.
    """
    buckets = len(table) - len(words)
    arguments = table.shape[1], 5, 5, 1, 5, 1, 1, 2, buckets, shortest, longest, 100
    entries = [(word, 0) for word in words] + [(label, 1) for label in labels]
    path.write_bytes(
        b"".join(
            [
                struct.pack("<ii", 793712314, version),
                struct.pack("<12id", *arguments, 1e-4),
                struct.pack("<iiiqq", len(entries), len(words), len(labels), 1000, pruned),
                *(word.encode() + b"\0" + struct.pack("<qb", 10, kind) for word, kind in entries),
                struct.pack("<?qq", quantized, *table.shape),
                table.astype("<f4").tobytes(),
                struct.pack("<?qq", False, len(words), table.shape[1]),
                bytes(4 * len(words) * table.shape[1]),
            ]
        )
    )
    return path


def _numbers(values: Sequence[float]) -> str:
    return " ".join(map(str, values))
