"""The documents of many files, piece by piece: small files are predicted together, and large ones in little memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tagloom.data.texts import read_texts
from tagloom.errors import DataError
from tagloom.inference.predictions.inputs import BadFile
from tagloom.text import Document

_DOCUMENTS_AT_ONCE, _CHARACTERS_AT_ONCE = 1024, 2**18  # some seconds at most, even for a slow model


@dataclass(frozen=True, slots=True)
class Piece:
    """Some documents of a file.

    Args:
        documents: that follow one another.
        is_last: whether the file has no more.
        bad: why the file is none to predict, where that has come out; then it is its last piece too.
    """

    documents: list[Document]
    is_last: bool = False
    bad: BadFile | None = None

    @property
    def num_characters(self) -> int:
        """Of its documents."""
        return sum(len(document.text) for document in self.documents)


def grouped_pieces(paths: Iterable[Path]) -> Iterator[list[Piece]]:
    """The pieces of files, one file after another, in groups that are worth a run of the model.

    Of each file there are one piece or more, of which the last one says so.
    """
    group: list[Piece] = []
    num_documents = num_characters = 0
    for path in paths:
        for piece in pieces(path):
            group.append(piece)
            num_documents += max(1, len(piece.documents))  # files without any are not gathered for ever
            num_characters += piece.num_characters
            if num_documents >= _DOCUMENTS_AT_ONCE or num_characters >= _CHARACTERS_AT_ONCE:
                yield group
                group, num_documents, num_characters = [], 0, 0
    if group:
        yield group


def pieces(path: Path) -> Iterator[Piece]:
    """The pieces of one file."""
    documents: list[Document] = []
    num_characters = 0
    try:
        for document in read_texts(path):
            documents.append(document)
            num_characters += len(document.text)
            if len(documents) >= _DOCUMENTS_AT_ONCE or num_characters >= _CHARACTERS_AT_ONCE:
                yield Piece(documents)
                documents, num_characters = [], 0
    except DataError as error:
        yield Piece([], is_last=True, bad=BadFile(path, str(error)))
    except OSError as error:
        yield Piece([], is_last=True, bad=BadFile.of(error, path))
    else:
        yield Piece(documents, is_last=True)
