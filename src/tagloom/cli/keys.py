"""`tagloom keys`: keys to the API."""

import re
import time
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.deployments import State, state_folder
from tagloom.cli.parameters import AsJson

if TYPE_CHECKING:
    from tagloom.serving.state.keys import Key, Keys

_SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800, "y": 31_536_000}

keys = typer.Typer(help="Keys to the API of the running or the next server.", rich_markup_mode=None)


@keys.command("create")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What or whom it is for.")],
    scope: Annotated[str, typer.Option(metavar="SCOPE", help="predict, or admin, who may deploy too.")] = "predict",
    expires: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it ends: 12h, 30d, 8w, 1y or never.")
    ] = "1y",
    rate: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Requests that it may make a minute.  [default: any number]")
    ] = None,
    state: State = None,
) -> None:
    """Make a key and print it: nothing can show it again.

    From the first key on, every request needs one.
    """
    from tagloom.serving.state.keys import Scope

    if scope not in [*Scope]:
        raise typer.BadParameter(f"expected {' or '.join(Scope)}, received {scope!r}.", param_hint="--scope")
    key, token = _keys(state).create(name, Scope(scope), expires_at=_end(expires or "never"), per_minute=rate)
    typer.echo(f"Key {key.id} for {key.name} ({key.scope}), {_until(key)}. Keep it: it is not shown again.", err=True)
    typer.echo(token)


@keys.command("list")
def list_keys(state: State = None, as_json: AsJson = False) -> None:
    """List the keys, without the keys themselves."""
    from tagloom.cli.output import print_json, print_table

    found = _keys(state).all()
    if as_json:
        print_json([_told(key) for key in found])
        return
    if not found:
        typer.echo("There are no keys: tagloom keys create NAME.")
        return
    rows = [
        (str(key.id), key.name, key.scope.value, _until(key), "any" if key.per_minute is None else f"{key.per_minute}")
        for key in found
    ]
    print_table("Keys", ("key", "name", "scope", "state", "a minute"), rows, texts=("name", "scope", "state"))


@keys.command("revoke")
def revoke(key: Annotated[int, typer.Argument(metavar="KEY", help="Its number.")], state: State = None) -> None:
    """Make a key open nothing any more, at once."""
    revoked = _keys(state).revoke(key)
    typer.echo(f"Key {revoked.id} for {revoked.name} is revoked.")


@keys.callback(invoke_without_command=True)
def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _keys(state: "State") -> "Keys":
    from tagloom.serving.state.database import Database
    from tagloom.serving.state.keys import Keys

    return Keys(Database(state_folder(state)))


def _end(text: str) -> float | None:
    """When a key ends, in seconds since 1970; None for never.

    Raises:
        typer.BadParameter: it is no time.
    """
    if text == "never":
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,4})([hdwy])", text)
    if found is None:
        raise typer.BadParameter(f"expected a time such as 30d, received {text!r}.", param_hint="--expires")
    return time.time() + int(found[1]) * _SECONDS[found[2]]


def _until(key: "Key") -> str:
    if key.revoked_at is not None:
        return f"revoked {_when(key.revoked_at)}"
    if key.expires_at is None:
        return "never ends"
    return f"{'ended' if key.expires_at <= time.time() else 'ends'} {_when(key.expires_at)}"


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(sep=" ", timespec="minutes")


def _told(key: "Key") -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scope": key.scope.value,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "per_minute": key.per_minute,
    }
