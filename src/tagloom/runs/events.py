"""What happened in a run, one JSON object a line, only ever added to."""

import json
import os
import reprlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tagloom.errors import TrainingError


class Events:
    """The file `events.jsonl` of a run.

    Args:
        path: of the file; it is made with the first event.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, event: str, **facts: Any) -> None:
        """Adds one line: the kind of event, the time in seconds since 1970, and its facts."""
        line = json.dumps({"event": event, "time": round(time.time(), 3), **facts}, ensure_ascii=False)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def mend(self) -> None:
        """Cuts off a last line that a kill left half-written."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(self.path, whole)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Every whole line; after a resume an epoch may stand twice, and the later one counts.

        Raises:
            TrainingError: a line is not as it was written.
        """
        if self.path.exists():
            for number, line in enumerate(self.path.read_text("utf-8").split("\n")[:-1], start=1):
                yield self._read(line, number)

    def _read(self, line: str, number: int) -> dict[str, Any]:
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict) or "event" not in event:
            raise TrainingError(
                f"{self.path}:{number}: expected an event as a JSON object, received {reprlib.repr(line)}. "
                "Take the line out, or train anew."
            )
        return event
