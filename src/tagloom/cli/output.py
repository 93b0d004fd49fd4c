"""What commands print: tables, tagged text, JSON."""

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tagloom.text import Span

_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
_ANY_WIDTH = 10_000


def console() -> Console:
    """Standard output: in colour and within its width where it is a terminal, else in lines of any length."""
    if sys.stdout.isatty():
        return Console(highlight=False, markup=False, emoji=False)
    return Console(highlight=False, markup=False, emoji=False, width=_ANY_WIDTH)


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Says on a terminal what takes a while, as long as it does."""
    terminal = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if not sys.stderr.isatty():
        yield
        return
    with terminal.status(Text(what)):
        yield


def print_json(content: Any) -> None:
    """One JSON object, for people and programs."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table whose first column is text and whose others are figures."""
    table = Table()
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    console().print(Text(title, style="bold"))
    console().print(table)


def print_report(title: str, report: Mapping[str, Any]) -> None:
    """The scores of a report, a label a row, as shares in per cent."""
    from tagloom.evaluation.report import Report  # brings numpy: only where there is a report to print

    whole = Report.from_json(report)
    figures = [
        (name, *(f"{100 * share:.1f}" for share in (one.precision, one.recall, one.f1)), f"{one.support:,}")
        for name, one in whole.rows()
    ]
    print_table(f"{title} ({whole.mode})", ("label", "precision", "recall", "F1", "support"), figures)
    note = f", {whole.ill_formed.gold} ill-formed tags in it" if whole.ill_formed.gold else ""
    console().print(
        f"{whole.sentences:,} sentences, {whole.tokens.count:,} words{note}; "
        f"{100 * whole.tokens.accuracy:.2f} % of the words have the right tag."
    )


def tagged_text(text: str, spans: Sequence[Span], labels: Sequence[str]) -> Text:
    """The text with its entities in colour, each followed by its label and score."""
    shown, done = Text(), 0
    for span in spans:
        colour = _COLOURS[labels.index(span.label) % len(_COLOURS)]
        shown.append(text[done : span.start])
        shown.append(text[span.start : span.end], style=f"bold {colour}")
        score = "" if span.score is None else f" {span.score:.2f}"
        shown.append(f" [{span.label}{score}]", style=colour)
        done = span.end
    shown.append(text[done:])
    return shown
