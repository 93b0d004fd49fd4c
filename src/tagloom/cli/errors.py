"""`tagloom errors`: the labels that are most probably wrong, found by folds."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagloom.cli.parameters import Align, Data, Overwrite, Verbose, path
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, reading
from tagloom.cli.train import Algorithm, Config, Embedding, SetOption

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from tagloom.text import Span
    from tagloom.training.callbacks import Callback
    from tagloom.training.folds import Fold, Folds, Watching
    from tagloom.training.label_errors import LabelError, LabelErrors

OPTIONS: Mapping[str, Any] = {"epochs": 8}
"""What the folds train with beside the defaults: later epochs find no more (docs/label-errors.md)."""

_CONTEXT = 40  # characters to each side
_BARE = "bare"
_GIVEN, _SUGGESTED = ("[]", "bold red"), ("{}", "bold green")


def errors(
    data: Data,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", parser=path, help="What to write, .json or .csv.")
    ] = Path("label-errors.csv"),
    folds: Annotated[int, typer.Option(metavar="K", help="Taggers to train, each on all other folds.")] = 5,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Of the division and the taggers.  [default: 13]")
    ] = None,
    top: Annotated[int, typer.Option(metavar="N", min=0, help="How many to print; the file has all.")] = 30,
    align: Align = None,
    algorithm: Algorithm = None,
    embedding: Embedding = None,
    config: Config = None,
    set_option: SetOption = None,
    threads: Annotated[int | None, typer.Option(metavar="N", help="Of the processor.  [default: all]")] = None,
    verbose: Verbose = None,
    from_format: From = None,
    encoding: Encoding = None,
    columns: Columns = None,
    cover_discontinuous: CoverDiscontinuous = False,
    overwrite: Overwrite = False,
) -> None:
    """List the labels that are most probably wrong, the worst first.

    Each fold of the data is read by a tagger that learned from the others. Stopped, it goes on with the same command.
    """
    from tagloom.cli.asked import asked_config
    from tagloom.cli.output import print_noticed, working
    from tagloom.cli.progress import SILENT
    from tagloom.cli.targets import expect_free
    from tagloom.data.alignment import EXPAND
    from tagloom.data.reading import read
    from tagloom.runs.toml import read_toml
    from tagloom.training.error_table import expect_suffix, write_label_errors
    from tagloom.training.folds import Folds
    from tagloom.training.label_errors import find_label_errors

    expect_suffix(output)
    expect_free([output], data, overwrite=overwrite)
    tables = read_toml(config) if config is not None else {"training": OPTIONS}
    flags = {"algorithm": algorithm, "embeddings": embedding, "seed": seed, "threads": threads}
    chosen = asked_config(tables, flags, set_option or [])
    told = reading(from_format, encoding, columns, cover_discontinuous=cover_discontinuous)
    with working("Reading"):
        dataset = read(*data, **told)
    if verbose != SILENT:
        print_noticed(dataset.sources)
    divided = Folds(dataset, output.with_suffix(".folds"), chosen, num_folds=folds, align=align or EXPAND)
    found = find_label_errors(divided, _watching(divided, verbose))
    write_label_errors(output, found)
    _show(found, top)
    _say_where(output, divided, found)


def _watching(folds: "Folds", verbose: int | None) -> "Watching":
    """Shows the training of each fold, under a line that says which it is."""
    from tagloom.cli.output import console
    from tagloom.cli.progress import SILENT, progress

    @contextmanager
    def watching(fold: "Fold") -> Iterator[Sequence["Callback"]]:
        if verbose != SILENT:
            console().print(f"Fold {fold.number} of {folds.num_folds}")
        with progress(verbose) as callbacks:
            yield callbacks

    return watching


def _show(found: "LabelErrors", top: int) -> None:
    """The estimate of each label, and the first errors with what stands around them."""
    from tagloom.cli.output import console, print_table
    from tagloom.training.confident_learning import KINDS

    rows = [
        (label, f"{one.num_spans:,}", f"{one.threshold:.2f}", *(f"{one.errors[kind]:,}" for kind in KINDS))
        for label, one in found.labels.items()
    ]
    print_table(
        f"Estimated label errors (F1 of the folds {100 * found.out_of_fold_f1:.1f})",
        ("label", "spans", "threshold", *KINDS),
        rows,
    )
    if top and found.errors:
        console().print(_table(found.errors[:top]))


def _table(errors: Sequence["LabelError"]) -> "Table":
    """Two lines an error: what it is and where, and what stands around it."""
    from rich.table import Table
    from rich.text import Text

    from tagloom.cli.output import printable

    sources = {error.source for error in errors}
    names = {source: f"{Path(source).name} " for source in sources} if len(sources) > 1 else {}
    table = Table(box=None, pad_edge=False)
    for column in ("", "kind", "[given] → {suggested}"):
        table.add_column(column, justify="left" if column else "right", overflow="fold")
    for rank, error in enumerate(errors, start=1):
        what = Text.assemble(
            (f"{_label(error.given)} {error.given_probability:.2f}", _GIVEN[1]),
            " → ",
            (f"{_label(error.suggested)} {error.suggested_probability:.2f}", _SUGGESTED[1]),
            (printable(f"  {names.get(error.source, '')}{error.document}:{error.span.start}"), "dim"),
        )
        table.add_row(str(rank), error.kind, Text("\n").join((what, _in_context(error))))
    return table


def _label(span: "Span | None") -> str:
    from tagloom.cli.output import printable

    return _BARE if span is None else printable(span.label)


def _in_context(error: "LabelError") -> "Text":
    """What stands around an error: the given span in brackets, the suggested one in braces."""
    from rich.text import Text

    origin = error.sentence_start
    marks = [(span, *look) for span, look in ((error.given, _GIVEN), (error.suggested, _SUGGESTED)) if span is not None]
    closings = [(span.end - origin, 0, symbols[1], style) for span, symbols, style in marks]
    openings = [(span.start - origin, 1, symbols[0], style) for span, symbols, style in marks]
    first = max(0, min(openings)[0] - _CONTEXT)
    last = max(closings)[0] + _CONTEXT
    plain = "".join(character if character.isprintable() else " " for character in error.sentence)
    shown, done, inside = Text("…" if first else ""), first, ""
    for at, opens, symbol, style in sorted(closings + openings):
        shown.append(plain[done:at], inside)
        shown.append(symbol, style)
        done, inside = at, style if opens else ""
    shown.append(plain[done:last] + ("…" if last < len(plain) else ""))
    return shown


def _say_where(output: Path, folds: "Folds", found: "LabelErrors") -> None:
    from tagloom.cli.output import console

    confident = sum(error.is_confident for error in found.errors)
    not_judged = "".join(
        f" {number:,} {label} not judged, since no other fold has any." for label, number in found.not_judged.items()
    )
    console().print(
        f"{len(found.errors):,} suspects in {found.num_sentences:,} sentences, {confident:,} of them counted as "
        f"errors: {output}.{not_judged} The folds lie in {folds.folder}; remove them when you are done."
    )
