"""CoNLL columns: a word a line with its tag, a blank line after each sentence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import EVERYTHING, Carries
from tagloom.data.formats.cells import Cells
from tagloom.data.formats.format import Column, Options, Piece, Reading, TextFormat, Writing
from tagloom.data.formats.further import FurtherColumns
from tagloom.data.formats.originals import Original, is_original, original_line, places, read_original
from tagloom.data.formats.tagged import TaggedBatch, read_tagged, worded
from tagloom.data.formats.tagging import TaggedDocument, TaggedSentence, tagged_documents
from tagloom.data.formats.tags import looks_like_tag
from tagloom.data.sources.source_text import BLANKS, SourceText, words_of
from tagloom.errors import ConfigError, DataError
from tagloom.schemes import OUTSIDE
from tagloom.text import Document, Span, without_overlaps

DOCUMENT_MARK = "-DOCSTART-"
COMMENT_MARK = "#"
_MARKS = DOCUMENT_MARK[0] + COMMENT_MARK
_BATCH_SIZE = 50_000
_WITHOUT_REMARK = Carries(words=True, sentences=True, columns=True, source_tags=True)


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


class Conll(TextFormat):
    """Two columns or more: the tag in the last one that holds tags, the word in the first of the others.

    So it is where the caller does not say otherwise.
    """

    name = "conll"
    summary = "CoNLL columns, one of them with tags"
    suffixes = (".conll",)
    carries = replace(EVERYTHING, ids=False)  # a remark keeps the name too

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether at least half of the first lines fit."""
        sample = texts[0].sample()
        try:
            layout = _layout(sample, options, texts[0].name)
        except DataError:  # columns that the caller gave and the file has not are for the caller to know
            return False
        lines = [layout.cells(line) for line in sample if not layout.is_comment(line)]
        return sum(map(layout.fits, lines)) * 2 >= len(lines) > 0

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:
        """A document a sentence, or where `-DOCSTART-` lines or a document's own text mark documents, those."""
        (text,) = files
        layout = _layout(text.sample(), options, text.name)
        return read_tagged(lambda findings: _batches(text, layout, findings), text, options.scheme)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """Columns parted by tabs; a remark keeps the text of a document whose words and blanks do not say it.

        Documents are marked from the first one on that has such a remark or several sentences.
        """
        columns = FurtherColumns("_", writing.findings)
        (suffix,) = self.suffixes
        marks, number = False, 0
        for tagged in tagged_documents(documents, writing, refused="\0\t\n\r"):
            mark = _mark(tagged) if writing.remarks else None
            number += bool(tagged.sentences)
            (EVERYTHING if mark else _WITHOUT_REMARK).note_lost(tagged.source, writing.findings, read_as=number)
            if tagged.sentences:
                marks = marks or mark is not None or len(tagged.sentences) > 1
                lines = [_written(one, columns, tagged.source.id) for one in tagged.sentences]
                begin = mark or "\t".join([DOCUMENT_MARK, *["-X-"] * len(columns.names), OUTSIDE]) + "\n"
                yield suffix, (begin + "\n" if marks else "") + "".join(lines)


def _layout(sample: Sequence[str], options: Options, name: str) -> Layout:
    """How most of the first lines are divided; those that begin like a remark count only where there are no others."""
    filled = [line for line in sample if not _begins_document(line)]
    lines = [line for line in filled if not line.startswith(COMMENT_MARK)] or filled or [""]
    by_tab = sum("\t" in line for line in lines) * 2 > len(lines)
    rows = [line.split("\t") if by_tab else words_of(line) for line in lines]
    num_columns = Counter(map(len, rows)).most_common(1)[0][0]
    if num_columns < 2:
        raise DataError(
            f"{name}: expected at least 2 columns, a word and its tag, received {lines[0]!r}. Add the tags."
        )
    whole = [row for row in rows if len(row) == num_columns]
    tag = _place("tag", options.columns.get("tag", _tag_column(whole)), num_columns)
    word = _place("word", options.columns.get("word", 1 if tag == 0 else 0), num_columns)
    if word == tag:
        raise ConfigError(f"columns: expected the tag in another column than the word, received {tag} for both.")
    return Layout(by_tab, num_columns, word, tag)


def _tag_column(rows: Sequence[Sequence[str]]) -> int:
    """The last column of which most cells look like tags; the last of all where none does."""
    columns = list(zip(*rows, strict=True))
    holding = [place for place, cells in enumerate(columns) if sum(map(looks_like_tag, cells)) * 2 > len(cells)]
    return holding[-1] if holding else -1


def _place(kind: str, column: Column, num_columns: int) -> int:
    if not isinstance(column, int) or not -num_columns <= column < num_columns:
        raise ConfigError(
            f"columns: expected a number from {-num_columns} to {num_columns - 1} for the {kind}, since the file has "
            f"{num_columns} columns without names, received {column!r}."
        )
    return column % num_columns


