"""What the process of an export does: it reads documents some at a time, and writes their files. Runs there alone.

It is given an `ExportTask` as JSON, writes the file, or a zip of the files, to standard output, and tells on standard
error, in one object, what was lost on the way or why it could not be written.
"""

import contextlib
import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, select

from tagloom.data import formats
from tagloom.data.formats import Format, Piece
from tagloom.data.writing import encoded, writing_of
from tagloom.errors import TagloomError
from tagloom.text import Document
from tagloom.workbench.database.store import reading_engine
from tagloom.workbench.database.tables import imports
from tagloom.workbench.documents.exporting import chosen_after
from tagloom.workbench.documents.exports.guarding import guarded_pieces
from tagloom.workbench.documents.exports.task import ExportTask
from tagloom.workbench.lowly import yield_to_the_server
from tagloom.workbench.problems import Refused

_TABLES = ("csv", "text_table")
_HELD_BYTES = 1 << 18


def main() -> None:
    """Writes what standard input says to standard output, or nowhere where it is only to be tried."""
    said = json.load(sys.stdin)
    task = ExportTask.from_json(said["task"])
    yield_to_the_server()
    try:
        with open(sys.stdout.fileno(), "wb", buffering=_HELD_BYTES, closefd=False) as stream:
            told = _write(task, None if said["is_trial"] else stream)
    except TagloomError as error:
        told = {"refused": str(error)}
    except Refused as refused:
        told = {"refused": refused.detail}
    sys.stderr.write(json.dumps(told) + "\n")
    sys.exit("refused" in told)


def _write(task: ExportTask, target: IO[bytes] | None) -> dict[str, Any]:
    engine = reading_engine(Path(task.folder))
    used = formats.named(task.format)
    writing = writing_of(_schemes(engine, task), scheme=task.scheme, align=task.align, remarks=task.remarks)
    documents = _Documents(engine, task)
    pieces = used.write(documents, writing)
    if task.is_guarded and used.name in _TABLES:
        pieces = guarded_pieces(pieces, writing.findings)
    if target is None:
        for _, content in pieces:
            encoded(content, is_first=False)
    else:
        _put(used, pieces, task.stem, target)
    return {"num_documents": documents.count, "findings": [finding.to_json() for finding in writing.findings]}


class _Documents:
    """The documents of an export, some at a time, each time as they are then.

    Args:
        engine: to read with.
        task: of the export.
    """

    def __init__(self, engine: Engine, task: ExportTask) -> None:
        self._engine, self._task = engine, task
        self.count = 0

    def __iter__(self) -> Iterator[Document]:
        after = 0
        while found := self._after(after):
            self.count += len(found)
            yield from (document for _, document in found)
            after = found[-1][0]

    def _after(self, after: int) -> list[tuple[int, Document]]:
        task = self._task
        with self._engine.connect() as connection, connection.begin():
            return chosen_after(connection, task.project_id, task.choice, after, with_suggestions=task.with_suggestions)


def _schemes(engine: Engine, task: ExportTask) -> set[str]:
    """The schemes of the tags that came in."""
    with engine.connect() as connection, connection.begin():
        facts = connection.execute(select(imports.c.facts).where(imports.c.project_id == task.project_id)).scalars()
        found = {source["scheme"] for each in facts for source in each.get("sources", ())}
    return {scheme for scheme in found if scheme is not None}


def _put(used: Format, pieces: Iterator[Piece], stem: str, target: IO[bytes]) -> None:
    """Writes the pieces of a file as it is, of several files as a zip."""
    if len(used.suffixes) == 1:
        is_first = True
        for _, content in pieces:
            target.write(encoded(content, is_first=is_first))
            is_first = False
        return
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        if used.suffixes:
            _put_parallel(archive, pieces, {suffix: stem + suffix for suffix in used.suffixes})
        else:
            for name, content in pieces:
                archive.writestr(name, encoded(content, is_first=True))


def _put_parallel(archive: zipfile.ZipFile, pieces: Iterator[Piece], names: dict[str, str]) -> None:
    """Files whose pieces come by turns: the first goes into the zip at once, the others wait on disk."""
    first, *others = names
    with contextlib.ExitStack() as stack:
        waiting = {suffix: stack.enter_context(tempfile.TemporaryFile()) for suffix in others}
        with archive.open(names[first], "w") as entry:
            streams: dict[str, IO[bytes]] = {first: entry, **waiting}
            begun: set[str] = set()
            for suffix, content in pieces:
                streams[suffix].write(encoded(content, is_first=suffix not in begun))
                begun.add(suffix)
        for suffix, stream in waiting.items():
            stream.seek(0)
            with archive.open(names[suffix], "w") as entry:
                while part := stream.read(_HELD_BYTES):
                    entry.write(part)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # whoever asked has hung up
        main()
