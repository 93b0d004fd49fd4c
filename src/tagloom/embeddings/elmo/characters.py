"""What a word is for an ELMo: the bytes of its UTF-8, framed and padded."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SENTENCE_BEGIN, SENTENCE_END, WORD_BEGIN, WORD_END, PADDING = 256, 257, 258, 259, 260
NUM_CHARACTERS = 262
"""Bytes, the five above, and 0, which stands for no word at all: each is a number higher in what is read."""

BEGIN_ROW, END_ROW, FRAME_ROWS = 0, 1, 2
"""In what `framed_characters` gives: what begins a sentence, what ends it, and how many these are."""


@dataclass(frozen=True, slots=True)
class WordForm:
    """How words are read.

    Args:
        longest: characters of a word, its frame included.
        window: characters that the widest filter looks at.
    """

    longest: int
    window: int


def framed_characters(words: Sequence[str], form: WordForm) -> NDArray[np.int32]:
    """Characters of what begins a sentence, of what ends it, and of words, (2 + words, longest).

    There is as much padding as filters can tell apart: with more, up to the longest word that may be read, they find
    the same.

    Args:
        words: in any script; what is no text, such as lone surrogates, is left out of them, and what is behind the
            longest that may be read too, as published.
        form: how they are read.
    """
    contents = [bytes([0]), bytes([0]), *(word.encode("utf-8", "ignore")[: form.longest - 2] for word in words)]
    length = min(form.longest, max(map(len, contents)) + 2 + form.window)
    found = np.full((len(contents), length), PADDING, np.int32)
    for row, content in zip(found, contents, strict=True):
        row[0], row[len(content) + 1] = WORD_BEGIN, WORD_END
        row[1 : len(content) + 1] = np.frombuffer(content, np.uint8)
    found[BEGIN_ROW, 1], found[END_ROW, 1] = SENTENCE_BEGIN, SENTENCE_END
    return found + 1
