"""What the process of an import does: it reads files, and writes what it found as portions. Runs there alone.

It is given a `Task` as JSON, and tells one object a line: how many documents it has read, then what was found, or why
nothing was. Hostile files may bring it down, and nothing else.
"""

import contextlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from tagloom.data.collecting import without_search_for_cycles
from tagloom.data.dataset import Source, SourceFile
from tagloom.data.findings import Finding, Findings, merged
from tagloom.data.formats import KEEP
from tagloom.data.formats.spans import is_proposed
from tagloom.data.reading import FoundSource, options_of, sources
from tagloom.data.sources.source_text import open_streams, open_texts
from tagloom.errors import DataError, TagloomError, one_line
from tagloom.text import Document, Span, without_overlaps
from tagloom.workbench.documents.imports.asked import Asked, Labels
from tagloom.workbench.documents.imports.file_names import GivenNames, own_names
from tagloom.workbench.documents.imports.plain import READERS
from tagloom.workbench.documents.imports.portions import portions, write_portions
from tagloom.workbench.documents.new_documents import LONGEST_TEXT, NewDocument, new_document
from tagloom.workbench.lowly import yield_to_the_server
from tagloom.workbench.programs import own_task

_PLAIN, _PLAIN_ENDING = "text", ".txt"
_TAGGED = frozenset({"conll", "csv", "two_files"})
_HELD_BYTES = 8 << 20  # of a file that is held in memory rather than read several times
_BETWEEN_TELLING = 1_000
_LONGEST_LABEL = 100
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_MOST_FIELDS = 100

_SUGGESTIONS: Mapping[Labels, Callable[[Span], bool]] = {
    Labels.BY_FILE: is_proposed,
    Labels.RIGHT: lambda _: False,
    Labels.TO_CHECK: lambda _: True,
    Labels.LEFT_OUT: lambda _: True,
}
"""Which spans are for somebody to accept."""


@dataclass(slots=True)
class _Found:
    """What is found on the way through the documents.

    Args:
        num_documents: that were read.
        labels: how many spans each has.
        fields: names in metadata.
        findings: what was noticed beside what the reader notices.
    """

    num_documents: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    fields: dict[str, None] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)


def main() -> None:
    """Reads what standard input says, and tells on standard output."""
    task = own_task()
    yield_to_the_server()
    asked = Asked.from_json(task["asked"])
    names = GivenNames(asked.names)
    try:
        with without_search_for_cycles():
            said = _read(Path(task["folder"]), Path(task["portions"]), asked, names)
    except (TagloomError, UnicodeError) as error:
        said = {"refused": names.told(str(error))}
    except MemoryError:
        said = {"refused": "It is too large for the memory of this machine. Divide it, or send JSON lines or CoNLL."}
    except OSError as error:
        said = {"refused": f"It could not be read: {one_line(error.strerror or error)}."}
    _tell(said)


def _read(folder: Path, target: Path, asked: Asked, names: GivenNames) -> dict[str, Any]:
    paths = [folder / name for name in own_names(asked.names)]
    reading = _Files(paths, asked)
    found = _Found()
    documents = _fit(_named(reading.documents(), names), asked, found)
    write_portions(target, portions(documents))
    if not found.num_documents:
        raise DataError(f"{paths[0]}: expected documents, found none. Give a file that holds some.")
    noticed = merged([*chain.from_iterable(each.findings for each in reading.facts), *found.findings])
    return {
        "num_expected": found.num_documents,
        "facts": {
            "sources": [_source(each, names) for each in reading.facts],
            "labels": dict(found.labels.most_common()),
            "fields": list(found.fields)[:_MOST_FIELDS],
            "is_tagged": bool(found.labels) and all(each.format in _TAGGED for each in reading.facts),
        },
        "findings": [_told(finding, names).to_json() for finding in noticed],
    }


