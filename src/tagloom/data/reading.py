"""Files to a dataset: opened, recognised, read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TypedDict

from tagloom.data import formats
from tagloom.data.collecting import without_search_for_cycles
from tagloom.data.dataset import Dataset, Source, SourceFile
from tagloom.data.formats import COLUMNS, LEAVE_OUT, UNLABELLED, Column, Format, Options, Reading
from tagloom.data.formats.doc_bin import DocBin
from tagloom.data.formats.plain_text import PlainText
from tagloom.data.sources.opening import Group, Opener, opened
from tagloom.data.sources.source_text import SourceText, open_texts
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document


class Told(TypedDict, total=False):
    """What may be said of files, as `read` has it."""

    format: str | None
    scheme: str | None
    encoding: str | None
    columns: Mapping[str, Column] | None
    cover_discontinuous: bool
    unlabelled: str


@dataclass(frozen=True, slots=True)
class FoundSource:
    """Files that are one source.

    Args:
        format: what they are.
        files: as many as it has.
        unread: names of the files that lie beside them in their folder or zip and are not read.
    """

    format: Format
    files: list[SourceText]
    unread: tuple[str, ...] = ()

    def read(self, options: Options) -> Reading:
        """Its documents, with what was noticed before they are gone through."""
        reading = self.format.read(self.files, options)
        if self.unread:
            reading.findings.note("unread_files", *self.unread, count=len(self.unread))
        for file in () if isinstance(self.format, DocBin) else self.files:
            line = file.guessed_line()
            if line is not None:
                reading.findings.note("guessed_encoding", f"{file.place}:{line}")
        return reading

    def facts(self, reading: Reading) -> Source:
        """Its facts when the documents of that reading have been gone through."""
        return Source(
            files=tuple(SourceFile(file.name, file.encoding, file.sha256) for file in self.files),
            format=self.format.name,
            scheme=reading.scheme,
            findings=tuple(reading.findings),
        )


def read(
    *paths: str | Path,
    format: str | None = None,  # noqa: A002 - the field's word
    scheme: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, Column] | None = None,
    cover_discontinuous: bool = False,
    unlabelled: str = LEAVE_OUT,
) -> Dataset:
    """The labelled documents of files, packed as zip, gz or xz or not.

    Two neighbours of which one holds sentences and the other their tags are read together. Of a folder its train, dev
    and test files are read, one after the other, or, where it holds `.ann` files, those with their texts.

    Args:
        paths: files, folders, and `corpus.zip/corpus.csv` for one file of a zip.
        format: a name of `formats.FORMATS`; None to recognise it by its content, each source by itself.
        scheme: the scheme of tags; None to recognise it.
        encoding: of all files; None takes a byte order mark's, else UTF-8, else cp1252.
        columns: name or place, from 0, of the column with the `sentence`, the `word`, the `tag` in tables and CoNLL
            files; those that are not named are recognised.
        cover_discontinuous: reads a span in several stretches as the one that covers them; else it is left out.
        unlabelled: what becomes of documents that nobody has labelled yet, in files of BRAT and of labelling tools and
            in JSON: `leave_out` counts them, `keep` reads them, as is wanted where they are to be labelled.

    Returns:
        The documents in the order of the paths, and for each source what it was taken for and what was noticed.

    Raises:
        DataError: a file is missing, of no format that is known, or not as its format wants it.
        ConfigError: an option is unknown or does not fit the files.
    """
    options = options_of(scheme=scheme, columns=columns, cover_discontinuous=cover_discontinuous, unlabelled=unlabelled)
    with without_search_for_cycles():
        found = sources(paths, lambda path: open_texts(path, encoding), format_name=format, options=options)
        datasets = [_dataset(one, options) for one in found]
    return Dataset(
        tuple(chain.from_iterable(dataset.documents for dataset in datasets)),
        tuple(chain.from_iterable(dataset.sources for dataset in datasets)),
    )


def options_of(
    *,
    scheme: str | None = None,
    columns: Mapping[str, Column] | None = None,
    cover_discontinuous: bool = False,
    unlabelled: str = LEAVE_OUT,
) -> Options:
    """What a caller says of sources, checked.

    Raises:
        ConfigError: a column is of no kind that there is, or there is no such way with unlabelled documents.
    """
    if unlabelled not in UNLABELLED:
        raise ConfigError(f"unlabelled: expected one of {', '.join(UNLABELLED)}, received {unlabelled!r}.")
    for kind in columns or ():
        if kind not in COLUMNS:
            raise ConfigError(f"columns: received {kind!r}, expected {', '.join(COLUMNS)}.")
    return Options(scheme, dict(columns or {}), cover_discontinuous, unlabelled)


def sources(
    paths: Sequence[str | Path], opener: Opener, *, format_name: str | None, options: Options
) -> Iterator[FoundSource]:
    """The sources that lie at these paths.

    Raises:
        DataError: a path is not there, or a file of no format that is known.
        ConfigError: there is no path, or an empty one, or no such format.
    """
    if not paths or "" in paths:
        raise ConfigError(f"read: expected at least one path, received {'an empty one' if paths else 'none'}.")
    chosen = None if format_name is None else formats.named(format_name)
    ending = chosen.suffixes[0] if chosen is not None and chosen.name == PlainText.name else None
    for group in opened(paths, opener, ending=ending):
        yield from _sources(group, chosen, options)


def _sources(group: Group, chosen: Format | None, options: Options) -> Iterator[FoundSource]:
    first, unread = 0, group.unread
    while first < len(group.files):
        left = group.files[first:]
        used, count = _as_told(left, chosen, options) if chosen else _recognise(left, options)
        if group.archive and count < len(group.files):
            raise DataError(
                f"{group.archive}: expected files of one source, or some named train, dev and test, found "
                f"{', '.join(file.name for file in group.files)}. Name the one to read."
            )
        yield FoundSource(used, left[:count], unread)
        first, unread = first + count, ()


def _as_told(files: Sequence[SourceText], named: Format, options: Options) -> tuple[Format, int]:
    chosen = formats.reader(named, options)
    expected = len(chosen.suffixes)
    count = chosen.count(files, options) or expected
    if count > len(files):
        raise DataError(
            f"{files[0].name}: expected {expected} files, {chosen.summary}, received one. "
            "Give both, one after the other."
        )
    if not count:
        raise DataError(f"{files[0].name}: expected {chosen.summary}, received something else. Give its files.")
    return chosen, count


def _recognise(files: Sequence[SourceText], options: Options) -> tuple[Format, int]:
    for each in (formats.reader(one, options) for one in formats.FORMATS):
        if count := each.count(files, options):
            return each, count
    if files[0].is_blank():
        raise DataError(
            f"{files[0].name}: expected labelled sentences, received an empty file. Give one that holds some."
        )
    expected = "; ".join(each.summary for each in formats.FORMATS)
    raise DataError(
        f"{files[0].name}: expected one of: {expected}; received {files[0].sample()[0][:60]!r} as its first line. "
        f"Correct the file, or say what it is: format={', '.join(each.name for each in formats.FORMATS)}."
    )


def _dataset(source: FoundSource, options: Options) -> Dataset:
    reading = source.read(options)
    documents = tuple(reading.documents)
    if not documents:
        raise DataError(
            f"{source.files[0].name}: expected labelled documents, found none. Give a file that holds some."
        )
    return Dataset(documents, (_counted(source.facts(reading), documents),))


def _counted(source: Source, documents: Sequence[Document]) -> Source:
    """The facts of a source with what it marks itself."""
    divided = [document for document in documents if document.tokens is not None]
    return replace(
        source,
        num_documents=len(documents),
        num_sentences=sum(len(document.sentence_bounds or (None,)) for document in divided),
        num_tokens=sum(len(document.tokens or ()) for document in divided),
    )
