"""The command `tagloom`: its subcommands, and how errors reach a person."""

import os
import sys

import typer

from tagloom import __version__
from tagloom.cli.data_inspect import inspect
from tagloom.cli.data_split import split
from tagloom.cli.demo import demo
from tagloom.cli.evaluate import evaluate
from tagloom.cli.predict import predict
from tagloom.cli.score import score
from tagloom.cli.train import train
from tagloom.errors import TagloomError

app = typer.Typer(
    name="tagloom",
    help="Make your own named-entity recogniser: label, divide, train, judge, use.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data = typer.Typer(help="Look at labelled data, and divide it.", no_args_is_help=True)
app.add_typer(data, name="data")
data.command("inspect")(inspect)
data.command("split")(split)
for command in (demo, train, evaluate, score, predict):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tagloom {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_print_version, is_eager=True),
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Runs the command; what the user can mend is one line on standard error and exit status 1."""
    try:
        app()
    except TagloomError as error:
        typer.echo(f"tagloom: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # whoever read our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
