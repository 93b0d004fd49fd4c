"""How runs look side by side on a terminal."""

from collections.abc import Sequence

from tagloom.cli.output import console, print_table, printable
from tagloom.training.comparison import Comparison
from tagloom.training.comparison_texts import (
    SCORE_COLUMNS,
    label_rows,
    option_rows,
    score_rows,
    told_differences,
    training_rows,
)


def print_comparison(comparison: Comparison) -> None:
    """Scores and what their differences are worth, labels, training, options that differ."""
    print_table(f"Strict micro scores on the {comparison.part} part", SCORE_COLUMNS, score_rows(comparison))
    for line in told_differences(comparison):
        console().print(printable(line))
    _print_side_by_side("F1 by label", comparison, label_rows(comparison))
    _print_side_by_side("Training", comparison, training_rows(comparison))
    if comparison.options:
        _print_side_by_side("Options that differ", comparison, option_rows(comparison), are_texts=True)
    else:
        console().print("\nTheir options are the same.")


def _print_side_by_side(
    title: str, comparison: Comparison, rows: Sequence[Sequence[str]], *, are_texts: bool = False
) -> None:
    names = [one.name for one in comparison.candidates]
    print_table(f"\n{title}", ("", *names), rows, texts=names if are_texts else ())
