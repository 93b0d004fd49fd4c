"""The command line as a user has it."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

TINY: dict[str, Any] = {
    "units": 8,
    "embeddings": "learned:8",
    "character_width": 4,
    "character_units": 4,
    "batch_size": 4,
    "epochs": 2,
    "threads": 1,
}
"""Options of a training that takes a moment."""

TINY_FLAGS = [part for name, value in TINY.items() for part in ("--set", f"{name}={value}")]

CONLL = """\
I\tO
like\tO
my\tO
Nikon\tB-PNAME
D90\tI-PNAME

The\tO
menu\tB-PFEATURE
is\tO
odd\tO

My\tO
Sony\tB-PNAME
has\tO
a\tO
good\tO
grip\tB-PFEATURE

Nothing\tO
to\tO
see\tO
here\tO

"""


@dataclass(frozen=True)
class Result:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line that is told of what went wrong."""
        assert self.status in (1, 2)
        assert self.err.startswith("tagloom: ")
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        return self.err.removeprefix("tagloom: ").removesuffix("\n")


class Tagloom(Protocol):
    """Runs a command in this process."""

    def __call__(self, *arguments: str | Path, stdin: bytes = b"", typed: bool = False) -> Result: ...


def dev_of(corpus: Path) -> Path:
    """A dev part for a corpus in CoNLL columns, beside it: its sentences with a word more, so that none is in both."""
    path = corpus.with_name("dev.conll")
    sentences = corpus.read_text("utf-8").strip("\n").split("\n\n")
    path.write_text("".join(f"Yes\tO\n{sentence}\n\n" for sentence in sentences), "utf-8")
    return path


def interruptible() -> None:
    """Lets a child be interrupted where its parent ignores that, as what runs in the background of a script does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
