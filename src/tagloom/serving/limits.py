"""How much one request may ask for, and how much may wait: every bound of the API in one place."""

from dataclasses import dataclass, fields

from tagloom.bundle.format import MEBIBYTE
from tagloom.errors import ConfigError


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The bounds of a server. Each has its own error (`problems.KINDS`).

    Args:
        body_bytes: of a request, but for bundles and streams.
        documents: of a request.
        text_characters: code points of one text; of a line of a stream too.
        body_seconds: from a request's headers to the end of its body; of a stream, from one piece of it to the next.
        head_seconds: from a connection, or the response before, to the end of a request's headers.
        answer_seconds: that a request may wait for its turn.
        write_seconds: that a client may leave what is sent to it unread.
        waiting_requests: that may wait for the model together.
        waiting_characters: of all texts that wait for the model together; a request alone may have more.
        held_bytes: of all bodies that are being read at a time.
        connections: that are open at a time.
        bundle_bytes: of a bundle that is uploaded.
        batch_seconds: that a reader may take for a batch; one that takes longer is ended and another one started.
        batch_characters: of the texts that the model is given at once.
        batch_wait: seconds that a batch waits for more requests to join it; without, what came while the batch before
            was read goes together.

    Raises:
        ConfigError: one is negative or, but for `batch_wait`, 0.
    """

    body_bytes: int = 4 * MEBIBYTE
    documents: int = 1_000
    text_characters: int = 1_000_000
    body_seconds: float = 20.0
    head_seconds: float = 15.0
    answer_seconds: float = 30.0
    write_seconds: float = 30.0
    waiting_requests: int = 1_000
    waiting_characters: int = 16_000_000
    held_bytes: int = 256 * MEBIBYTE
    connections: int = 1_000
    bundle_bytes: int = 512 * MEBIBYTE
    batch_seconds: float = 60.0
    batch_characters: int = 32_000
    batch_wait: float = 0.0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value < 0 or (value == 0 and each.name != "batch_wait"):
                raise ConfigError(f"limit {each.name}: expected more than 0, received {value}.")
