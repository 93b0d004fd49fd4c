"""Plain text: a document a line, unlabelled. Never recognised: it has to be asked for."""

from collections.abc import Iterable, Iterator, Sequence

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.format import Options, Piece, Reading, TextFormat, Writing
from tagloom.data.sources.source_text import BLANKS, SourceText
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
        """A document a line, named by its number; blank lines are counted as `blank_sentences`."""
        (text,) = files
        findings = Findings()
        return Reading(_documents(text, findings), None, findings)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """The texts; their spans are lost, and said to be, and so are documents without a text."""
        (suffix,) = self.suffixes
        num_written = 0
        for document in documents:
            if not document.text.strip(BLANKS):
                writing.findings.note("lost_documents", f"document {document.id}")
                continue
            if "\n" in document.text or "\r" in document.text:
                raise DataError(f"document {document.id!r}: a line has no place for a line end. Write json_lines.")
            if document.spans:
                writing.findings.note("lost_spans", f"document {document.id}", count=len(document.spans))
            num_written += 1
            self.carries.note_lost(document, writing.findings, read_as=num_written)
            yield suffix, document.text + "\n"


def _documents(text: SourceText, findings: Findings) -> Iterator[Document]:
    for number, line in enumerate(text.lines(), start=1):
        if line.strip(BLANKS):
            yield Document(line, id=str(number))
        else:
            findings.note("blank_sentences", f"{text.place}:{number}")