def _batches(text: SourceText, layout: Layout, findings: Findings) -> Iterator[TaggedBatch]:
    """The sentences of a file, some thousands at a time, never with the parts of a document in two of them."""
    gathered = _Gathered(text.name, layout)
    for number, line in enumerate(text.lines(), start=1):
        if not line or (line[0] in BLANKS and not line.strip(BLANKS)):
            gathered.is_between_sentences = True
        elif line[0] in _MARKS and (_begins_document(line) or is_original(line)):
            if gathered.is_full:
                yield worded(gathered.batch(), findings, text.place)
            gathered.begin_document(line, number)
        elif line[0] not in _MARKS or not layout.is_comment(line):
            if gathered.is_between_sentences:
                if gathered.is_full and not gathered.has_documents:
                    yield worded(gathered.batch(), findings, text.place)
                gathered.begin_sentence()
            gathered.lines.append(line)
            gathered.numbers.append(number)
    yield worded(gathered.batch(), findings, text.place)


class _Gathered:
    """Lines of sentences until they are a batch.

    Attributes:
        lines: those of words.
        numbers: the number of each in the file, from 1.
        is_between_sentences: whether the next word begins a sentence.
        has_documents: whether the file marks documents, so that a sentence belongs to the one before it.
    """

    def __init__(self, name: str, layout: Layout) -> None:
        self._name, self._layout, self._cells = name, layout, Cells()
        self.has_documents = False
        self._clear()

    def _clear(self) -> None:
        self.lines: list[str] = []
        self.numbers: list[int] = []
        self.is_between_sentences = True
        self._starts: list[int] = []
        self._documents: list[int] = []
        self._originals: dict[int, Original] = {}

    @property
    def is_full(self) -> bool:
        """Whether there is enough for a batch."""
        return len(self.lines) >= _BATCH_SIZE

    def begin_sentence(self) -> None:
        """The next word is the first of a sentence."""
        self._starts.append(len(self.lines))
        self.is_between_sentences = False

    def begin_document(self, line: str, number: int) -> None:
        """The next word begins a document."""
        sentence = len(self._starts)
        self.is_between_sentences = self.has_documents = True
        if not self._documents or self._documents[-1] != sentence:
            self._documents.append(sentence)
        if is_original(line):
            try:
                self._originals[sentence] = read_original(line)
            except (ValueError, RecursionError) as error:
                raise DataError(
                    f"{self._name}:{number}: expected a document's own text, {error}. Correct the line, or remove it."
                ) from error

    def batch(self) -> TaggedBatch:
        """What was gathered; gathering begins anew."""
        layout, numbers = self._layout, self.numbers
        rows = [line.split("\t") for line in self.lines] if layout.by_tab else list(map(words_of, self.lines))
        if not {layout.num_columns}.issuperset(map(len, rows)):
            self._refuse(rows)
        columns = [self._cells.once(column) for column in zip(*rows, strict=True)] or [()] * layout.num_columns
        batch = TaggedBatch(
            words=columns[layout.word],
            tags=columns[layout.tag],
            columns={name: columns[place] for name, place in layout.further.items()},
            starts=self._starts,
            lines=numbers,
            documents=[sentence for sentence in self._documents if sentence < len(self._starts)],
            originals={sentence: one for sentence, one in self._originals.items() if sentence < len(self._starts)},
        )
        self._clear()
        return batch

    def _refuse(self, rows: Sequence[Sequence[str]]) -> None:
        expected = self._layout.num_columns
        wrong = next(index for index, row in enumerate(rows) if len(row) != expected)
        raise DataError(
            f"{self._name}:{self.numbers[wrong]}: expected {expected} columns, as in most lines, "
            f"received {len(rows[wrong])} in {self.lines[wrong]!r}. Correct the line."
        )


def _begins_document(line: str) -> bool:
    return line.startswith(DOCUMENT_MARK) and words_of(line)[0] == DOCUMENT_MARK


def _mark(tagged: TaggedDocument) -> str | None:
    """The line that keeps the document's text, metadata and spans, where its words, blanks and tags do not say them."""
    document, said = tagged.source, without_overlaps(tagged.aligned.spans)
    spans = None if document.spans == tuple([Span(*place) for place in places(said)]) else document.spans
    joined = "\n".join([" ".join(sentence.words) for sentence in tagged.sentences])
    if spans is None and document.text == joined and not document.metadata:
        return None
    original = Original(
        document.id, document.text, document.metadata, None, spans, places(said) if spans is not None else ()
    )
    words = [word for sentence in tagged.sentences for word in sentence.words]
    tokens = [token for sentence in tagged.sentences for token in sentence.tokens]
    return original_line(original, words, tokens) + "\n"


def _written(sentence: TaggedSentence, columns: FurtherColumns, document_id: str) -> str:
    if any(word.startswith(DOCUMENT_MARK) for word in sentence.words):
        raise DataError(f"document {document_id!r}: the word {DOCUMENT_MARK} marks a document here. Write json_lines.")
    rows = zip(sentence.words, *columns.of(sentence, document_id), sentence.tags, strict=True)
    return "".join(["\t".join(row) + "\n" for row in rows]) + "\n"
