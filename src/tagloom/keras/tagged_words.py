"""Sentences as lists of (word, part of speech, tag): what the well-known tutorials of the Kaggle corpus begin with."""

import logging
import operator
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, overload

from tagloom.data.alignment import EXPAND, align
from tagloom.data.dataset import Dataset
from tagloom.data.formats.tagging import tagged_documents
from tagloom.data.frames import from_frame
from tagloom.data.writing import writing_of
from tagloom.errors import DataError
from tagloom.schemes import BIO
from tagloom.text import Document

TaggedWord = tuple[str, str, str]
"""Word, what the further column says of it, tag."""

_log = logging.getLogger(__name__)


class TaggedWords(Sequence[list[TaggedWord]]):
    """The sentences of a dataset, each a list of (word, part of speech, tag), made when asked for.

    Tags are encoded anew from the spans; those of a document whose source had ill-formed ones stay as they were, where
    they are of the same scheme. Spans that do not begin and end at the edges of words are widened to them, and counted
    in the log.

    Args:
        data: a dataset, or a table that `tagloom.from_frame` reads, such as the Kaggle corpus in pandas.
        column: the further column to show.
        scheme: of the tags.

    Raises:
        DataError: a document has no such column, or the table cannot be read.
        ConfigError: it is no such table.
        SchemeError: there is no such scheme.

    Example:
        >>> import pandas
        >>> columns = {"Sentence #": ["1", None], "Word": ["The", "D90"], "POS": ["DT", "NNP"], "Tag": ["O", "B-PNAME"]}
        >>> TaggedWords(pandas.DataFrame(columns))[0]
        [('The', 'DT', 'O'), ('D90', 'NNP', 'B-PNAME')]
    """

    def __init__(self, data: Any, *, column: str = "POS", scheme: str = BIO.name) -> None:
        dataset = data if isinstance(data, Dataset) else from_frame(data)
        for document in dataset.documents:
            _expect_column(document, column)
        aligned = align(dataset)
        aligned.warn()
        self._column, self._documents = column, aligned.dataset.documents
        own = {source.scheme for source in dataset.sources}
        self._writing = writing_of(own, scheme=scheme, align=EXPAND, remarks=False)
        self._ends = list(accumulate(map(_num_sentences, self._documents)))
        self._latest = lru_cache(maxsize=4)(self._sentences)  # of a long document each sentence is asked for in turn
        num_lost = sum(document.source_tags is not None for document in self._documents)
        if num_lost and not self._writing.keeps_source_tags:
            _log.warning(
                "documents whose ill-formed tags are not shown, but what was read of them: %s", f"{num_lost:,}"
            )

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> list[TaggedWord]: ...

    @overload
    def __getitem__(self, index: slice) -> list[list[TaggedWord]]: ...

    def __getitem__(self, index: int | slice) -> list[TaggedWord] | list[list[TaggedWord]]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[operator.index(index)]
        number = bisect_right(self._ends, place)
        before = self._ends[number - 1] if number else 0
        return list(self._latest(number)[place - before])

    def __iter__(self) -> Iterator[list[TaggedWord]]:
        for number in range(len(self._documents)):
            yield from self._sentences(number)

    def _sentences(self, number: int) -> list[list[TaggedWord]]:
        """Those of a document."""
        (tagged,) = tagged_documents([self._documents[number]], self._writing, refused="")
        return [
            list(zip(sentence.words, sentence.columns[self._column], sentence.tags, strict=True))
            for sentence in tagged.sentences
        ]


def _num_sentences(document: Document) -> int:
    tokens = document.tokens or ()
    bounds = document.sentence_bounds if document.sentence_bounds is not None else ((0, len(tokens)),)
    return sum(first < last for first, last in bounds)


def _expect_column(document: Document, column: str) -> None:
    if document.tokens is None or (column not in document.columns and document.tokens):
        found = ", ".join(map(repr, document.columns)) or "none"
        raise DataError(
            f"document {document.id!r}: expected words with a column {column!r}, found these columns: {found}. "
            "Name the one to show (column=...), or read a file that has one."
        )
