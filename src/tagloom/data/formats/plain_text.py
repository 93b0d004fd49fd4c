"""Plain text: a document a line, unlabelled. Never recognised: it has to be asked for."""

from collections.abc import Iterable, Iterator, Sequence

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.format import Options, Piece, Reading, TextFormat, Writing
from tagloom.data.source_text import BLANKS, SourceText
from tagloom.errors import DataError
from tagloom.text import Document


class PlainText(TextFormat):
    """A line is a document without labels; blank lines are passed over."""

    name = "text"
    summary = "plain text, a document a line"
    suffixes = (".txt",)
    carries = Carries(text=True, overlaps=True)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:  # noqa: ARG002 - whatever they are
        """Never: any text is text."""
        return False

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:  # noqa: ARG002 - it has no options
        """A document a line, named by its number."""
        (text,) = files
        lines = enumerate(text.lines(), start=1)
        documents = (Document(line, id=str(number)) for number, line in lines if line.strip(BLANKS))
        return Reading(documents, None, Findings())

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """The texts; their spans are lost, and said to be."""
        (suffix,) = self.suffixes
        for document in documents:
            if "\n" in document.text:
                raise DataError(f"document {document.id!r}: a line has no place for a line end. Write json_lines.")
            if document.spans:
                writing.findings.note("lost_spans", f"document {document.id}", count=len(document.spans))
            self.carries.note_lost(document, writing.findings)
            yield suffix, document.text + "\n"
