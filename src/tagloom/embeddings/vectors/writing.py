"""Word vectors into a file, as text that every program of its kind reads."""

from collections.abc import Sequence
from pathlib import Path

from tagloom.embeddings.vectors.block import MOST_AT_ONCE
from tagloom.embeddings.vectors.vector_file import VectorSource
from tagloom.files import whole_file


def write_vectors(path: Path, source: VectorSource, words: Sequence[str]) -> int:
    """Writes the vectors of those words that have one, a word and its numbers a line, as GloVe does.

    Returns:
        How many were written: words with blanks, which the format cannot hold, are left out.
    """
    plain = [word for word in words if word.split() == [word]]
    number = 0
    with whole_file(path) as stream:
        for first in range(0, len(plain), MOST_AT_ONCE):
            some = plain[first : first + MOST_AT_ONCE]
            is_found, vectors = source.look_up(some)
            found = [word for word, has in zip(some, is_found, strict=True) if has]
            for word, values in zip(found, vectors.tolist(), strict=True):
                numbers = " ".join(f"{value:.5g}" for value in values)
                stream.write(f"{word} {numbers}\n".encode("utf-8", "replace"))
            number += len(found)
    return number
