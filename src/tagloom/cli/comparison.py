"""How runs look side by side on a terminal."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from tagloom.cli.output import console, printable
from tagloom.runs.comparison import Comparison
from tagloom.runs.comparison_texts import (
    SCORE_COLUMNS,
    label_rows,
    option_rows,
    score_rows,
    told_differences,
    training_rows,
)


def print_comparison(comparison: Comparison) -> None:
    """Scores and what their differences are worth, labels, training, options that differ."""
    names = ("", *(one.name for one in comparison.candidates))
    _print_table(
        f"Strict micro scores on the {comparison.part} part, in per cent", SCORE_COLUMNS, score_rows(comparison)
    )
    console().print()
    for line in told_differences(comparison):
        console().print(printable(line))
    _print_table("\nF1 by label, in per cent", names, label_rows(comparison))
    _print_table("\nTraining", names, training_rows(comparison))
    if comparison.options:
        _print_table("\nOptions that differ", names, option_rows(comparison))
    else:
        console().print("\nTheir options are the same.")


def _print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose first column stands whole, while the others are divided into lines where there is no room."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    for number, column in enumerate(columns):
        table.add_column(printable(column), justify="right" if number else "left", no_wrap=not number, overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    console().print(Text(title, style="bold"))
    console().print(table)
