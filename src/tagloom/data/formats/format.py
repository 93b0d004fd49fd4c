"""What every file format offers."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from tagloom.data.alignment import EXPAND
from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.sources.source_text import SourceText
from tagloom.schemes import BIO, Scheme
from tagloom.text import Document

Column = int | str
"""A column by its place, from 0 or from -1 backwards, or by its name."""

COLUMNS = ("sentence", "word", "tag", "text")
"""What the columns of tables and of CoNLL files may be."""

LEAVE_OUT, KEEP = "leave_out", "keep"
UNLABELLED = (LEAVE_OUT, KEEP)
"""What becomes of documents that nobody has labelled yet."""

Piece = tuple[str, str | bytes]
"""What comes next in a file: the file's suffix, or its name in a folder; then text, or bytes."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says of a source.

    Args:
        scheme: the scheme of its tags; None to recognise it.
        columns: where a table or a columns file has what, by `COLUMNS`; what is absent is recognised.
        cover_discontinuous: whether a span in several stretches is read as the stretch that covers them, or left out.
        unlabelled: what becomes of documents that nobody has labelled yet: one of `UNLABELLED`.
    """

    scheme: str | None = None
    columns: Mapping[str, Column] = field(default_factory=dict)
    cover_discontinuous: bool = False
    unlabelled: str = LEAVE_OUT

    @property
    def keeps_unlabelled(self) -> bool:
        """Whether documents that nobody has labelled yet are read."""
        return self.unlabelled == KEEP


@dataclass(frozen=True, slots=True)
class Reading:
    """What a format makes of a source.

    Args:
        documents: in the order of the source, made as they are asked for, once.
        scheme: the name of its tags' scheme; None where it has spans.
        findings: what was noticed on the way; whole when the last document has been made.
    """

    documents: Iterator[Document]
    scheme: str | None
    findings: Findings


@dataclass(frozen=True, slots=True)
class Writing:
    """How documents are written.

    Args:
        scheme: how a format with tags writes spans.
        keeps_source_tags: whether ill-formed tags of the source are written as they were.
        align: what becomes of spans that do not begin and end at the edges of words, in a format with tags.
        remarks: whether CoNLL files keep texts that are not words joined by blanks, in lines that begin with `#`.
        findings: takes what did not fit.
    """

    scheme: Scheme = BIO
    keeps_source_tags: bool = False
    align: str = EXPAND
    remarks: bool = True
    findings: Findings = field(default_factory=Findings)


class Format(ABC):
    """One way of writing labelled documents into files."""

    name: ClassVar[str]
    summary: ClassVar[str]
    """What it looks like, for the message that no format fits."""
    suffixes: ClassVar[tuple[str, ...]]
    """The endings of its files' names, one for each file that a source has; none where it is a folder of files."""
    carries: ClassVar[Carries]
    """What of a document it keeps."""

    @abstractmethod
    def count(self, files: Sequence[SourceText], options: Options) -> int:
        """How many of the first of these files make one source of this format; 0 where they are of another."""

    @abstractmethod
    def read(self, files: Sequence[SourceText], options: Options) -> Reading:
        """The documents of a source.

        Args:
            files: as many as `count` said, or as the format has.
            options: what the caller says of them.

        Raises:
            DataError: they are not as the format wants them, perhaps only when the documents are gone through.
            ConfigError: an option does not fit them.
        """

    @abstractmethod
    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """The contents of its files, piece by piece.

        Raises:
            DataError: a document holds what the format cannot and must not lose.
        """


class TextFormat(Format):
    """A format of one text file, or of several that are parallel."""

    def count(self, files: Sequence[SourceText], options: Options) -> int:
        """`num_files`, where the first look like it."""
        own = files[: len(self.suffixes)]
        is_text = all(file.encoding != "binary" for file in own)
        complete = is_text and len(own) == len(self.suffixes) and not any(file.is_blank() for file in own)
        return len(own) if complete and self.recognises(own, options) else 0

    @abstractmethod
    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether these texts, none of them blank, look like it; what is wrong in them is for `read` to say."""
