"""Words with tags, as token formats have them, to documents and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from pathlib import PurePath
from typing import NamedTuple

from tagloom import schemes, tokenize
from tagloom.data.findings import Findings
from tagloom.data.formats.format import Reading
from tagloom.errors import DataError, SchemeError
from tagloom.schemes import OUTSIDE, Scheme
from tagloom.text import Document, Sentence, Span, Token

Columns = Mapping[str, tuple[str, ...]]
"""Further columns by name, each with one value a word."""


class TaggedSentence(NamedTuple):
    """A sentence as a token format has it; `line` is where it begins, from 1."""

    words: tuple[str, ...]
    tags: tuple[str, ...]
    line: int
    id: str
    columns: Columns


class TaggedSentences:
    """Gathers the sentences of one file, checks their tags and makes documents of them.

    Args:
        name: what messages call the file that holds the tags.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.findings = Findings()
        self._sentences: list[TaggedSentence] = []
        self._strings: dict[str, str] = {}  # each string once: a corpus repeats few of them a million times
        self._tags: set[str] = set()

    def __len__(self) -> int:
        return len(self._sentences)

    @property
    def place(self) -> str:
        """The file's name without its folder, for examples."""
        return PurePath(self.name).name

    def add(
        self, words: Sequence[str], tags: Sequence[str], lines: Sequence[int], columns: Columns, *, id: str = ""
    ) -> None:
        """Takes one sentence.

        Args:
            words: at least one; empty ones are left out and counted.
            tags: as many.
            lines: the line of each, from 1.
            columns: further columns.
            id: the source's name of it.

        Raises:
            DataError: a tag is not of any scheme's form.
        """
        if not self._tags.issuperset(tags):
            self._check(tags, lines)
        if "" in words:
            kept = self._worded(words, lines)
            words, tags = [words[index] for index in kept], [tags[index] for index in kept]
            columns = {name: tuple(values[index] for index in kept) for name, values in columns.items()}
        if words:
            own = {name: self._once(values) for name, values in columns.items()}
            self._sentences.append(TaggedSentence(self._once(words), self._once(tags), lines[0], id, own))

    def read(self, scheme_name: str | None, document_starts: Sequence[int] = ()) -> Reading:
        """Documents of all that was added.

        Args:
            scheme_name: the scheme of the tags; None to recognise it.
            document_starts: indices of sentences that begin a document; none makes each sentence a document.

        Raises:
            DataError: nothing was added.
        """
        if not self._sentences:
            raise DataError(f"{self.name}: expected labelled sentences, found none. Give a file that holds some.")
        tags = (sentence.tags for sentence in self._sentences)
        scheme = schemes.scheme(scheme_name) if scheme_name else schemes.detect(tags)
        builder = _Builder(scheme, _forbidden_pairs(self._sentences, scheme), self.findings, self.place)
        groups = _divide(self._sentences, document_starts)
        documents = tuple(builder.document(group, number) for number, group in enumerate(groups, start=1))
        return Reading(documents, scheme.name, tuple(self.findings))

    def _check(self, tags: Sequence[str], lines: Sequence[int]) -> None:
        for tag, line in zip(tags, lines, strict=True):
            try:
                schemes.split_tag(tag)
            except SchemeError as error:
                raise DataError(f"{self.name}:{line}: {error} Correct the tag.") from error
            self._tags.add(tag)

    def _worded(self, words: Sequence[str], lines: Sequence[int]) -> list[int]:
        empty = [line for word, line in zip(words, lines, strict=True) if not word]
        self.findings.note("empty_words", *(f"{self.place}:{line}" for line in empty), count=len(empty))
        return [index for index, word in enumerate(words) if word]

    def _once(self, strings: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self._strings.setdefault, strings, strings))


