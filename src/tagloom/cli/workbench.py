"""`tagloom workbench`: the web platform."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

VARIABLE = "TAGLOOM_WORKBENCH"


def workbench(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help=f"Where everything is kept.  [default: {VARIABLE}, else tagloom-workbench]"
        ),
    ] = None,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Where to listen; 0 for any.")] = 8080,
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A host name to answer to. May be repeated.")
    ] = None,
    https: Annotated[bool, typer.Option("--https", help="People reach it through HTTPS, by a proxy in front.")] = False,
    trainings: Annotated[int, typer.Option(metavar="N", min=1, max=64, help="That run at a time.")] = 1,
    trace: Annotated[bool, typer.Option("--trace", help="Log errors whole; they may hold anybody's text.")] = False,
    new_password: Annotated[
        str | None, typer.Option(metavar="NAME", help="Print a link that sets this person's password, and end.")
    ] = None,
) -> None:
    """Label, divide, train, judge, deploy and try in a browser, without code.

    The first visit makes the owner's account, by the link that is printed.
    Trainings go on when the workbench ends, and are found again.
    """
    from tagloom.serving.logs import errors_logged
    from tagloom.workbench.options import Options
    from tagloom.workbench.server import new_password_link, serve

    folder = data or Path(os.environ.get(VARIABLE) or "tagloom-workbench")
    options = Options(
        folder=folder.absolute(),
        host_names=(*(allow_host or ()), host),
        is_https=https,
        simultaneous_trainings=trainings,
    )
    if new_password is not None:
        typer.echo(f"http://{host}:{port}{new_password_link(options, new_password)}")
        return
    with errors_logged(sys.stderr.write, is_traced=trace):
        serve(options, host=host, port=port, on_start=_tell)
    typer.echo("The workbench has ended; trainings go on.", err=True)


def _tell(address: str, link: str | None) -> None:
    if link is None:
        typer.echo(f"The workbench is at {address}. Ctrl-C ends it.", err=True)
    else:
        typer.echo(f"Make your account, with this link that works once:\n\n  {link}\n\nCtrl-C ends it.", err=True)
