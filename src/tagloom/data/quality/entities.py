"""The spans of a dataset as its checks see them: their texts, and the words that they touch, as numbers."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tagloom.text import Span

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Entities:
    """The spans of all documents, one after the other; places count through all documents.

    Args:
        spans: themselves.
        texts: the stretch of text of each.
        documents: the document of each, by its place, (spans,).
        starts: where each begins, the documents' texts laid one after the other, (spans,).
        ends: where each ends, likewise, (spans,).
        first_words: the first word that each touches, (spans,).
        end_words: the word after the last that each touches; the same as `first_words` where it touches none, (spans,).
        are_aligned: whether each begins and ends at the edges of words, (spans,).
    """

    spans: list[Span]
    texts: list[str]
    documents: Numbers
    starts: Numbers
    ends: Numbers
    first_words: Numbers
    end_words: Numbers
    are_aligned: NDArray[np.bool_]

    @cached_property
    def labels(self) -> list[str]:
        """The label of each span."""
        return [span.label for span in self.spans]

    @cached_property
    def counts(self) -> dict[str, Counter[str]]:
        """How often each text occurs under each label, the most frequent label first."""
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for label, text in zip(self.labels, self.texts, strict=True):
            texts[label].append(text)
        labels = sorted(texts, key=lambda label: (-len(texts[label]), label))
        return {label: Counter(texts[label]) for label in labels}

    @cached_property
    def label_counts(self) -> dict[str, int]:
        """How often each label occurs, the most frequent first."""
        return {label: counts.total() for label, counts in self.counts.items()}

    @cached_property
    def surfaces(self) -> Counter[str]:
        """How often each text occurs, under any label."""
        return Counter(self.texts)
