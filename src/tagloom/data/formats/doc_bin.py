"""spaCy's `DocBin`: a packed file of tokens, their entities and sentences.

Files are read and written without spaCy, whose import takes seconds and some hundred MB: what is in them is a table of
numbers and a list of strings (`doc_bin_columns`). Nothing of a file is executed, and its sizes are held against one
another before memory is taken for them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tagloom.data.alignment import align_document
from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.doc_bin_columns import DocBinColumns, columns_of, is_doc_bin
from tagloom.data.formats.doc_bin_documents import documents_of
from tagloom.data.formats.doc_bin_message import Message
from tagloom.data.formats.format import Format, Options, Piece, Reading, Writing
from tagloom.data.sources.source_text import SourceText
from tagloom.errors import DataError
from tagloom.text import Document


class DocBin(Format):
    """Words with their exact text, entities and sentences; our own files keep ids and metadata in the user data.

    Categories, span groups, parts of speech and the like are not read, and counted.
    """

    name = "doc_bin"
    summary = "a DocBin of spaCy"
    suffixes = (".spacy",)
    carries = Carries(text=True, words=True, sentences=True, ids=True, metadata=True)

    def count(self, files: Sequence[SourceText], options: Options) -> int:  # noqa: ARG002 - it says all itself
        """1 where the first file begins like one."""
        return int(is_doc_bin(files[0].head()))

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:  # noqa: ARG002 - it says all itself
        """A document a `Doc`."""
        (file,) = files
        findings = Findings()
        try:
            columns = columns_of(file.content)
        except ValueError as error:
            raise _refused(file, error) from error
        return Reading(_documents(file, columns, findings), None, findings)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """One file, whole when all documents are known; white space between words becomes tokens, as spaCy has it."""
        (suffix,) = self.suffixes
        message = Message()
        for source in documents:
            document = _aligned(source, writing)
            self.carries.note_lost(document, writing.findings)
            try:
                message.add(document, writing.findings)
            except UnicodeEncodeError as error:
                raise DataError(
                    f"document {document.id!r}: expected Unicode text, received half of a surrogate pair. Remove it."
                ) from error
        try:
            for content in message.packed():
                yield suffix, content
        except ValueError as error:
            raise DataError(f"doc_bin: {error}. Divide the documents among several files.") from error


def _aligned(document: Document, writing: Writing) -> Document:
    """The document with its spans at the edges of words; over the end of a sentence they may run."""
    if document.sentence_bounds is None:
        return align_document(document, writing.align, writing.findings)
    undivided = align_document(replace(document, sentence_bounds=None), writing.align, writing.findings)
    return replace(undivided, sentence_bounds=document.sentence_bounds)


def _documents(file: SourceText, columns: DocBinColumns, findings: Findings) -> Iterator[Document]:
    try:
        yield from documents_of(columns, findings)
    except ValueError as error:
        raise _refused(file, error) from error


def _refused(file: SourceText, error: ValueError) -> DataError:
    return DataError(f"{file.name}: expected a DocBin as spaCy writes it, {error}. Write it anew with spaCy.")
