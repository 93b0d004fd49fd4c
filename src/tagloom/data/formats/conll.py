"""CoNLL columns: a word a line, its tag in the last column, a blank line after each sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tagloom.data.formats.format import Column, Format, Options, Reading
from tagloom.data.formats.tagged import TaggedSentence, TaggedSentences
from tagloom.data.formats.tagging import shared_columns, tagged_sentences
from tagloom.data.formats.two_files import looks_like_tag
from tagloom.data.source_text import BLANKS, SourceText, words_of
from tagloom.errors import ConfigError, DataError
from tagloom.schemes import OUTSIDE, Scheme
from tagloom.text import Document

DOCUMENT_MARK = "-DOCSTART-"
COMMENT_MARK = "#"
_MARKS = DOCUMENT_MARK[0] + COMMENT_MARK


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a file are divided.

    Args:
        by_tab: whether tabs part the columns; else runs of blanks.
        num_columns: how many there are.
        word: which has the word, from 0.
        tag: which has the tag, from 0.
    """

    by_tab: bool
    num_columns: int
    word: int
    tag: int

    @property
    def further(self) -> dict[str, int]:
        """The other columns, called by their place, from 1."""
        return {f"column {n + 1}": n for n in range(self.num_columns) if n not in (self.word, self.tag)}

    def cells(self, line: str) -> list[str]:
        """The columns of a line."""
        return line.split("\t") if self.by_tab else words_of(line)

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether these are as many columns as most lines have, with a tag where it should be and none for the word."""
        if len(cells) != self.num_columns:
            return False
        return looks_like_tag(cells[self.tag]) and not looks_like_tag(cells[self.word])

    def is_comment(self, line: str) -> bool:
        """Whether a line is a remark: it begins as one and cannot be a word with its tag."""
        if not line.startswith(COMMENT_MARK):
            return False
        cells = self.cells(line)
        return len(cells) != self.num_columns or not looks_like_tag(cells[self.tag])


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of a sentence, their numbers from 1, and whether a document begins with it."""

    lines: list[str]
    numbers: list[int]
    begins_document: bool


class Conll(Format):
    """Two columns or more, the word first and the tag last unless the caller says otherwise."""

    name = "conll"
    summary = "CoNLL columns with the tag in the last one"
    suffixes = (".conll",)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether at least half of the first lines fit."""
        sample = texts[0].sample()
        try:
            layout = _layout(sample, options, texts[0].name)
        except (ConfigError, DataError):
            return False
        lines = [layout.cells(line) for line in sample if not layout.is_comment(line)]
        return sum(map(layout.fits, lines)) * 2 >= len(lines) > 0

    def read(self, texts: Sequence[SourceText], options: Options) -> Reading:
        """A document a sentence, or where `-DOCSTART-` lines mark documents, those."""
        (text,) = texts
        layout = _layout(text.sample(), options, text.name)
        sentences = TaggedSentences(text.name)
        document_starts: list[int] = []
        for block in _blocks(text.lines(), layout):
            if block.begins_document:
                document_starts.append(len(sentences))
            _add(sentences, block, layout)
        return sentences.read(options.scheme, document_starts)

    def write(self, documents: Iterable[Document], scheme: Scheme, *, keep_source_tags: bool) -> tuple[str, ...]:
        """Columns parted by tabs; documents are marked where one has several sentences."""
        groups = list(tagged_sentences(documents, scheme, keep_source_tags=keep_source_tags, refused="\0\t\n\r"))
        names = shared_columns(groups)
        mark = "\t".join([DOCUMENT_MARK, *["-X-"] * len(names), OUTSIDE]) + "\n\n"
        marked = any(len(sentences) > 1 for sentences in groups)
        written = [(mark if marked else "") + "".join([_written(one, names) for one in group]) for group in groups]
        return ("".join(written),)


def _layout(sample: Sequence[str], options: Options, name: str) -> Layout:
    """How most of the first lines are divided; those that begin like a remark count only where there are no others."""
    filled = [line for line in sample if not _begins_document(line)]
    lines = [line for line in filled if not line.startswith(COMMENT_MARK)] or filled or [""]
    by_tab = sum("\t" in line for line in lines) * 2 > len(lines)
    widths = Counter(line.count("\t") + 1 if by_tab else len(words_of(line)) for line in lines)
    num_columns = widths.most_common(1)[0][0]
    if num_columns < 2:
        raise DataError(
            f"{name}: expected at least 2 columns, a word and its tag, received {lines[0]!r}. Add the tags."
        )
    word = _place("word_column", 0 if options.word_column is None else options.word_column, num_columns)
    tag = _place("tag_column", -1 if options.tag_column is None else options.tag_column, num_columns)
    if word == tag:
        raise ConfigError(f"tag_column: expected another column than the word's, received {tag} for both.")
    return Layout(by_tab, num_columns, word, tag)


def _place(option: str, column: Column, num_columns: int) -> int:
    if not isinstance(column, int) or not -num_columns <= column < num_columns:
        raise ConfigError(
            f"{option}: expected a number from {-num_columns} to {num_columns - 1}, since the file has {num_columns} "
            f"columns without names, received {column!r}."
        )
    return column % num_columns


def _blocks(lines: Iterable[str], layout: Layout) -> Iterator[Block]:
    block = Block([], [], begins_document=False)
    for number, line in enumerate(lines, start=1):
        if not line or not line.strip(BLANKS):
            if block.lines:
                yield block
                block = Block([], [], begins_document=False)
        elif line[0] in _MARKS and _begins_document(line):
            if block.lines:
                yield block
            block = Block([], [], begins_document=True)
        elif line[0] not in _MARKS or not layout.is_comment(line):
            block.lines.append(line)
            block.numbers.append(number)
    if block.lines:
        yield block


def _begins_document(line: str) -> bool:
    return line.startswith(DOCUMENT_MARK) and words_of(line)[0] == DOCUMENT_MARK


def _add(sentences: TaggedSentences, block: Block, layout: Layout) -> None:
    rows = [line.split("\t") for line in block.lines] if layout.by_tab else list(map(words_of, block.lines))
    for row, number, line in zip(rows, block.numbers, block.lines, strict=True):
        if len(row) != layout.num_columns:
            raise DataError(
                f"{sentences.name}:{number}: expected {layout.num_columns} columns, as in most lines, "
                f"received {len(row)} in {line!r}. Correct the line."
            )
    columns = list(zip(*rows, strict=True))
    further = {name: columns[place] for name, place in layout.further.items()}
    sentences.add(columns[layout.word], columns[layout.tag], block.numbers, further)


def _written(sentence: TaggedSentence, names: Sequence[str]) -> str:
    if any(word.startswith(DOCUMENT_MARK) for word in sentence.words):
        raise DataError(f"document {sentence.id!r}: the word {DOCUMENT_MARK} marks a document here. Write json_lines.")
    columns = [sentence.words, *(sentence.columns[name] for name in names), sentence.tags]
    return "".join(["\t".join(row) + "\n" for row in zip(*columns, strict=True)]) + "\n"
