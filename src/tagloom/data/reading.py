"""Files to a dataset: opened, recognised, read."""

import contextlib
import gc
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from tagloom.data import formats
from tagloom.data.dataset import Dataset, Source, SourceFile
from tagloom.data.folders import parts_of
from tagloom.data.formats import Column, Format, Options, Reading
from tagloom.data.source_text import SourceText, open_text
from tagloom.errors import ConfigError, DataError


def read(
    *paths: str | Path,
    format: str | None = None,  # noqa: A002 - the field's word
    scheme: str | None = None,
    encoding: str | None = None,
    sentence_column: Column = None,
    word_column: Column = None,
    tag_column: Column = None,
) -> Dataset:
    """The labelled documents of files, packed as zip, gz or xz or not.

    Two neighbours of which one holds sentences and the other their tags are read together. Of a folder its train, dev
    and test files are read, one after the other.

    Args:
        paths: files and folders.
        format: a name of `formats.FORMATS`; None to recognise it by its content, each source by itself.
        scheme: the scheme of tags; None to recognise it.
        encoding: of all files; None takes a byte order mark's, else UTF-8, else cp1252.
        sentence_column: name or place, from 0, of a table's column with the sentence's name.
        word_column: name or place of the words in a table, place in CoNLL columns.
        tag_column: name or place of the tags in a table, place in CoNLL columns.

    Returns:
        The documents in the order of the paths, and for each source what it was taken for and what was noticed.

    Raises:
        DataError: a file is missing, of no format that is known, or not as its format wants it.
        ConfigError: an option is unknown or does not fit the files.
    """
    if not paths:
        raise ConfigError("read: expected at least one path, received none.")
    chosen = formats.named(format) if format is not None else None
    options = Options(scheme, sentence_column, word_column, tag_column)
    with _without_search_for_cycles():
        datasets = [
            _read_source(texts, used, options)
            for group in _groups(paths)
            for used, texts in _sources([_open(path, encoding) for path in group], chosen, options)
        ]
    return Dataset(
        tuple(chain.from_iterable(dataset.documents for dataset in datasets)),
        tuple(chain.from_iterable(dataset.sources for dataset in datasets)),
    )


def _open(path: Path, encoding: str | None) -> SourceText:
    text = open_text(path, encoding)
    if text.is_blank():
        raise DataError(f"{text.name}: expected labelled sentences, received an empty file. Give one that holds some.")
    return text


@contextlib.contextmanager
def _without_search_for_cycles() -> Iterator[None]:
    """Reading makes objects by the million and no cycles among them: looking for some costs a sixth of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _groups(paths: Sequence[str | Path]) -> Iterator[list[Path]]:
    """Paths whose neighbours may belong together: a folder's part, or the files that were given one after another."""
    files: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            files.append(path)
            continue
        yield files
        files = []
        yield from parts_of(path).values()
    yield files


def _sources(
    texts: Sequence[SourceText], chosen: Format | None, options: Options
) -> Iterator[tuple[Format, Sequence[SourceText]]]:
    first = 0
    while first < len(texts):
        used = chosen or _recognise(texts[first:], options)
        yield used, texts[first : first + used.num_files]
        first += used.num_files


def _recognise(texts: Sequence[SourceText], options: Options) -> Format:
    for each in formats.FORMATS:
        source = texts[: each.num_files]
        if len(source) == each.num_files and each.recognises(source, options):
            return each
    expected = "; ".join(each.summary for each in formats.FORMATS)
    raise DataError(
        f"{texts[0].name}: expected one of: {expected}; received {texts[0].sample()[0][:60]!r} as its first line. "
        f"Correct the file, or say what it is: format={', '.join(each.name for each in formats.FORMATS)}."
    )


def _read_source(texts: Sequence[SourceText], used: Format, options: Options) -> Dataset:
    if len(texts) != used.num_files:
        raise DataError(
            f"{texts[0].name}: expected {used.num_files} files, {used.summary}, received one. Give both, one after the "
            "other."
        )
    reading = used.read(texts, options)
    return Dataset(reading.documents, (_source(texts, used, reading),))


def _source(texts: Sequence[SourceText], used: Format, reading: Reading) -> Source:
    divided = [document for document in reading.documents if document.tokens is not None]
    return Source(
        files=tuple(SourceFile(text.name, text.encoding, text.sha256) for text in texts),
        format=used.name,
        scheme=reading.scheme,
        num_documents=len(reading.documents),
        num_sentences=sum(len(document.sentence_bounds or (None,)) for document in divided),
        num_tokens=sum(len(document.tokens or ()) for document in divided),
        findings=reading.findings,
    )
