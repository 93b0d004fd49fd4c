"""Vectors as text: a word and its numbers a line (GloVe), perhaps behind a line with count and width (word2vec)."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, repeat

import numpy as np

from tagloom.embeddings.vectors.block import MOST_AT_ONCE, Block, expect_width, told
from tagloom.embeddings.vectors.header import read_header
from tagloom.errors import DataError


class TextVectors:
    """The words of a text file, once.

    Args:
        lines: of the file.
        name: of the file, for errors.

    Attributes:
        width: of the vectors.
        expected: how many words the file says that it has; None where it does not say.

    Raises:
        DataError: its first lines are none of a file of vectors.
    """

    def __init__(self, lines: Iterable[bytes], name: str) -> None:
        self._name = name
        rest = _without_blank_end(lines)
        head = list(islice(rest, 2))
        if head:
            head[0] = head[0].removeprefix(BOM_UTF8)
        self.expected: int | None = None
        header = _header(head)
        if header is not None:
            self.expected, width = header
            head = head[1:]
        else:
            width = len(head[0].split()) - 1 if head else 0
        self._first_line = 1 if header is None else 2
        if width < 1 or (header is None and not all(map(_is_number, head[0].split()[1:]))):
            received = told(head[0].rstrip()) if head else "nothing"
            raise DataError(
                f"{name}:1: expected a word and its numbers, or how many words and numbers there are, received "
                f"{received}. Is this a file of word vectors?"
            )
        self.width = expect_width(width, name)
        self._lines = chain(head, rest)

    def __iter__(self) -> Iterator[Block]:
        """Blocks of words.

        Raises:
            DataError: a line is not as the first ones, or the file has fewer or more of them than it says.
        """
        number = 0  # of the lines before
        while some := list(islice(self._lines, MOST_AT_ONCE)):
            first = self._first_line + number
            words, rows = zip(*(self._parsed(line, first + row) for row, line in enumerate(some)), strict=True)
            with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
                block = Block(words, np.array(rows, np.float64).astype(np.float32))
            yield block.expect_finite(partial(self._place, first))
            number += len(some)
        if self.expected not in (None, number):
            raise DataError(
                f"{self._name}: expected {self.expected:,} words, as its first line says, received {number:,}. "
                "Was it cut? Get it anew."
            )

    def _place(self, first: int, row: int) -> str:
        """Where a word stands: so many lines behind the first one of its block."""
        return f"{self._name}:{first + row}"

    def _parsed(self, line: bytes, number: int) -> tuple[bytes, Sequence[float]]:
        """Word and numbers of a line; a word may hold blanks, as some of GloVe do."""
        fields = line.split()
        behind = len(fields) - self.width  # where the numbers begin
        try:
            if behind == 1 or (behind > 1 and not all(map(_is_number, fields[1:behind]))):
                return b" ".join(fields[:behind]), _numbers(fields[behind:])
        except ValueError:
            pass
        promised = "as in the lines before" if self.expected is None else "as its first line says"
        raise DataError(
            f"{self._name}:{number}: expected a word and {self.width} numbers, {promised}, received "
            f"{max(0, len(fields) - 1)} fields behind {told(fields[0] if fields else b'')}. "
            "Mend the line, or get the file anew."
        )


def is_vector_line(line: bytes, width: int) -> bool:
    """Whether a line ends in as many numbers as the width, or has several and nothing else behind its first word."""
    numbers = line.split()[1:][-width:]
    return len(numbers) >= min(2, width) and all(map(_is_number, numbers))


def _without_blank_end(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines up to the last one that is not blank."""
    num_blank = 0
    for line in lines:
        if line.isspace():
            num_blank += 1
        else:
            yield from repeat(b"\n", num_blank)
            num_blank = 0
            yield line


def _header(head: Sequence[bytes]) -> tuple[int, int] | None:
    """How many words of what width, where the first line says so and the second one is none of one number a word."""
    header = read_header(head[0]) if head else None
    num_fields = len(head[1].split()) if len(head) > 1 else 0
    if header is None or 0 < num_fields <= min(2, header[1]):
        return None
    return header


def _numbers(fields: Sequence[bytes]) -> list[float]:
    """The numbers of a line.

    Raises:
        ValueError: one is none; Python's own underscores, as in `1_0`, belong to no file.
    """
    if b"_" in b"".join(fields):
        raise ValueError
    return [float(field) for field in fields]


def _is_number(field: bytes) -> bool:
    try:
        _numbers([field])
    except ValueError:
        return False
    return True