class _Files:
    """The files of an import.

    Args:
        paths: of them.
        asked: of the import.
    """

    def __init__(self, paths: Sequence[Path], asked: Asked) -> None:
        self._paths, self._asked = paths, asked
        self.facts: list[Source] = []
        """What each source was taken for, whole when all documents have been gone through."""

    def documents(self) -> Iterator[Document]:
        """The documents, one after another."""
        if self._asked.format is not None and self._asked.format in READERS:
            yield from self._plain(self._asked.format)
            return
        options = options_of(
            scheme=self._asked.scheme,
            columns=self._asked.columns,
            cover_discontinuous=self._asked.cover_discontinuous,
            unlabelled=KEEP,
        )
        for source in self._sources():
            reading = source.read(options)
            yield from reading.documents
            self.facts.append(source.facts(reading))

    def _plain(self, format_name: str) -> Iterator[Document]:
        opened = list(chain.from_iterable(open_texts(path, self._asked.encoding) for path in self._paths))
        yield from READERS[format_name](opened)
        read = tuple(SourceFile(file.name, file.encoding, file.sha256) for file in opened)
        self.facts.append(Source(read, format_name))

    def _sources(self) -> list[FoundSource]:
        """The sources; text that nothing else recognises is plain text, where the file's name says text."""
        is_small = sum(path.stat().st_size for path in self._paths) <= _HELD_BYTES
        open_path = open_texts if is_small else open_streams
        options = options_of(scheme=self._asked.scheme, columns=self._asked.columns, unlabelled=KEEP)

        def found(format_name: str | None) -> list[FoundSource]:
            def opener(path: Path) -> Any:
                return open_path(path, self._asked.encoding)

            return list(sources(self._paths, opener, format_name=format_name, options=options))

        try:
            return found(self._asked.format)
        except DataError:
            is_text = [path.suffix for path in self._paths] == [_PLAIN_ENDING]
            if self._asked.format is not None or not is_text:
                raise
            return found(_PLAIN)


def _named(documents: Iterator[Document], names: GivenNames) -> Iterator[Document]:
    """The documents; those that are called by their file get the name that it was given by."""
    for document in documents:
        name = names.document_id(document.id)
        yield document if name == document.id else replace(document, id=name)


def _fit(documents: Iterator[Document], asked: Asked, found: _Found) -> Iterator[NewDocument]:
    """The documents as they go into the tables."""
    for document in documents:
        if len(document.text) > LONGEST_TEXT:
            raise DataError(
                f"document {document.id!r}: expected at most {LONGEST_TEXT:,} characters, received "
                f"{len(document.text):,}. Divide it, or read it as a document a paragraph."
            )
        found.num_documents += 1
        if found.num_documents % _BETWEEN_TELLING == 0:
            _tell({"read": found.num_documents})
        found.fields.update(dict.fromkeys(document.metadata))
        spans = () if asked.labels is Labels.LEFT_OUT else _fit_spans(document, found)
        is_suggestion = _SUGGESTIONS[asked.labels]
        yield new_document(
            document,
            [span for span in spans if not is_suggestion(span)],
            [span for span in spans if is_suggestion(span)],
        )


def _fit_spans(document: Document, found: _Found) -> Sequence[Span]:
    """The spans with labels that a project can have; notes what is worth knowing of them."""
    spans: Sequence[Span] = document.spans
    if any(before.end > after.start for before, after in pairwise(spans)):
        found.findings.note(
            "overlapping_spans", f"document {document.id}", count=len(spans) - len(without_overlaps(spans))
        )
    if not found.labels.keys() >= {span.label for span in spans}:
        renamed = [replace(span, label=_fit_label(span.label)) for span in spans]
        for before, after in zip(spans, renamed, strict=True):
            if before.label != after.label:
                found.findings.note("renamed_labels", f"{before.label} is called {after.label}")
        spans = renamed
    found.labels.update(span.label for span in spans)
    return spans


def _fit_label(label: str) -> str:
    """The name of a label as a project can have it: without blanks."""
    return _BLANKS.sub("_", label.strip())[:_LONGEST_LABEL] or "_"


def _source(source: Source, names: GivenNames) -> dict[str, Any]:
    return {
        "files": [names.told(file.name) for file in source.files],
        "format": source.format,
        "scheme": source.scheme,
        "encoding": source.encoding,
    }


def _told(finding: Finding, names: GivenNames) -> Finding:
    return replace(finding, examples=tuple(map(names.told, finding.examples)))


def _tell(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the server has ended, or no longer wants it
        main()
