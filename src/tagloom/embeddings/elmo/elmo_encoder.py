"""An ELMo in use: the words of sentences in, all layers of each word out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.elmo.characters import BEGIN_ROW, END_ROW, FRAME_ROWS, WordForm, framed_characters
from tagloom.embeddings.windows import windows
from tagloom.features.batches import batches_by_length

_AT_ONCE = 2_048  # words of a batch, padding included
_MOST = 32  # sentences of a batch


@dataclass(frozen=True)
class ElmoBatch:
    """Sentences as an ELMo reads them.

    Args:
        characters: of different words, with what begins and what ends a sentence, int32 (different, longest).
        places: which of them stands where, with what begins and ends each sentence, int32 (length, batch).
        lengths: of the sentences, so framed, int64 (batch,).
    """

    characters: NDArray[np.int32]
    places: NDArray[np.int32]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, sentences: Sequence[Sequence[str]], form: WordForm) -> "ElmoBatch":
        """The sentences as they are read, each word once.

        Args:
            sentences: in words.
            form: how words are read.
        """
        different = list(dict.fromkeys(word for words in sentences for word in words))
        rows = {word: row for row, word in enumerate(different, FRAME_ROWS)}
        lengths = np.array([len(words) + 2 for words in sentences], np.int64)
        places = np.zeros((int(lengths.max()), len(sentences)), np.int32)
        for number, words in enumerate(sentences):
            places[: len(words) + 2, number] = [BEGIN_ROW, *(rows[word] for word in words), END_ROW]
        return cls(framed_characters(different, form), places, lengths)


Run = Callable[[ElmoBatch], NDArray[np.float32]]
"""A batch to all layers of each word one behind the other, with those of the frame, (batch, length, width)."""


class ElmoEncoder:
    """Reads sentences of any length, each from the beginning, long ones in windows. Threads may share it.

    Args:
        run: the network.
        width: of the vectors, all layers one behind the other.
        form: how words are read.
    """

    def __init__(self, run: Run, width: int, form: WordForm) -> None:
        self._run, self.width, self._form = run, width, form

    def vectors(self, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """One vector for each word of each sentence, (words, width) each."""
        found = [np.zeros((len(words), self.width), np.float32) for words in sentences]
        cut = [(number, window) for number, words in enumerate(sentences) for window in windows(len(words))]
        cut.sort(key=lambda one: len(one[1]))
        for batch in batches_by_length(range(len(cut)), [len(window) + 2 for _, window in cut], _MOST, _AT_ONCE):
            some = [cut[place] for place in batch]
            read = [sentences[number][window.start : window.end] for number, window in some]
            for (number, window), values in zip(some, self._run(ElmoBatch.of(read, self._form)), strict=True):
                found[number][window.kept_start : window.kept_end] = window.kept(values[1 : len(window) + 1])
        return found
