"""What every file format offers."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tagloom.data.findings import Finding
from tagloom.data.source_text import SourceText
from tagloom.schemes import Scheme
from tagloom.text import Document

Column = int | str | None
"""A column by its place, from 0 or from -1 backwards, or by its name; None leaves it to the format."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says of a source.

    Args:
        scheme: the scheme of its tags; None to recognise it.
        sentence_column: where a table has the sentence's name.
        word_column: where a table or a columns file has the word.
        tag_column: where a table or a columns file has the tag.
    """

    scheme: str | None = None
    sentence_column: Column = None
    word_column: Column = None
    tag_column: Column = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a format made of a source.

    Args:
        documents: in the order of the source.
        scheme: the name of its tags' scheme; None where it has spans.
        findings: what was noticed on the way.
    """

    documents: tuple[Document, ...]
    scheme: str | None = None
    findings: tuple[Finding, ...] = ()


class Format(ABC):
    """One way of writing labelled documents into files."""

    name: ClassVar[str]
    summary: ClassVar[str]
    """What it looks like, for the message that no format fits."""
    suffixes: ClassVar[tuple[str, ...]]
    """The endings of its files' names: one for each file that a source has."""

    @property
    def num_files(self) -> int:
        """How many files a source has."""
        return len(self.suffixes)

    @abstractmethod
    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether these `num_files` texts look like it. It may be wrong in details: those are errors of `read`."""

    @abstractmethod
    def read(self, texts: Sequence[SourceText], options: Options) -> Reading:
        """The documents of a source.

        Args:
            texts: `num_files` of them.
            options: what the caller says of them.

        Raises:
            DataError: they are not as the format wants them.
            ConfigError: an option does not fit them.
        """

    @abstractmethod
    def write(self, documents: Iterable[Document], scheme: Scheme, *, keep_source_tags: bool) -> tuple[str, ...]:
        """The contents of `num_files` files.

        Args:
            documents: what to write.
            scheme: how a format with tags writes spans.
            keep_source_tags: whether ill-formed tags of the source are written as they were.

        Raises:
            DataError: a document holds what the format cannot.
        """
