"""Texts that are to be predicted: a document a line of JSON lines, of any other file all of it."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tagloom.data import formats
from tagloom.data.sources.source_text import open_stream, open_text
from tagloom.errors import DataError
from tagloom.text import Document

_LINES = ".jsonl"
_PACKED = (".gz", ".xz", ".zip")
_LABELLED = (".conll", ".tsv", ".csv")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_texts(path: str | Path) -> Iterator[Document]:
    """The documents of a file, plain or in its gz, xz or zip: JSON lines of any size in little memory.

    A line of a `.jsonl` file is a text, or a JSON object with a `text` and perhaps an `id`; without one its document is
    named by its number, from 0. Any other file is one document, named by its path.

    Raises:
        DataError: it is not there, no text, words with their tags, or has a line that is broken.
        OSError: it cannot be read.
    """
    name = str(path)
    if Path(path).suffix == _LINES:
        with Path(path).open("rb") as stream:
            yield from read_lines(stream, name)
        return
    source = open_stream(path)
    names = (source.name, name)  # of a zip's member, and of the zip
    if _ends_in(names, (_LINES,)):
        yield from _documents(source.lines(), name)
        return
    if _ends_in(names, _LABELLED) and _is_labelled(path):
        raise DataError(
            f"{name}: expected a text, received words with their tags. Convert it to text or JSON lines first."
        )
    yield Document(source.text, id=name)


def read_lines(stream: Iterable[bytes], name: str) -> Iterator[Document]:
    """A document a line of a stream in UTF-8, as `read_texts` takes the lines of a file.

    Args:
        stream: its lines, with their ends.
        name: what messages call it.

    Raises:
        DataError: a line is not UTF-8, or begins like a JSON object and is none with a text.
    """
    return _documents(_decoded(stream, name), name)


def _ends_in(names: Iterable[str], suffixes: tuple[str, ...]) -> bool:
    """Whether one of the names does, without the suffix of what it is packed in."""
    bare = (Path(name).with_suffix("") if name.endswith(_PACKED) else Path(name) for name in names)
    return any(path.suffix in suffixes for path in bare)


def _is_labelled(path: str | Path) -> bool:
    """Whether it is CoNLL columns or a table rather than a text that is called like one."""
    source = open_text(path)
    return any(each.count([source], formats.Options()) for each in formats.FORMATS)


def _decoded(stream: Iterable[bytes], name: str) -> Iterator[str]:
    """The lines of a stream without their ends."""
    for number, raw in enumerate(stream, start=1):
        try:
            line = raw.removeprefix(_BYTE_ORDER_MARK if number == 1 else b"").decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"{name}:{number}: expected UTF-8, received {error}. Convert the text first.") from error
        yield line.removesuffix("\n").removesuffix("\r")


def _documents(lines: Iterable[str], name: str) -> Iterator[Document]:
    for number, line in enumerate(lines, start=1):
        is_json = line.startswith("{")
        yield _from_json(line, f"{name}:{number}", number) if is_json else Document(line, id=str(number - 1))


def _from_json(line: str, place: str, number: int) -> Document:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{place}: expected a JSON object with a text, received {error}. "
            'Correct it; a text that begins with { goes into one too: {"text": "..."}.'
        ) from error
    text, name = content.get("text"), content.get("id")
    if not isinstance(text, str):
        raise DataError(f"{place}: expected a text in the entry 'text', received {text!r}.")
    return Document(text, id=str(number - 1) if name is None else str(name))
