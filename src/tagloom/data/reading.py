"""Files to a dataset: opened, recognised, read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TypedDict

from tagloom.data import formats
from tagloom.data.collecting import without_search_for_cycles
from tagloom.data.dataset import Dataset, Source, SourceFile
from tagloom.data.formats import COLUMNS, Column, Format, Options, Reading
from tagloom.data.opening import Group, Opener, opened
from tagloom.data.source_text import SourceText, open_texts
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document


class Told(TypedDict, total=False):
    """What may be said of files, as `read` has it."""

    format: str | None
    scheme: str | None
    encoding: str | None
    columns: Mapping[str, Column] | None
    cover_discontinuous: bool


def read(
    *paths: str | Path,
    format: str | None = None,  # noqa: A002 - the field's word
    scheme: str | None = None,
    encoding: str | None = None,
    columns: Mapping[str, Column] | None = None,
    cover_discontinuous: bool = False,
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

    Returns:
        The documents in the order of the paths, and for each source what it was taken for and what was noticed.

    Raises:
        DataError: a file is missing, of no format that is known, or not as its format wants it.
        ConfigError: an option is unknown or does not fit the files.
    """
    options = options_of(scheme=scheme, columns=columns, cover_discontinuous=cover_discontinuous)
    with without_search_for_cycles():
        found = sources(paths, lambda path: open_texts(path, encoding), format_name=format, options=options)
        datasets = [_dataset(files, used, options) for used, files in found]
    return Dataset(
        tuple(chain.from_iterable(dataset.documents for dataset in datasets)),
        tuple(chain.from_iterable(dataset.sources for dataset in datasets)),
    )


def options_of(
    *, scheme: str | None = None, columns: Mapping[str, Column] | None = None, cover_discontinuous: bool = False
) -> Options:
    """What a caller says of sources, checked.

    Raises:
        ConfigError: a column is of no kind that there is.
    """
    for kind in columns or ():
        if kind not in COLUMNS:
            raise ConfigError(f"columns: received {kind!r}, expected {', '.join(COLUMNS)}.")
    return Options(scheme, dict(columns or {}), cover_discontinuous)


def sources(
    paths: Sequence[str | Path], opener: Opener, *, format_name: str | None, options: Options
) -> Iterator[tuple[Format, list[SourceText]]]:
    """The sources that lie at these paths: each a format with its files.

    Raises:
        DataError: a path is not there, or a file of no format that is known.
        ConfigError: there is no path, or no such format.
    """
    if not paths:
        raise ConfigError("read: expected at least one path, received none.")
    chosen = None if format_name is None else formats.named(format_name)
    for group in opened(paths, opener):
        yield from _sources(group, chosen, options)


def source_of(files: Sequence[SourceText], used: Format, reading: Reading) -> Source:
    """The facts of a source whose documents have been gone through."""
    return Source(
        files=tuple(SourceFile(file.name, file.encoding, file.sha256) for file in files),
        format=used.name,
        scheme=reading.scheme,
        findings=tuple(reading.findings),
    )


def _sources(group: Group, chosen: Format | None, options: Options) -> Iterator[tuple[Format, list[SourceText]]]:
    first = 0
    while first < len(group.files):
        left = group.files[first:]
        used, count = _as_told(left, chosen, options) if chosen else _recognise(left, options)
        if group.archive and count < len(group.files):
            raise DataError(
                f"{group.archive}: expected files of one source, or some named train, dev and test, found "
                f"{', '.join(file.name for file in group.files)}. Name the one to read."
            )
        yield used, left[:count]
        first += count


def _as_told(files: Sequence[SourceText], chosen: Format, options: Options) -> tuple[Format, int]:
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
    for each in formats.FORMATS:
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


def _dataset(files: Sequence[SourceText], used: Format, options: Options) -> Dataset:
    reading = used.read(files, options)
    documents = tuple(reading.documents)
    if not documents:
        raise DataError(f"{files[0].name}: expected labelled documents, found none. Give a file that holds some.")
    return Dataset(documents, (_counted(source_of(files, used, reading), documents),))


def _counted(source: Source, documents: Sequence[Document]) -> Source:
    """The facts of a source with what it marks itself."""
    divided = [document for document in documents if document.tokens is not None]
    return replace(
        source,
        num_documents=len(documents),
        num_sentences=sum(len(document.sentence_bounds or (None,)) for document in divided),
        num_tokens=sum(len(document.tokens or ()) for document in divided),
    )
