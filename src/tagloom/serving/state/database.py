"""The database of a state folder: SQLite, shared by the processes of a server and by the command line."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tagloom.errors import ConfigError, one_line

_NAME = "state.sqlite3"
_SECONDS = 10.0  # that one process waits for another to write
_VERSION = 1

_SCHEMA = """
CREATE TABLE generation (number INTEGER NOT NULL);
INSERT INTO generation VALUES (0);
CREATE TABLE slots (name TEXT PRIMARY KEY, last_version INTEGER NOT NULL, is_live INTEGER NOT NULL);
CREATE TABLE versions (
    slot TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, model TEXT NOT NULL, deployed_at REAL NOT NULL,
    is_kept INTEGER NOT NULL, PRIMARY KEY (slot, version)
);
CREATE TABLE keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, scope TEXT NOT NULL, digest BLOB NOT NULL,
    created_at REAL NOT NULL, expires_at REAL, revoked_at REAL, per_minute INTEGER
);
CREATE TABLE server (process_id INTEGER NOT NULL, generation INTEGER NOT NULL, problem TEXT);
"""


class Database:
    """The tables of one state folder. Threads and processes may share it: each use opens it anew.

    Args:
        folder: made where it is missing, for its owner alone.

    Raises:
        ConfigError: it is none, or of a newer Tagloom.
        OSError: it cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / _NAME
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        self._prepare()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One view of the tables."""
        connection = self._connect()
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One change of slots or keys, whole or not at all; it makes a new generation."""
        with self.writing() as connection:
            yield connection
            connection.execute("UPDATE generation SET number = number + 1")

    def generation(self) -> int:
        """How many changes there were: what is kept of an earlier one is to be read again."""
        with self.reading() as connection:
            return int(connection.execute("SELECT number FROM generation").fetchone()[0])

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """What nobody need follow, written whole or not at all."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_SECONDS, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _prepare(self) -> None:
        """Makes the tables where there are none."""
        try:
            with self.reading() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
            with self.writing() as connection:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version == 0:
                    for statement in _SCHEMA.split(";"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.DatabaseError as error:
            raise ConfigError(
                f"{self._path}: expected the state of a server, received {one_line(error)}. "
                "Name another --state folder."
            ) from error
        if version > _VERSION:
            raise ConfigError(
                f"{self._path}: expected state of version {_VERSION} or older, received {version}. "
                "Install a newer Tagloom."
            )
