"""Words with tags, as token formats have them, to documents."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from pathlib import PurePath
from typing import NamedTuple

from tagloom import schemes
from tagloom.data.findings import Findings
from tagloom.data.formats.format import Reading
from tagloom.data.formats.tokens import Tokens
from tagloom.errors import DataError, SchemeError
from tagloom.schemes import OUTSIDE, Scheme
from tagloom.text import Document, Span, Token

Columns = Mapping[str, tuple[str, ...]]
"""Further columns by name, each with one value a word."""

Bounds = tuple[tuple[int, int], ...]
"""First word and word after the last of each sentence."""


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
        self._cells: dict[str, str] = {}  # each once: a corpus repeats few of them a million times
        self._tags: set[str] = set()

    def __len__(self) -> int:
        return len(self._sentences)

    @property
    def place(self) -> str:
        """The file's name without its folder, for examples."""
        return PurePath(self.name).name

    def add(
        self, words: Sequence[str], tags: Sequence[str], lines: Sequence[int], columns: Columns, name: str = ""
    ) -> None:
        """Takes one sentence.

        Args:
            words: at least one; empty ones are left out and counted.
            tags: as many.
            lines: the line of each, from 1.
            columns: further columns.
            name: the source's name of it.

        Raises:
            DataError: a tag is not of any scheme's form.
        """
        if not self._tags.issuperset(tags):
            self._check(tags, lines)
        if "" in words:
            kept = self._worded(words, lines)
            words, tags = [words[index] for index in kept], [tags[index] for index in kept]
            columns = {key: tuple(values[index] for index in kept) for key, values in columns.items()}
        if words:
            own = {key: tuple(map(self._cells.setdefault, values, values)) for key, values in columns.items()}
            self._sentences.append(TaggedSentence(tuple(words), tuple(tags), lines[0], name, own))

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
        tags = [OUTSIDE, *chain.from_iterable((*sentence.tags, OUTSIDE) for sentence in self._sentences)]
        scheme = schemes.scheme(scheme_name) if scheme_name else schemes.detect([tags])
        forbidden = {pair for pair in set(pairwise(tags)) if not scheme.allows(*pair)}
        builder = _Builder(scheme, forbidden, self.findings, self.place)
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


class _Builder:
    """Makes documents of tagged sentences, and notes the tags that break the scheme."""

    def __init__(self, scheme: Scheme, forbidden: set[tuple[str, str]], findings: Findings, place: str) -> None:
        self._scheme = scheme
        self._forbidden = forbidden
        self._findings = findings
        self._place = place
        self._tokens = Tokens()
        self._labels: dict[str, str] = {}

    def document(self, sentences: Sequence[TaggedSentence], number: int) -> Document:
        """A document of these sentences, the `number`th of its source."""
        whole = sentences[0] if len(sentences) == 1 else _joined(sentences)
        bounds = _bounds(sentences) if len(sentences) > 1 else None
        tokens = self._tokens.of_words(whole.words)
        broken = [sentence for sentence in sentences if self._is_broken(sentence)] if self._forbidden else []
        return Document(
            text="\n".join([" ".join(sentence.words) for sentence in sentences]),
            spans=self._spans(whole.tags, tokens, bounds),
            id=whole.id or str(number),
            tokens=tokens,
            sentence_bounds=bounds,
            source_tags=whole.tags if broken else None,
            columns=whole.columns,
        )

    def _spans(self, tags: Sequence[str], tokens: Sequence[Token], bounds: Bounds | None) -> tuple[Span, ...]:
        if bounds is not None:
            parts = [self._spans(tags[begin:end], tokens[begin:end], None) for begin, end in bounds]
            return tuple(chain.from_iterable(parts))
        if tags.count(OUTSIDE) == len(tags):
            return ()
        once = self._labels.setdefault
        chunks = self._scheme.decode_leniently(tags)
        return tuple([Span(tokens[first][0], tokens[end - 1][1], once(label, label)) for first, end, label in chunks])

    def _is_broken(self, sentence: TaggedSentence) -> bool:
        if self._forbidden.isdisjoint(pairwise((OUTSIDE, *sentence.tags, OUTSIDE))):
            return False
        told = ("the beginning", *sentence.tags, "the end")
        positions = self._scheme.violations(sentence.tags)
        examples = [
            f"{self._place}:{sentence.line}: {told[position + 1]} after {told[position]} at word {position + 1}"
            for position in positions
        ]
        self._findings.note("ill_formed_tags", *examples, count=len(positions))
        return True


def _divide(sentences: Sequence[TaggedSentence], starts: Sequence[int]) -> list[Sequence[TaggedSentence]]:
    edges = sorted({0, *starts, len(sentences)}) if starts else range(len(sentences) + 1)
    return [sentences[begin:end] for begin, end in pairwise(edges)]


def _bounds(sentences: Iterable[TaggedSentence]) -> Bounds:
    return tuple(pairwise(accumulate([len(sentence.words) for sentence in sentences], initial=0)))


def _joined(sentences: Sequence[TaggedSentence]) -> TaggedSentence:
    first = sentences[0]
    return TaggedSentence(
        tuple(chain.from_iterable(sentence.words for sentence in sentences)),
        tuple(chain.from_iterable(sentence.tags for sentence in sentences)),
        first.line,
        "",
        {name: tuple(chain.from_iterable(one.columns[name] for one in sentences)) for name in first.columns},
    )
