"""Labelled documents, and the facts of the files that they came from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from tagloom import tokenize
from tagloom.data.findings import Finding
from tagloom.text import Document, Sentence


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source.

    Args:
        path: as it was given, and behind it the member of a zip.
        encoding: what its bytes were read in.
        sha256: digest of the file as it lies on disk, in hexadecimal.
    """

    path: str
    encoding: str
    sha256: str

    @property
    def name(self) -> str:
        """Its path without the folder."""
        return PurePath(self.path).name

    def to_json(self) -> dict[str, Any]:
        """As a JSON object, by its name, so that the same files in another folder give the same."""
        return {"name": self.name, "encoding": self.encoding, "sha256": self.sha256}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "SourceFile":
        """What `to_json` gave."""
        return cls(value["name"], value["encoding"], value["sha256"])


@dataclass(frozen=True, slots=True)
class Source:
    """What documents were read from.

    Args:
        files: one file, or as many as its format has.
        format: the format's name.
        scheme: the scheme of its tags; None where it has spans.
        num_documents: documents in it.
        num_sentences: sentences that the source itself marks, 0 where it leaves text undivided.
        num_tokens: words that the source itself marks, 0 where it leaves text undivided.
        findings: what was noticed in reading, nothing where these are some of its documents.
    """

    files: tuple[SourceFile, ...]
    format: str
    scheme: str | None = None
    num_documents: int = 0
    num_sentences: int = 0
    num_tokens: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def encoding(self) -> str:
        """The encoding of its files, each said once."""
        return " and ".join(dict.fromkeys(file.encoding for file in self.files))

    def count(self, kind: str) -> int:
        """How often something was noticed in reading: `ill_formed_tags`, `blank_sentences`, `empty_words`, ..."""
        return sum(finding.count for finding in self.findings if finding.kind == kind)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "files": [file.to_json() for file in self.files],
            "format": self.format,
            "scheme": self.scheme,
            "documents": self.num_documents,
            "sentences": self.num_sentences,
            "tokens": self.num_tokens,
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Source":
        """What `to_json` gave."""
        return cls(
            files=tuple(SourceFile.from_json(file) for file in value["files"]),
            format=value["format"],
            scheme=value["scheme"],
            num_documents=value["documents"],
            num_sentences=value["sentences"],
            num_tokens=value["tokens"],
            findings=tuple(Finding.from_json(finding) for finding in value["findings"]),
        )


@dataclass(frozen=True)
class Dataset:
    """Labelled documents from one or more sources.

    Args:
        documents: in the order of their sources.
        sources: where they came from.

    Example:
        >>> from tagloom.text import Document, Span
        >>> dataset = Dataset((Document("A D90.", (Span(2, 5, "PNAME"),)), Document("It works.")))
        >>> len(dataset), len(dataset.sentences()), dataset.labels
        (2, 2, ('PNAME',))
    """

    documents: tuple[Document, ...] = ()
    sources: tuple[Source, ...] = ()

    def __len__(self) -> int:
        return len(self.documents)

    def __add__(self, other: "Dataset") -> "Dataset":
        return Dataset(self.documents + other.documents, self.sources + other.sources)

    @property
    def entities(self) -> dict[str, int]:
        """How many spans each label has, the most frequent first."""
        counts = Counter(span.label for document in self.documents for span in document.spans)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, the most frequent first."""
        return tuple(self.entities)

    def sentences(self) -> list[Sentence]:
        """The sentences of all documents: by the source's own words and bounds, else by the tokenizer."""
        return [sentence for document in self.documents for sentence in tokenize.sentences(document)]

    def of(self, documents: Iterable[Document]) -> "Dataset":
        """Some of its documents, from the same sources; what was noticed in reading stays with the whole."""
        return Dataset(tuple(documents), tuple(replace(source, findings=()) for source in self.sources))