class _Tokens(dict[tuple[int, int], Token]):
    """One token a pair of offsets, since most sentences share theirs."""

    def __missing__(self, offsets: tuple[int, int]) -> Token:
        token = Token(*offsets)
        self[token] = token
        return token

    def of(self, words: Iterable[str]) -> tuple[Token, ...]:
        """The tokens of words that one character parts."""
        starts = list(accumulate([length + 1 for length in map(len, words)], initial=0))
        return tuple(map(self.__getitem__, zip(starts, [start - 1 for start in starts[1:]], strict=False)))


class _Builder:
    """Makes documents of tagged sentences, and notes the tags that break the scheme."""

    def __init__(self, scheme: Scheme, forbidden: set[tuple[str, str]], findings: Findings, place: str) -> None:
        self._scheme = scheme
        self._forbidden = forbidden
        self._findings = findings
        self._place = place
        self._tokens = _Tokens()
        self._labels: dict[str, str] = {}

    def document(self, sentences: Sequence[TaggedSentence], number: int) -> Document:
        """A document of these sentences, the `number`th of its source."""
        first = sentences[0]
        bounds = _bounds(sentences)
        tokens = self._tokens.of(chain.from_iterable(sentence.words for sentence in sentences))
        spans = [self._spans(one.tags, tokens[begin:end]) for one, (begin, end) in zip(sentences, bounds, strict=True)]
        broken = [sentence for sentence in sentences if self._forbidden and self._is_broken(sentence)]
        return Document(
            text="\n".join([" ".join(sentence.words) for sentence in sentences]),
            spans=tuple(chain.from_iterable(spans)),
            id=first.id if len(sentences) == 1 and first.id else str(number),
            tokens=tokens,
            sentence_bounds=bounds if len(bounds) > 1 else None,
            source_tags=tuple(chain.from_iterable(one.tags for one in sentences)) if broken else None,
            columns=first.columns if len(sentences) == 1 else _joined_columns(sentences),
        )

    def _spans(self, tags: Sequence[str], tokens: Sequence[Token]) -> list[Span]:
        if tags.count(OUTSIDE) == len(tags):
            return []
        once = self._labels.setdefault
        chunks = self._scheme.decode_leniently(tags)
        return [Span(tokens[first].start, tokens[end - 1].end, once(label, label)) for first, end, label in chunks]

    def _is_broken(self, sentence: TaggedSentence) -> bool:
        if self._forbidden.isdisjoint(_pairs(sentence.tags)):
            return False
        padded = (OUTSIDE, *sentence.tags, OUTSIDE)
        positions = self._scheme.violations(sentence.tags)
        examples = [
            f"{self._place}:{sentence.line}: {padded[position + 1]} after {padded[position]} at word {position + 1}"
            for position in positions
        ]
        self._findings.note("ill_formed_tags", *examples, count=len(positions))
        return True


def _pairs(tags: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip((OUTSIDE, *tags), (*tags, OUTSIDE), strict=True)


def _forbidden_pairs(sentences: Iterable[TaggedSentence], scheme: Scheme) -> set[tuple[str, str]]:
    """Pairs of neighbouring tags that occur although the scheme forbids them."""
    pairs: set[tuple[str, str]] = set()
    for sentence in sentences:
        pairs.update(_pairs(sentence.tags))
    return {pair for pair in pairs if not scheme.allows(*pair)}


def _divide(sentences: Sequence[TaggedSentence], starts: Sequence[int]) -> list[Sequence[TaggedSentence]]:
    edges = sorted({0, *starts, len(sentences)}) if starts else range(len(sentences) + 1)
    return [sentences[begin:end] for begin, end in zip(edges, edges[1:], strict=False)]


def _bounds(sentences: Iterable[TaggedSentence]) -> tuple[tuple[int, int], ...]:
    edges = list(accumulate([len(sentence.words) for sentence in sentences], initial=0))
    return tuple(zip(edges, edges[1:], strict=False))


def _joined_columns(sentences: Sequence[TaggedSentence]) -> Columns:
    return {
        name: tuple(chain.from_iterable(sentence.columns[name] for sentence in sentences))
        for name in sentences[0].columns
    }
