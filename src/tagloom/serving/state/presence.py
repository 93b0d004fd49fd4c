"""Whether a server runs over a state folder, and how far it has followed what was changed there."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tagloom.errors import ConfigError
from tagloom.files import locked_file
from tagloom.serving.state.database import Database

_LOCK = "server.lock"
_SECONDS_BETWEEN_LOOKS = 0.02


@dataclass(frozen=True, slots=True)
class Presence:
    """A running server.

    Args:
        process_id: of the operating system.
        generation: of the state that it has followed.
        problem: what kept it from following entirely; None for nothing.
    """

    process_id: int
    generation: int
    problem: str | None


def note(database: Database, presence: Presence | None) -> None:
    """Says how far the server has followed; None that it has ended."""
    with database.writing() as connection:
        connection.execute("DELETE FROM server")
        if presence is not None:
            row = (presence.process_id, presence.generation, presence.problem)
            connection.execute("INSERT INTO server VALUES (?, ?, ?)", row)


def running(database: Database) -> Presence | None:
    """The server of a state folder; None where none runs."""
    with database.reading() as connection:
        row = connection.execute("SELECT process_id, generation, problem FROM server").fetchone()
    if row is None or not _is_locked(database.folder):
        return None
    return Presence(*row)


def followed(database: Database, *, seconds: float = 30.0) -> Presence | None:
    """Waits until the server has followed to what is in the state folder by now.

    Returns:
        The server, whose generation tells whether it has in that time; None where none runs.
    """
    generation, end = database.generation(), time.monotonic() + seconds
    while True:
        presence = running(database)
        if presence is None or presence.generation >= generation or time.monotonic() > end:
            return presence
        time.sleep(_SECONDS_BETWEEN_LOOKS)


@contextlib.contextmanager
def only_server(folder: Path) -> Iterator[None]:
    """Within the block this process is the one server of a state folder.

    Raises:
        ConfigError: another one is.
    """
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked_file(folder / _LOCK))
        except BlockingIOError as error:
            raise ConfigError(
                f"{folder}: expected a state folder of no running server, received one in use. Deploy to that server "
                "(tagloom deploy), or name another --state folder."
            ) from error
        yield


def _is_locked(folder: Path) -> bool:
    """Whether a server holds the state folder; what one that was killed has said no longer counts."""
    try:
        with locked_file(folder / _LOCK, is_shared=True):
            return False
    except BlockingIOError:
        return True
