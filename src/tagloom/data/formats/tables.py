"""Tables: CSV, TSV and their like, a word a row."""

from collections.abc import Iterable, Iterator, Sequence

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.cells import Cells
from tagloom.data.formats.format import Options, Piece, Reading, TextFormat, Writing
from tagloom.data.formats.further import FurtherColumns
from tagloom.data.formats.table_rows import Header, Names, header_of, rows_of, table_of
from tagloom.data.formats.tagged import TaggedBatch, read_tagged, worded
from tagloom.data.formats.tagging import tagged_documents
from tagloom.data.formats.tags import looks_like_tag
from tagloom.data.sources.source_text import SourceText
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document

NAMES: Names = {
    "sentence": ("sentence", "sentenceid", "sentid", "sentenceidx", "sentencenumber", "sentenceno", "sent"),
    "word": ("word", "words", "token", "tokens", "form"),
    "tag": ("tag", "tags", "nertag", "nertags", "ner", "label", "labels", "nerlabel", "bio", "iob", "entity"),
}
"""Names of the three columns."""


class Tables(TextFormat):
    """A header, then a word a row: the sentence's name, the word, its tag and any further columns.

    The sentence's name stands on its first row (Kaggle's corpus) or on each of its rows.
    """

    name = "csv"
    summary = "a CSV or TSV table with a sentence, a word and a tag column"
    suffixes = (".csv",)
    carries = Carries(words=True, ids=True, columns=True, source_tags=True)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether the first line names a column that is known, and has no tag."""
        header = header_of(texts[0], NAMES, options.columns)
        return len(header.names) > 1 and bool(header.places) and not any(map(looks_like_tag, header.names))

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:
        """A document a sentence."""
        (text,) = files
        header = header_of(text, NAMES, options.columns)
        _require_columns(header, text, options)
        return read_tagged(lambda findings: _batches(text, header, findings), text, options.scheme)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """A comma-separated table; a sentence has its document's name, with a number behind it where that is taken."""
        (suffix,) = self.suffixes
        columns = FurtherColumns("", writing.findings)
        names = SentenceNames()
        header: list[str] | None = None
        for tagged in tagged_documents(documents, writing, refused="\0"):
            self.carries.note_lost(tagged.source, writing.findings)
            named = names.of(tagged.source, len(tagged.sentences), writing.findings)
            for name, sentence in zip(named, tagged.sentences, strict=True):
                further = list(columns.of(sentence, tagged.source.id))
                if header is None:
                    header = ["Sentence #", "Word", *columns.names, "Tag"]
                    yield suffix, table_of([header])
                own_names = [name, *[""] * (len(sentence.words) - 1)]
                yield suffix, table_of(zip(own_names, sentence.words, *further, sentence.tags, strict=True))


class SentenceNames:
    """Names of sentences, none twice."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, document: Document, number: int, findings: Findings) -> list[str]:
        """The names of a document's sentences; where they are not all its id, that is noted once."""
        names = [self.next(document.id) for _ in range(number)]
        changed = next((name for name in names if name != document.id), None)
        if document.id and changed is not None:
            findings.note("lost_ids", f"document {document.id}: written as {changed}")
        return names

    def next(self, wanted: str) -> str:
        """The name that is wanted; where it was given before or is empty, with the first number that makes it new."""
        name = wanted or str(len(self._given) + 1)
        while name in self._given:
            name = f"{wanted}.{len(self._given) + 1}" if wanted else f"{name}'"
        self._given.add(name)
        return name


def _require_columns(header: Header, text: SourceText, options: Options) -> None:
    missing = [kind for kind in NAMES if kind not in header.places]
    absent = [f"{options.columns[kind]!r} for the {kind}" for kind in missing if kind in options.columns]
    if absent:
        raise DataError(
            f"{text.name}:1: expected the column {', '.join(absent)}, found {', '.join(map(repr, header.names))}. "
            "Name one of these."
        )
    if missing:
        raise DataError(
            f"{text.name}:1: expected a sentence, a word and a tag column, found {', '.join(map(repr, header.names))}: "
            f"none is the {' or the '.join(missing)} column. Name it in the first row, or say which one it is "
            f"(columns: {', '.join(f'{kind}=NAME' for kind in missing)})."
        )
    if len(set(header.places.values())) < len(NAMES):
        raise ConfigError(f"{text.name}: expected three different columns, received {dict(header.places)}.")


def _batches(text: SourceText, header: Header, findings: Findings) -> Iterator[TaggedBatch]:
    """The sentences of a table, some thousands of rows at a time: few rows are in memory as such."""
    cells = Cells()
    rows: list[list[str]] = []
    lines: Sequence[int] = range(0)
    for next_rows, next_lines in rows_of(text, header):
        rows, lines = rows + next_rows, _one_after_another(lines, next_lines)
        columns = list(zip(*rows, strict=True))
        starts = _starts(columns[header.places["sentence"]])
        last = starts[-1]  # the sentence that begins there may go on in the next rows
        if last:
            complete = [column[:last] for column in columns]
            yield worded(_batch(complete, lines[:last], starts[:-1], header, cells), findings, text.place)
        rows, lines = rows[last:], lines[last:]
    if rows:
        yield worded(_batch(list(zip(*rows, strict=True)), lines, [0], header, cells), findings, text.place)


def _batch(
    columns: Sequence[tuple[str, ...]], lines: Sequence[int], starts: Sequence[int], header: Header, cells: Cells
) -> TaggedBatch:
    names = columns[header.places["sentence"]]
    return TaggedBatch(
        words=cells.once(columns[header.places["word"]]),
        tags=columns[header.places["tag"]],
        columns={name: cells.once(columns[place]) for name, place in header.further.items()},
        starts=starts,
        lines=lines,
        ids={sentence: names[start] for sentence, start in enumerate(starts)},
    )


def _starts(names: Sequence[str]) -> list[int]:
    """A sentence begins where its column is not empty and differs from the row above, and at the first row."""
    named = [row for row, name in enumerate(names) if name]
    starts = [row for row in named if row and names[row] != names[row - 1]]
    return [0, *starts]


def _one_after_another(lines: Sequence[int], following: Sequence[int]) -> Sequence[int]:
    """Both: as a range where they are one, so that nothing is made for each of a million lines."""
    if isinstance(lines, range) and isinstance(following, range) and lines.stop in (0, following.start):
        return range(lines.start or following.start, following.stop)
    return [*lines, *following]
