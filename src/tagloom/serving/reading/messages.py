"""What the server and its readers say to one another: pickled, framed by their length, over a socket of theirs.

Nobody else can reach that socket; nothing that comes from a client or a bundle is ever unpickled.
"""

import pickle
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tagloom.inference.predictor import Entity

_LENGTH = struct.Struct("!I")
LENGTH_BYTES = _LENGTH.size


@dataclass(frozen=True, slots=True)
class Load:
    """To a reader: have the model with this digest ready."""

    digest: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """From a reader: it is ready, or why it cannot be."""

    digest: str
    labels: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Unload:
    """To a reader: let go of the model with this digest."""

    digest: str


@dataclass(frozen=True, slots=True)
class Read:
    """To a reader: find the entities of some texts.

    Args:
        number: of the batch.
        digest: of the model.
        texts: to read.
    """

    number: int
    digest: str
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Done:
    """From a reader: what it found.

    Args:
        number: of the batch.
        found: of each text its entities; None where reading it failed.
        seconds: that it took.
        num_words: of all texts.
        num_unknown: of these, those that the model's vocabulary lacks.
    """

    number: int
    found: list[list[Entity] | None]
    seconds: float
    num_words: int
    num_unknown: int


Message = Load | Loaded | Unload | Read | Done


def to_frame(message: Message) -> bytes:
    """A message as it is sent."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def from_content(content: bytes | bytearray | memoryview) -> Message:
    """The message of a frame without its length."""
    message: Message = pickle.loads(content)
    return message


def content_size(length: bytes) -> int:
    """How many bytes follow the length of a frame."""
    size: int = _LENGTH.unpack(length)[0]
    return size


class Frames:
    """Puts the messages of a stream together from its pieces."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, piece: bytes) -> Iterator[Message]:
        """The messages that are whole with this piece."""
        self._rest += piece
        while len(self._rest) >= LENGTH_BYTES:
            end = LENGTH_BYTES + content_size(bytes(self._rest[:LENGTH_BYTES]))
            if len(self._rest) < end:
                return
            content = bytes(self._rest[LENGTH_BYTES:end])
            del self._rest[:end]
            yield from_content(content)
