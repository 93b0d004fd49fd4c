"""Sentences that are suspiciously long."""

from collections.abc import Iterable

import numpy as np

from tagloom.data.findings import Findings
from tagloom.data.quality.contents import Contents

WINDOW = 1024
"""Words that prediction takes at once; longer sentences are read in windows."""

UNUSUAL, TIMES_MEDIAN = 100, 5
"""A sentence is unusually long with more words than the first, and more than so many times the median."""


def overlong_sentences(contents: Contents) -> Findings:
    """Sentences over `WINDOW` words, the longest first."""
    return _told(contents, "overlong_sentences", np.flatnonzero(contents.lengths > WINDOW))


def long_sentences(contents: Contents) -> Findings:
    """Sentences that are unusually long among these, the longest first."""
    lengths = contents.lengths
    bound = max(UNUSUAL, TIMES_MEDIAN * float(np.median(lengths))) if len(lengths) else UNUSUAL
    return _told(contents, "long_sentences", np.flatnonzero((lengths > bound) & (lengths <= WINDOW)))


def _told(contents: Contents, kind: str, sentences: Iterable[int]) -> Findings:
    lengths = contents.lengths
    found = Findings()
    found.note_each(
        kind,
        sorted(sentences, key=lambda place: -lengths[place]),
        lambda place: f"{contents.place_of(place)}: {lengths[place]:,} words: {contents.text_of(place)}",
    )
    return found
