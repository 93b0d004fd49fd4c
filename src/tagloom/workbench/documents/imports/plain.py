"""Plain text as documents: a paragraph each, or a file each. Other formats are those of `tagloom.data`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath

from tagloom.data.sources.source_text import BLANKS, SourceText
from tagloom.text import Document
from tagloom.workbench.documents.imports.asked import PARAGRAPHS, WHOLE_FILES

_BETWEEN = re.compile(rf"\n(?:[{BLANKS}\r]*\n)+")


def paragraphs(files: Sequence[SourceText]) -> Iterator[Document]:
    """A document a paragraph, named by its number: blank lines part them, and lines within stay as they are."""
    number = 0
    for file in files:
        for paragraph in _BETWEEN.split(file.text.replace("\r\n", "\n")):
            if text := paragraph.strip(BLANKS + "\r\n"):
                number += 1
                yield Document(text, id=str(number))


def whole_files(files: Sequence[SourceText]) -> Iterator[Document]:
    """A document a file, called as the file is without its ending; blank ones are passed over."""
    for file in files:
        if not file.is_blank():
            yield Document(file.text.removesuffix("\n").removesuffix("\r"), id=PurePath(file.name).stem)


READERS: Mapping[str, Callable[[Sequence[SourceText]], Iterator[Document]]] = {
    PARAGRAPHS: paragraphs,
    WHOLE_FILES: whole_files,
}
"""Readers by the name of their format."""
