"""What commands print: tables, tagged text, JSON."""

import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tagloom.data.findings import Finding
from tagloom.text import Span

if TYPE_CHECKING:
    from tagloom.data.dataset import Source

T = TypeVar("T")

_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
_ANY_WIDTH = 10_000
_BETWEEN_LOOKS = 1_000
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def console() -> Console:
    """Standard output: in colour and within its width where it is a terminal, else in lines of any length."""
    if sys.stdout.isatty():
        return Console(highlight=False, markup=False, emoji=False)
    return Console(highlight=False, markup=False, emoji=False, width=_ANY_WIDTH)


def printable(text: str) -> str:
    r"""A text as one line in which nothing steers a terminal: controls and marks of direction stand as their escapes.

    Example:
        >>> printable("D90 \x1b[2J")
        'D90 \\x1b[2J'
    """
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Says on a terminal what takes a while, as long as it does."""
    terminal = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if not sys.stderr.isatty():
        yield
        return
    with terminal.status(Text(what)):
        yield


@contextlib.contextmanager
def counting(what: str, noun: str) -> Iterator[Callable[[Iterable[T]], Iterator[T]]]:
    """Counts on a terminal what goes through, as it goes.

    Yields:
        What to put round the things that are counted.
    """
    if not sys.stderr.isatty():
        yield iter
        return
    terminal = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with terminal.status(Text(what)) as status:

        def counted(things: Iterable[T]) -> Iterator[T]:
            for number, thing in enumerate(things, start=1):
                if number % _BETWEEN_LOOKS == 0:
                    status.update(Text(f"{what}: {number:,} {noun}"))
                yield thing

        yield counted


def print_findings(findings: Iterable[Finding]) -> None:
    """What was noticed or lost, a line each with its count, and the first examples."""
    from tagloom.data.formats.carrying import LOST
    from tagloom.data.quality.kinds import KINDS, UNKNOWN

    for finding in findings:
        meaning = LOST.get(finding.kind) or KINDS.get(finding.kind, UNKNOWN).advice
        console().print(f"{finding.count:,} {finding.kind.replace('_', ' ')}. {meaning}")
        for example in finding.examples:
            console().print(f"    {printable(example)}")


def print_noticed(sources: "Iterable[Source]") -> None:
    """What was noticed in reading these."""
    from tagloom.data.findings import merged

    print_findings(merged(finding for source in sources for finding in source.findings))


def print_json(content: Any) -> None:
    """One JSON object, for people and programs."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, texts: Sequence[str] = ()
) -> None:
    """A table whose first column and those named in `texts` are text, the latter cut where the line ends; else figures.

    Args:
        title: above it.
        columns: their names.
        rows: a cell a column.
        texts: columns of text beside the first.
    """
    table = Table()
    for number, column in enumerate(columns):
        is_text = number == 0 or column in texts
        table.add_column(
            printable(column), justify="left" if is_text else "right", no_wrap=not is_text, overflow="fold"
        )
    for row in rows:
        cells = map(printable, row)
        table.add_row(*(_cut(cell) if column in texts else cell for column, cell in zip(columns, cells, strict=True)))
    if not texts:
        _without_lines_where_narrow(table)
    console().print(Text(title, style="bold"))
    console().print(table)


def _without_lines_where_narrow(table: Table) -> None:
    """Takes the lines between columns away where they leave the first one no room for whole words."""
    shown = console()
    if shown.measure(table, options=shown.options.update(max_width=_ANY_WIDTH)).maximum > shown.width:
        table.box, table.show_edge, table.pad_edge, table.padding = box.SIMPLE_HEAD, False, False, (0, 1, 0, 0)


def _cut(text: str) -> Text:
    """A text in one line, cut where its column ends."""
    return Text(text, no_wrap=True, overflow="ellipsis")


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
