"""A dataset to files."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from tagloom import files, schemes
from tagloom.data import formats
from tagloom.data.alignment import EXPAND, check_alignment
from tagloom.data.dataset import Dataset
from tagloom.data.findings import Finding
from tagloom.data.formats import Format, Piece, Writing
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document

_MARK = "\ufeff"


def write(
    dataset: Dataset,
    *paths: str | Path,
    format: str,  # noqa: A002 - the field's word
    scheme: str | None = None,
    align: str = EXPAND,
    remarks: bool = True,
) -> tuple[Finding, ...]:
    """Writes the documents as UTF-8, each file whole or not at all.

    In the scheme of their source, tags that broke it are written as they were; in another, all tags come from spans.

    Args:
        dataset: what to write.
        paths: as many as the format has files: for `two_files` the sentences, then their tags; for `brat` a folder.
        format: a name of `formats.FORMATS`.
        scheme: the scheme of tags; None takes that of the sources, or BIO where they differ or have none.
        align: what becomes of spans that do not begin and end at the edges of words, where tags are written: one of
            `alignment.ALIGNMENTS`.
        remarks: whether CoNLL files keep texts that are not words joined by blanks, in lines that begin with `#`.

    Returns:
        What the format could not keep (`lost_metadata`, ...) and what happened to spans.

    Raises:
        DataError: a document holds what the format cannot, or a span is misaligned and `align` is `fail`.
        ConfigError: the format or alignment is unknown, or the format has another number of files.
        SchemeError: the scheme is unknown.
    """
    used = formats.named(format)
    writing = writing_of({source.scheme for source in dataset.sources}, scheme=scheme, align=align, remarks=remarks)
    put(used, dataset.documents, writing, list(map(Path, paths)))
    return tuple(writing.findings)


def writing_of(of_sources: Iterable[str | None], *, scheme: str | None, align: str, remarks: bool) -> Writing:
    """How to write documents of sources with these schemes; options as `write` has them."""
    check_alignment(align)
    different = set(of_sources)
    own = different.pop() if len(different) == 1 else None
    target = schemes.scheme(scheme or own or schemes.BIO.name)
    return Writing(target, keeps_source_tags=own == target.name, align=align, remarks=remarks)


def put(used: Format, documents: Iterable[Document], writing: Writing, paths: Sequence[Path]) -> None:
    """Writes documents one after another into the files of a format, which appear when all are written."""
    if len(paths) != max(1, len(used.suffixes)):
        raise ConfigError(
            f"{used.name}: expected {max(1, len(used.suffixes))} paths ({used.summary}), received {len(paths)}."
        )
    pieces = used.write(documents, writing)
    if used.suffixes:
        _put_files(dict(zip(used.suffixes, paths, strict=True)), pieces)
    else:
        _put_folder(paths[0], pieces)


def _put_files(paths: dict[str, Path], pieces: Iterator[Piece]) -> None:
    with contextlib.ExitStack() as stack:
        streams: dict[str, IO[bytes]] = {}
        for suffix, path in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            streams[suffix] = stack.enter_context(files.whole_file(path))
        for suffix, content in pieces:
            streams[suffix].write(encoded(content, is_first=streams[suffix].tell() == 0))


def _put_folder(folder: Path, pieces: Iterator[Piece]) -> None:
    if folder.exists():
        raise DataError(f"{folder}: expected a folder to make, received one that exists. Choose another name.")
    with files.whole_folder(folder) as beside:
        for name, content in pieces:
            (beside / name).write_bytes(encoded(content, is_first=True))


def encoded(content: str | bytes, *, is_first: bool) -> bytes:
    """What a format gave, as the bytes of its file.

    Args:
        content: a piece of the file.
        is_first: whether the file begins with it.

    Raises:
        DataError: it is no text that UTF-8 can hold.
    """
    if isinstance(content, bytes):
        return content
    marked = (
        _MARK + content if is_first and content.startswith(_MARK) else content
    )  # a reader takes the first for a mark
    try:
        return marked.encode("utf-8")
    except UnicodeEncodeError as error:
        broken = content[max(0, error.start - 20) : error.end]
        raise DataError(
            f"expected Unicode text, received half of a surrogate pair in {broken!r}. Remove it."
        ) from error
