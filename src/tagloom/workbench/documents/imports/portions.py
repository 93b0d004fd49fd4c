"""What a reader found, on disk: some documents a line, for the server to put into the tables one line after another."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tagloom import files
from tagloom.workbench.documents.new_documents import NewDocument

NUM_DOCUMENTS = 200
"""Of a portion, at most: so few that nobody who saves meanwhile waits for long."""

_MOST_CHARACTERS = 500_000  # of a portion, but for a single document

Portion = list[NewDocument]


def portions(documents: Iterator[NewDocument]) -> Iterator[Portion]:
    """Documents in portions."""
    portion: Portion = []
    size = 0
    for document in documents:
        if portion and (len(portion) == NUM_DOCUMENTS or size + len(document.text) > _MOST_CHARACTERS):
            yield portion
            portion, size = [], 0
        portion.append(document)
        size += len(document.text)
    if portion:
        yield portion


def write_portions(path: Path, found: Iterator[Portion]) -> None:
    """Writes portions into a file, which appears when all are in it."""
    with files.whole_file(path) as stream:
        for portion in found:
            stream.write(json.dumps(portion, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def read_portions(path: Path, first: int) -> Iterator[Portion]:
    """The portions of a file from one of them on, counted from 0."""
    with path.open("rb") as stream:
        for line in islice(stream, first, None):
            yield [NewDocument(*each) for each in json.loads(line)]
