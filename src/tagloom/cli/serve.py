"""`tagloom serve`: models behind an HTTP API."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.deployments import State, slot_and_model, state_folder
from tagloom.errors import ConfigError
from tagloom.serving.defaults import DEFAULT_HOST, DEFAULT_PORT, DEFAULT_SLOT

if TYPE_CHECKING:
    from tagloom.serving.limits import Limits


def serve(
    models: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SLOT=]MODEL...", help="Models to deploy first; the first is `production`."),
    ] = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = DEFAULT_HOST,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Where to listen; 0 for any.")
    ] = DEFAULT_PORT,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes that read texts.  [default: one for two processors]"),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Of the processor, for each worker.  [default: 2, or 1 of 1]")
    ] = None,
    state: State = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Let other machines ask without a key, as long as none was made.")
    ] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A host name to answer to; * for any. May be repeated.")
    ] = None,
    allow_origin: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Pages that may ask, such as https://example.org.")
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A bound, such as text_characters=50000.")
    ] = None,
    log_requests: Annotated[bool, typer.Option(help="Log a line of JSON for each request.")] = True,
    trace: Annotated[
        bool, typer.Option("--trace", help="Log errors with all that they say, which may be anybody's text.")
    ] = False,
) -> None:
    """Serve models over HTTP, with what was deployed before.

    Slots and keys are kept in a state folder; tagloom deploy and tagloom keys
    change what a running server does. Its page /docs says how it is asked.
    """
    from tagloom.inference.processors import num_processors
    from tagloom.serving.app import Options
    from tagloom.serving.logs import errors_logged
    from tagloom.serving.server import expect_guarded
    from tagloom.serving.server import serve as serve_until_told

    folder = state_folder(state)
    if not without_keys:
        expect_guarded(host, folder)
    options = Options(
        state=folder,
        limits=parsed_limits(limit or []),
        host_names=(*(allow_host or ()), host),
        origins=tuple(allow_origin or ()),
        is_logging=log_requests,
        is_traced=trace,
        workers=workers or max(1, num_processors() // 2),
        threads=threads or min(2, num_processors()),
    )
    deployed = parsed_models(models or [])
    with errors_logged(sys.stderr.write, is_traced=trace):
        serve_until_told(options, host=host, port=port, deploy=deployed, on_start=partial(_tell, folder))
    typer.echo("The server has ended; what had begun was answered.", err=True)


def _tell(state: Path, address: str) -> None:
    """Says where the server is, what it serves, and how it is asked."""
    from tagloom.serving.snippets import snippets
    from tagloom.serving.state.database import Database
    from tagloom.serving.state.deployments import Deployments

    live = Deployments(Database(state)).live()
    typer.echo(f"Tagloom answers at {address}, and says how at {address}/docs. Ctrl-C ends it.", err=True)
    for slot, version in live.items():
        typer.echo(f"  {slot}: {version.model}, version {version.number}", err=True)
    if not live:
        typer.echo("  Nothing is deployed yet: tagloom deploy MODEL.", err=True)
    for slot in [*live][:1]:
        typer.echo(f"\n{snippets(address, slot)['curl']}", err=True)


def parsed_models(given: Sequence[str]) -> list[tuple[str, Path]]:
    """Each model with its slot.

    Raises:
        typer.BadParameter: one but the first has no slot, or two have the same.

    Example:
        >>> parsed_models(["runs/reviews", "staging=runs/larger"])
        [('production', PosixPath('runs/reviews')), ('staging', PosixPath('runs/larger'))]
    """
    found = [slot_and_model(text) for text in given]
    named = [(slot or DEFAULT_SLOT, model) for slot, model in found]
    slots = [slot for slot, _ in named]
    if len({*slots}) < len(slots):
        raise typer.BadParameter("expected a slot of its own for each model, such as staging=runs/larger.")
    return named


def parsed_limits(pairs: Sequence[str]) -> "Limits":
    """The limits, with these values in place of their own.

    Raises:
        ConfigError: there is no such limit, or the value is none.
    """
    from tagloom.serving.limits import Limits

    kinds = {name: type(value) for name, value in asdict(Limits()).items()}
    values = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name not in kinds:
            raise ConfigError(f"--limit {pair}: expected one of {', '.join(kinds)}.")
        try:
            values[name] = kinds[name](value)
        except ValueError as error:
            raise ConfigError(f"--limit {pair}: expected a number, received {value!r}.") from error
    return Limits(**values)
