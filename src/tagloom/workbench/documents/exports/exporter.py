"""Exports as streams: what their processes write, as fast as whoever asked takes it."""

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any

from tagloom.workbench.documents.exports.task import ExportTask
from tagloom.workbench.problems import Refused

_PROGRAM = "tagloom.workbench.documents.exports.writing"
_AT_ONCE = 4
_CHUNK = 1 << 16


class Exporter:
    """Has documents written by processes, a few at a time."""

    def __init__(self) -> None:
        self._num_running = 0

    async def trial(self, task: ExportTask) -> dict[str, Any]:
        """How many documents there are and what would be lost, without writing any.

        Raises:
            Refused: they do not go into the format, or too many are being written.
        """
        async with self._running(task, is_trial=True) as process:
            return await _told(process)

    async def stream(self, task: ExportTask) -> AsyncIterator[bytes]:
        """What is written, piece by piece.

        Raises:
            Refused: documents do not go into the format, or too many are being written. Where that shows only when
                some are written already, whoever asked is hung up on, so that no half is taken for the whole.
        """
        async with self._running(task, is_trial=False) as process:
            assert process.stdout is not None
            while piece := await process.stdout.read(_CHUNK):
                yield piece
            await _told(process)

    @contextlib.asynccontextmanager
    async def _running(self, task: ExportTask, *, is_trial: bool) -> AsyncIterator[Process]:
        if self._num_running >= _AT_ONCE:
            raise Refused("queue-full", "Too many exports are being written. Ask again later.", retry_after=5)
        self._num_running += 1
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", _PROGRAM, stdin=PIPE, stdout=PIPE, stderr=PIPE
            )
            try:
                assert process.stdin is not None
                process.stdin.write(json.dumps({"task": task.to_json(), "is_trial": is_trial}).encode())
                process.stdin.close()
                yield process
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        finally:
            self._num_running -= 1


async def _told(process: Process) -> dict[str, Any]:
    """What a process says in the end.

    Raises:
        Refused: that it could not write the documents.
        RuntimeError: it broke down.
    """
    assert process.stderr is not None
    said = await process.stderr.read()
    try:
        told: dict[str, Any] = json.loads(said)
    except ValueError:
        raise RuntimeError(f"an export broke down: {said.decode(errors='replace')[-2000:]}") from None
    if "refused" in told:
        raise Refused("unwritable", told["refused"])
    return told
