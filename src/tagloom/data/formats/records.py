"""JSON with a document a record: JSON lines, a list, or one object. What a record looks like is a format each."""

import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json import JSONDecoder
from typing import Any, ClassVar, NoReturn

from tagloom.data.findings import Findings, shortened
from tagloom.data.formats.format import Options, Piece, Reading, TextFormat, Writing
from tagloom.data.sources.source_text import BLANKS, SourceText
from tagloom.errors import DataError
from tagloom.text import Document

Record = Mapping[str, Any]

_BLANK = BLANKS + "\r\n"


class RecordFormat(TextFormat):
    """A format with a JSON object a document, read from JSON lines, from a list and from a single object alike."""

    as_list: ClassVar[bool] = False
    """Whether it is written as a list; else as JSON lines."""
    only_so: ClassVar[bool] = False
    """Whether it is recognised only where it is written so."""

    @abstractmethod
    def fits(self, record: Record) -> bool:
        """Whether a record has its shape."""

    @abstractmethod
    def document(self, record: Record, number: int, findings: Findings) -> Document | None:
        """The document of a record, None where it is to be left out, which is noted.

        Args:
            record: as it was read.
            number: of the record, from 1: the name of a document that has none.
            findings: takes what is noticed.

        Raises:
            ValueError: it is not as the format wants it; the message continues "expected a document, ".
        """

    @abstractmethod
    def record(self, document: Document) -> Record:
        """What is written for a document."""

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:  # noqa: ARG002 - it has no columns
        """Whether the first record has its shape."""
        first = _first_record(texts[0])
        if self.only_so and self.as_list == _is_lines(texts[0]):
            return False
        return isinstance(first, dict) and self.fits(first)

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:  # noqa: ARG002 - it has no columns
        """A document a record."""
        (text,) = files
        findings = Findings()
        return Reading(self._documents(text, findings), None, findings)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """A record a document."""
        (suffix,) = self.suffixes
        before = "[\n" if self.as_list else ""
        for document in documents:
            self.carries.note_lost(document, writing.findings)
            yield suffix, before + _written(self.record(document), document.id)
            before = ",\n" if self.as_list else "\n"
        yield suffix, ("[]\n" if before == "[\n" else "\n]\n") if self.as_list else before

    def _documents(self, text: SourceText, findings: Findings) -> Iterator[Document]:
        for number, (place, record) in enumerate(_records(text), start=1):
            try:
                if not isinstance(record, dict):
                    raise ValueError(f"received {shortened(str(record))!r}")
                document = self.document(record, number, findings)
                if document is not None:
                    document.text.encode("utf-8")  # half of a surrogate pair is no character
            except (ValueError, RecursionError, TypeError, OverflowError) as error:
                raise DataError(
                    f"{place}: expected a document as a JSON object, {error}. Correct the record."
                ) from error
            if document is not None:
                yield document


def _records(text: SourceText) -> Iterator[tuple[str, Any]]:
    """Each record with its place in the file: JSON lines as a stream, anything else at once."""
    if _is_lines(text):
        for number, line in enumerate(text.lines(), start=1):
            if line.strip(BLANKS):
                yield f"{text.name}:{number}", _parsed(line, text.name, number)
        return
    value = _parsed(text.text, text.name, 1)
    for number, record in enumerate(value if isinstance(value, list) else [value], start=1):
        yield f"{text.name}, record {number}", record


def _is_lines(text: SourceText) -> bool:
    """Whether its first line is a record by itself."""
    first = next(iter(text.sample()), "").strip(_BLANK)
    return first.startswith("{") and (first.endswith("}") or _is_json(first))


def _is_json(line: str) -> bool:
    try:
        _DECODER.decode(line)
    except (ValueError, RecursionError):
        return False
    return True


def _first_record(text: SourceText) -> Any:
    """The first record, without a look at the others."""
    beginning = text.beginning().lstrip(_BLANK)
    if not beginning.startswith(("[", "{")):
        return None
    whole = beginning if _is_lines(text) else text.text.lstrip(_BLANK)
    start = len(whole) - len(whole[1:].lstrip(_BLANK)) if whole.startswith("[") else 0
    try:
        return _DECODER.raw_decode(whole, start)[0]
    except (ValueError, RecursionError):
        return None


def _parsed(content: str, name: str, line: int) -> Any:
    """What a line or a file says; `line` is its first."""
    try:
        return _DECODER.decode(content)
    except json.JSONDecodeError as error:
        place, why = f"{name}:{line + error.lineno - 1}", f"{error.msg} in column {error.colno}"
        raise DataError(f"{place}: expected a document as a JSON object, {why}. Correct the line.") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name}:{line}: expected a document as a JSON object, {error}. Correct the line.") from error


def _written(record: Record, document_id: str) -> str:
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise DataError(
            f"document {document_id!r}: expected finite scores, received one that JSON has no number for ({error}). "
            "Correct or remove it."
        ) from error


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"received {constant}, which is no number of JSON")


_DECODER = JSONDecoder(parse_constant=_no_number)
