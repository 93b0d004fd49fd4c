"""Spans that a gazetteer proposes, so that a first feature set can start from a list of names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tagloom import tokenize
from tagloom.data.dataset import Dataset
from tagloom.data.filters.fields import named
from tagloom.data.filters.patterns import compiled
from tagloom.data.weak_labels.gazetteer import Entry, Gazetteer
from tagloom.data.weak_labels.normal_text import NormalText
from tagloom.errors import DataError
from tagloom.text import Document, Span, Token

_PREFIX = 3

Match = tuple[int, int, int]
"""Where it begins and ends in the text, and the place of its entry."""


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """What became of one entry.

    Args:
        entry: of the gazetteer.
        num_matches: how often it fits the texts.
        num_spans: how many of those became spans.
        num_known: how many are spans already, of the same label; the others lie on a span, or on a longer match.
        num_misaligned: how often a pattern fits, but not from a word's edge to another of the same sentence: no match.
    """

    entry: Entry
    num_matches: int = 0
    num_spans: int = 0
    num_known: int = 0
    num_misaligned: int = 0


@dataclass(frozen=True, slots=True)
class Prelabelled:
    """A dataset with the spans of a gazetteer, and how many each entry made.

    Args:
        dataset: with them.
        entries: what became of each, in the gazetteer's order.
    """

    dataset: Dataset
    entries: tuple[EntryCounts, ...]

    @property
    def labels(self) -> dict[str, int]:
        """How many spans were made of each label, the most frequent first."""
        counts: Counter[str] = Counter()
        for one in self.entries:
            counts[one.entry.label] += one.num_spans
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def unmatched(self) -> tuple[EntryCounts, ...]:
        """The entries that fit no text."""
        return tuple(one for one in self.entries if not one.num_matches)


def prelabel(dataset: Dataset, gazetteer: Gazetteer) -> Prelabelled:
    """Makes a span of each match that lies on no span and on no longer match; of equally long ones the first stays.

    Spans that are there stay as they are. The `origin` of each new one is the gazetteer's name and the entry's line.
    At each word, surfaces cost a look-up for each length that those with its first characters have: time grows with the
    text, and not with the number of surfaces.

    Args:
        dataset: of texts, with labels or without.
        gazetteer: what to look for.

    Raises:
        DataError: a regular expression takes too long on a document.

    Example:
        >>> products = Gazetteer("products.txt", (Entry("PNAME", "Nikon D90", 1), Entry("PNAME", "Nikon", 2)))
        >>> prelabelled = prelabel(Dataset((Document("My Nikon  D90 and another Nikon."),)), products)
        >>> [(span.start, span.end, span.origin) for span in prelabelled.dataset.documents[0].spans]
        [(3, 13, 'gazetteer products.txt:1'), (26, 31, 'gazetteer products.txt:2')]
        >>> prelabelled.labels
        {'PNAME': 2}
    """
    finder = _Finder(gazetteer)
    documents = tuple(finder.labelled(document, place) for place, document in enumerate(dataset.documents))
    return Prelabelled(Dataset(documents, dataset.sources), finder.counts())


class _Finder:
    """Finds what a gazetteer has, and counts.

    Args:
        gazetteer: what to look for.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._patterns = [number for number, entry in enumerate(gazetteer.entries) if entry.is_pattern]
        self._lengths = _lengths_by_prefix(gazetteer.surfaces)
        self._matches: Counter[int] = Counter()
        self._spans: Counter[int] = Counter()
        self._known: Counter[int] = Counter()
        self._misaligned: Counter[int] = Counter()

    def labelled(self, document: Document, place: int) -> Document:
        """The document with new spans; tags that its source had are not those of the new spans, so they go."""
        words = tokenize.tokens(document.text) if document.tokens is None else document.tokens
        sentences = [words[first:last] for first, last in document.sentence_bounds or ((0, len(words)),)]
        matches = [*self._found_surfaces(document.text, sentences), *self._found_patterns(document, sentences, place)]
        new = self._resolved(document, matches)
        if not new:
            return document
        spans = sorted((*document.spans, *new), key=lambda span: (span.start, span.end))
        return replace(document, spans=tuple(spans), source_tags=None)

    def counts(self) -> tuple[EntryCounts, ...]:
        """What became of each entry so far."""
        return tuple(
            EntryCounts(
                entry, self._matches[number], self._spans[number], self._known[number], self._misaligned[number]
            )
            for number, entry in enumerate(self._gazetteer.entries)
        )

    def _found_surfaces(self, text: str, sentences: Sequence[Sequence[Token]]) -> Iterator[Match]:
        """Every surface at every place where it stands in a sentence, also those that lie on one another."""
        if not self._gazetteer.surfaces:
            return
        options = {"ignore_case": self._gazetteer.ignore_case, "whole_words": self._gazetteer.whole_words}
        for words in sentences:
            yield from self._found_in(NormalText.of(text, words, **options))

    def _found_in(self, normal: NormalText) -> Iterator[Match]:
        for position, start in normal.begins.items():
            prefix = normal.text[position : position + _PREFIX]
            for size in range(1, len(prefix) + 1):
                for length in self._lengths.get(prefix[:size], ()):
                    end = normal.ends.get(position + length)
                    surface = "" if end is None else normal.text[position : position + length]
                    if end is not None and surface in self._gazetteer.surfaces:
                        yield start, end, self._gazetteer.surfaces[surface]

    def _found_patterns(self, document: Document, sentences: Sequence[Sequence[Token]], place: int) -> Iterator[Match]:
        if not self._patterns:
            return
        starts = {word.start: number for number, words in enumerate(sentences) for word in words}
        ends = {word.end: number for number, words in enumerate(sentences) for word in words}
        for number in self._patterns:
            for start, end in self._stretches(number, document, place):
                if starts.get(start, -1) == ends.get(end, -2) or not self._gazetteer.whole_words:
                    yield start, end, number
                else:
                    self._misaligned[number] += 1

    def _stretches(self, number: int, document: Document, place: int) -> list[tuple[int, int]]:
        """Where a pattern fits a document, from left to right, none of them empty."""
        entry, limit = self._gazetteer.entries[number], self._gazetteer.time_limit
        pattern = compiled(entry.surface, ignore_case=self._gazetteer.ignore_case)
        try:
            return [
                found.span() for found in pattern.finditer(document.text, timeout=limit) if found.end() > found.start()
            ]
        except TimeoutError as error:
            raise DataError(
                f"{self._gazetteer.name}:{entry.line}: the pattern {entry} took longer than {limit:g} s on "
                f"{named(document, place)}. Make it simpler, or allow it more time."
            ) from error

    def _resolved(self, document: Document, matches: Sequence[Match]) -> list[Span]:
        """The matches that become spans: the longest first, then the first in the text, then in the gazetteer."""
        if not matches:
            return []
        taken = bytearray(len(document.text))
        for span in document.spans:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
        known = {(span.start, span.end, span.label) for span in document.spans}
        new: list[Span] = []
        for start, end, number in sorted(matches, key=lambda match: (match[0] - match[1], match[0], match[2])):
            entry = self._gazetteer.entries[number]
            self._matches[number] += 1
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                new.append(Span(start, end, entry.label, origin=f"gazetteer {self._gazetteer.name}:{entry.line}"))
                self._spans[number] += 1
            elif (start, end, entry.label) in known:
                self._known[number] += 1
        return new


def _lengths_by_prefix(surfaces: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The lengths of the surfaces that begin with the same three characters, or are a shorter one."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for surface in surfaces:
        lengths[surface[:_PREFIX]].add(len(surface))
    return {prefix: tuple(sorted(own)) for prefix, own in lengths.items()}
