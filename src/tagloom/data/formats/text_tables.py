"""Tables of texts: CSV, TSV and their like, a document a row, as spreadsheets and shops export them; unlabelled."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.format import Options, Piece, Reading, TextFormat, Writing
from tagloom.data.formats.table_rows import Header, Names, header_of, rows_of, table_of
from tagloom.data.formats.tables import NAMES as WORD_NAMES
from tagloom.data.formats.tags import looks_like_tag
from tagloom.data.sources.source_text import BLANKS, SourceText
from tagloom.errors import DataError
from tagloom.text import Document

_TEXT, _ID = "text", "id"
NAMES: Names = {
    _TEXT: ("text", "content", "review", "reviewtext", "reviewbody", "comment", "body", "message", "description"),
    _ID: ("id", "documentid", "docid"),
}
"""Names of the columns with the text and with the document's name."""

_TABLES = (".csv", ".tsv")
_BLANKS = BLANKS + "\r\n"


class TextTables(TextFormat):
    """A header, then a document a row: its text, perhaps its name; every other column is metadata.

    A table that also has a column of words is none.
    """

    name = "text_table"
    summary = "a CSV or TSV table with a text column, a document a row"
    suffixes = (".texts.csv",)
    carries = Carries(text=True, ids=True, metadata=True, overlaps=True)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether the first line names a text, and holds no word or tag; of a single column the file's name decides."""
        (text,) = texts
        header = _header(text, options)
        if "word" in header_of(text, WORD_NAMES, options.columns).places or any(map(looks_like_tag, header.names)):
            return False
        is_table = len(header.names) > 1 or PurePath(text.place).suffix.lower() in _TABLES
        return _TEXT in header.places and is_table

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:
        """A document a row, named by its number where it has no name; rows without a text are counted."""
        (text,) = files
        header = _header(text, options)
        if _TEXT not in header.places:
            found = ", ".join(map(repr, header.names))
            raise DataError(
                f"{text.name}:1: expected a column with the text, found {found}. Name it text in the first row, or say "
                "which one it is (columns: text=NAME)."
            )
        findings = Findings()
        return Reading(_documents(text, header, findings), None, findings)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """Names, texts, and the metadata that the first document has; spans are lost, and said to be."""
        (suffix,) = self.suffixes
        fields: list[str] | None = None
        for document in documents:
            if not document.text.strip(_BLANKS):
                writing.findings.note("lost_documents", f"document {document.id}")
                continue
            if fields is None:
                fields = list(document.metadata)
                yield suffix, table_of([[_ID, _TEXT, *fields]])
            if document.spans:
                writing.findings.note("lost_spans", f"document {document.id}", count=len(document.spans))
            if further := document.metadata.keys() - set(fields):
                writing.findings.note("lost_metadata", f"document {document.id}", count=len(further))
            self.carries.note_lost(document, writing.findings)
            own = [document.metadata.get(each, "") for each in fields]
            yield suffix, table_of([[document.id, document.text, *own]])


def _header(text: SourceText, options: Options) -> Header:
    return header_of(text, NAMES, options.columns)


def _documents(text: SourceText, header: Header, findings: Findings) -> Iterator[Document]:
    place, named, further = header.places[_TEXT], header.places.get(_ID), header.further
    number = 0
    for rows, lines in rows_of(text, header):
        for row, line in zip(rows, lines, strict=True):
            number += 1
            if not row[place].strip(_BLANKS):
                findings.note("blank_sentences", f"{text.place}:{line}")
                continue
            yield Document(
                row[place],
                id=(row[named] if named is not None else "") or str(number),
                metadata={name: row[cell] for name, cell in further.items() if row[cell]},
            )
