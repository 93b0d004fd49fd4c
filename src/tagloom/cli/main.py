"""The command `tagloom`: its subcommands, and how errors reach a person."""

import io
import os
import sys
from collections.abc import Sequence

import typer
from typer.main import get_command

from tagloom import __version__
from tagloom.cli.compare import compare
from tagloom.cli.data_convert import convert
from tagloom.cli.data_inspect import inspect
from tagloom.cli.data_prelabel import prelabel
from tagloom.cli.data_split import split
from tagloom.cli.demo import demo
from tagloom.cli.deployments import deploy, deployments, rollback, undeploy
from tagloom.cli.distill import distill
from tagloom.cli.elmo import elmo
from tagloom.cli.errors import errors
from tagloom.cli.evaluate import evaluate
from tagloom.cli.explain import explain
from tagloom.cli.keys import keys
from tagloom.cli.learning_curve import learning_curve
from tagloom.cli.log import warnings_told
from tagloom.cli.predict import predict
from tagloom.cli.quantize import quantize
from tagloom.cli.score import score
from tagloom.cli.serve import serve
from tagloom.cli.train import train
from tagloom.cli.workbench import workbench
from tagloom.errors import TagloomError

FAILED, WRONG_USAGE = 1, 2

_EXTRAS = {
    "transformers": "transformers",
    "onnxscript": "transformers",
    "torch": "train",
    "accelerate": "train",
    "onnx": "train",
    "h5py": "elmo",
    "jinja2": "report",
    "plotly": "report",
    "fastapi": "serve",
    "uvicorn": "serve",
    "pydantic": "serve",
    "prometheus_client": "serve",
    "alembic": "workbench",
    "argon2": "workbench",
    "markdown_it": "workbench",
    "nh3": "workbench",
    "sqlalchemy": "workbench",
}
"""What the base install lacks, and the extra that brings it."""

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]  # typer offers this class of its own under no name

app = typer.Typer(
    name="tagloom",
    help="Make your own named-entity recogniser: label, divide, train, judge, use.",
    add_completion=False,
    rich_markup_mode=None,
)
data = typer.Typer(help="Look at labelled data, and divide it.", rich_markup_mode=None)
app.add_typer(data, name="data")
data.command("inspect")(inspect)
data.command("convert")(convert)
data.command("split")(split)
data.command("prelabel")(prelabel)
app.add_typer(keys, name="keys")
app.add_typer(elmo, name="elmo")
for command in (
    *(demo, train, evaluate, score, errors, predict, explain, compare, quantize, distill),
    *(serve, deploy, rollback, undeploy, deployments),
    workbench,
):
    app.command()(command)
app.command("learning-curve")(learning_curve)


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.")
) -> None:
    if version:
        typer.echo(f"tagloom {__version__}")
    else:
        _help_without_command(context)


@data.callback(invoke_without_command=True)
def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command: what the user can mend is one line on standard error.

    Args:
        arguments: of the command line; None for those of the process.

    Returns:
        The exit status: 0, 1 for what the user can mend, 2 for wrong usage.
    """
    _open_to_any_text()
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except _UsageError as error:
        return _told(_usage(error), WRONG_USAGE)
    except TagloomError as error:
        return _told(str(error), FAILED)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        extra = _EXTRAS[error.name]
        return _told(
            f"this needs {error.name}, which is not installed. Install it: pip install 'tagloom[{extra}]'", FAILED
        )
    except KeyboardInterrupt:
        _drop_what_nobody_reads()
        return _told("interrupted.", FAILED)
    except BrokenPipeError:  # whoever read our output has gone
        _drop_what_cannot_be_written()
        return FAILED
    except OSError as error:
        _drop_what_cannot_be_written()
        place = f"{error.filename}: " if error.filename else ""
        return _told(
            f"{place}{error.strerror or error}. Check the name, the permissions and the space on disk.", FAILED
        )


def _open_to_any_text() -> None:
    """Lets any text out: what goes to a file or a program in UTF-8, half a surrogate pair as its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _run(arguments: Sequence[str]) -> int:
    """The command without typer's own telling of errors; what it printed is out when it returns."""
    command, status = get_command(app), 0
    try:
        with warnings_told(), command.make_context("tagloom", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as ended:
        status = int(ended.exit_code)
    except TagloomError:
        sys.stdout.flush()
        raise
    sys.stdout.flush()
    return status


def _drop_what_cannot_be_written() -> None:
    """Lets Python end without a second try, of which it would tell in its own way."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _drop_what_nobody_reads() -> None:
    """Writes what is left, as far as that needs no waiting: a full pipe must not hold up who has had enough."""
    try:
        output = os.dup(sys.stdout.fileno())
    except io.UnsupportedOperation:  # held in memory
        return
    was_blocking = os.get_blocking(output)
    os.set_blocking(output, False)
    _drop_what_cannot_be_written()
    os.set_blocking(output, was_blocking)  # others may share it, such as a shell its terminal
    os.close(output)


def _usage(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "tagloom"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return f"{path.removeprefix('tagloom').strip() or 'command'}: {message.rstrip('.')}. See {path} --help."


def _told(message: str, status: int) -> int:
    typer.echo(f"tagloom: {' '.join(message.splitlines())}", err=True)
    return status
