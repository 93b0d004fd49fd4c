"""Which version of which model each slot serves."""

import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from tagloom.errors import ConfigError
from tagloom.serving.defaults import DEFAULT_SLOT
from tagloom.serving.state.bundles import Bundles
from tagloom.serving.state.database import Database

MODELS = "models"
"""The folder of bundles in a state folder."""

_SLOT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_MOST_KEPT = 10  # versions of a slot that can be rolled back to, one after the other
_COLUMNS = "versions.slot, versions.version, versions.digest, versions.model, versions.deployed_at"


@dataclass(frozen=True, slots=True)
class Version:
    """One deployment of a model to a slot.

    Args:
        slot: its name.
        number: of the version, from 1; never given twice in a slot.
        digest: SHA-256 of the bundle's `config.json`, which holds those of its other files.
        model: what it is called, such as the name of its run.
        deployed_at: seconds since 1970.
    """

    slot: str
    number: int
    digest: str
    model: str
    deployed_at: float


class Deployments:
    """The slots of one state folder; a running server follows what is changed here within a second.

    Args:
        database: of the state folder.

    Example: `Deployments(Database(Path("state"))).deploy(Path("runs/reviews"), "production")`
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bundles = Bundles(database.folder / MODELS)

    def deploy(self, path: Path, slot: str = DEFAULT_SLOT, *, model: str | None = None) -> Version:
        """Makes a model the live version of a slot. What the slot serves already is not deployed again.

        Args:
            path: a bundle's folder or zip, or a run's folder.
            slot: its name.
            model: what it is called; None for a name from its path.

        Raises:
            BundleError: the model is not sound; then nothing has changed.
            ConfigError: the slot's name is none.
        """
        expect_slot_name(slot)
        digest = self._bundles.add(path)
        live = self.live().get(slot)
        if live is not None and live.digest == digest:
            return live
        with self._database.changing() as connection:
            if not self._bundles.has(digest):  # another process let go of it meanwhile
                self._bundles.add(path)
            version = _add(connection, slot, digest, model or _name_of(path))
            self._drop_unused(connection)
        return version

    def roll_back(self, slot: str) -> Version | None:
        """Makes the version before the live one of a slot live again; None where there is none before it.

        Raises:
            ConfigError: nothing is deployed there.
        """
        with self._database.changing() as connection:
            kept = _kept(connection, slot)
            if not kept:
                raise _nothing_deployed(slot)
            if len(kept) < 2:
                return None
            connection.execute(
                "UPDATE versions SET is_kept = 0 WHERE slot = ? AND version = ?", (slot, kept[-1].number)
            )
            self._drop_unused(connection)
        return kept[-2]

    def undeploy(self, slot: str) -> None:
        """Takes the model of a slot away; its numbers go on where it is deployed to again.

        Raises:
            ConfigError: nothing is deployed there.
        """
        with self._database.changing() as connection:
            if not _kept(connection, slot):
                raise _nothing_deployed(slot)
            connection.execute("UPDATE slots SET is_live = 0 WHERE name = ?", (slot,))
            connection.execute("UPDATE versions SET is_kept = 0 WHERE slot = ?", (slot,))
            self._drop_unused(connection)

    def kept(self) -> dict[str, list[Version]]:
        """The versions of each slot that can be live, the live one last, each preceded by what was live before it."""
        with self._database.reading() as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM slots WHERE is_live ORDER BY name")]
            return {name: _kept(connection, name) for name in names}

    def live(self) -> dict[str, Version]:
        """The live version of each slot."""
        return {slot: versions[-1] for slot, versions in self.kept().items()}

    def _drop_unused(self, connection: sqlite3.Connection) -> None:
        """Lets go of copies that no slot can serve, while nobody else can deploy."""
        self._bundles.keep_only({row[0] for row in connection.execute("SELECT digest FROM versions WHERE is_kept")})


def deploy_in(state: Path, path: Path, slot: str, model: str) -> Version:
    """`Deployments.deploy`, for a process of its own, which a hostile bundle may bring down."""
    return Deployments(Database(state)).deploy(path, slot, model=model)


def expect_slot_name(slot: str) -> None:
    """Lets the name of a slot pass.

    Raises:
        ConfigError: it is none.
    """
    if not _SLOT.fullmatch(slot):
        raise ConfigError(
            f"slot: expected a name of up to 63 small letters, digits, - and _, received {slot[:100]!r}. "
            "Choose one such as production."
        )


def _add(connection: sqlite3.Connection, slot: str, digest: str, model: str) -> Version:
    row = connection.execute("SELECT last_version FROM slots WHERE name = ?", (slot,)).fetchone()
    version = Version(slot, (row[0] if row else 0) + 1, digest, model, time.time())
    connection.execute("REPLACE INTO slots VALUES (?, ?, 1)", (slot, version.number))
    connection.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?, 1)", (slot, version.number, digest, model, version.deployed_at)
    )
    for old in _kept(connection, slot)[:-_MOST_KEPT]:
        connection.execute("UPDATE versions SET is_kept = 0 WHERE slot = ? AND version = ?", (slot, old.number))
    return version


def _kept(connection: sqlite3.Connection, slot: str) -> list[Version]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM versions WHERE slot = ? AND is_kept ORDER BY version", (slot,))
    return [Version(*row) for row in rows]


def _nothing_deployed(slot: str) -> ConfigError:
    return ConfigError(f"slot: expected one that something is deployed to, received {slot[:100]!r}. See deployments.")


def _name_of(path: Path) -> str:
    """A name for a model: that of its run rather than `model`."""
    resolved = path.resolve()
    return next((part for part in (resolved.stem, *(each.name for each in resolved.parents)) if _tells(part)), "model")


def _tells(name: str) -> bool:
    return bool(name) and name not in ("model", "models") and not name.split("-")[0].isdecimal()
