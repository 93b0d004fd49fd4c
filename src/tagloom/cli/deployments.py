"""`tagloom deploy`, `rollback`, `undeploy`, `deployments`: the slots of the running or the next server."""

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import AsJson, path
from tagloom.errors import BundleError, ConfigError
from tagloom.serving.defaults import DEFAULT_SLOT

if TYPE_CHECKING:
    from tagloom.serving.state.database import Database
    from tagloom.serving.state.deployments import Version

_NAMED = re.compile(r"([a-z0-9][a-z0-9_-]*)=(.+)", re.DOTALL)

State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="FOLDER",
        parser=path,
        help="Where slots and keys are kept.  [default: $TAGLOOM_STATE, else the user's folder for state]",
    ),
]
Slot = Annotated[str, typer.Argument(metavar="SLOT", help="The slot.")]


def deploy(
    model: Annotated[str, typer.Argument(metavar="[SLOT=]MODEL", help="A model's folder or .loom file, or a run.")],
    state: State = None,
) -> None:
    """Make a model the live version of a slot (production).

    A running server takes it over at once: requests under way end on the
    version before, which stays at hand for a roll-back.
    """
    from tagloom.serving.state.deployments import Deployments

    slot, given = slot_and_model(model)
    database = _database(state)
    version = Deployments(database).deploy(given, slot or DEFAULT_SLOT)
    _tell(database, f"{version.slot}: {version.model} is version {version.number}.")


def rollback(slot: Slot = DEFAULT_SLOT, state: State = None) -> None:
    """Make the version before the live one live again."""
    from tagloom.serving.state.deployments import Deployments

    database = _database(state)
    version = Deployments(database).roll_back(slot)
    if version is None:
        raise ConfigError(f"{slot}: expected a version before the live one, found none.")
    _tell(database, f"{slot}: version {version.number}, {version.model}, is live again.")


def undeploy(slot: Slot, state: State = None) -> None:
    """Take the model of a slot away."""
    from tagloom.serving.state.deployments import Deployments

    database = _database(state)
    Deployments(database).undeploy(slot)
    _tell(database, f"{slot}: nothing is deployed there any more.")


def deployments(state: State = None, as_json: AsJson = False) -> None:
    """List what is deployed, and what can be rolled back to."""
    from tagloom.cli.output import print_json, print_table
    from tagloom.serving.state import presence
    from tagloom.serving.state.deployments import Deployments

    database = _database(state)
    kept = Deployments(database).kept()
    server = presence.running(database)
    if as_json:
        slots = {slot: [_told(version) for version in versions[::-1]] for slot, versions in kept.items()}
        print_json({"server": None if server is None else server.process_id, "slots": slots})
        return
    if not kept:
        typer.echo("Nothing is deployed: tagloom deploy MODEL.")
        return
    rows = [
        (slot, str(live.number), live.model, _when(live.deployed_at), ", ".join(str(one.number) for one in earlier))
        for slot, (*earlier, live) in kept.items()
    ]
    title = "No server runs." if server is None else f"A server runs (process {server.process_id})."
    print_table(title, ("slot", "version", "model", "since", "earlier"), rows, texts=("model",))


def slot_and_model(text: str) -> tuple[str | None, Path]:
    """A slot, if one is named, and a model.

    Raises:
        typer.BadParameter: the model is empty.

    Example:
        >>> slot_and_model("staging=runs/larger"), slot_and_model("runs/larger")
        (('staging', PosixPath('runs/larger')), (None, PosixPath('runs/larger')))
    """
    named = _NAMED.fullmatch(text)
    if named is None or Path(text).exists():
        return None, path(text)
    return named[1], path(named[2])


def state_folder(given: Path | None) -> Path:
    """The folder that is named, else the usual one."""
    from tagloom.serving.state.folder import default_folder

    return default_folder() if given is None else given


def _database(given: Path | None) -> "Database":
    from tagloom.serving.state.database import Database

    return Database(state_folder(given))


def _tell(database: "Database", what: str) -> None:
    """Says what was done, and whether the running server has followed.

    Raises:
        BundleError: it could not.
    """
    from tagloom.serving.state import presence

    generation = database.generation()
    server = presence.followed(database)
    if server is None:
        typer.echo(f"{what} No server runs; the next one takes it over.")
        return
    if server.generation < generation:
        raise ConfigError(f"{what} The server (process {server.process_id}) has not taken it over yet. See its log.")
    if server.problem is not None:
        raise BundleError(f"{what} But the server has a problem: {server.problem}")
    typer.echo(f"{what} The server (process {server.process_id}) has taken it over.")


def _told(version: "Version") -> dict[str, object]:
    return {
        "version": version.number,
        "model": version.model,
        "digest": version.digest,
        "deployed_at": _when(version.deployed_at),
    }


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")
