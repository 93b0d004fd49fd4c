"""Tables that a spreadsheet may open: no cell is one that it would run (CWE-1236)."""

import csv
import io
import re
from collections.abc import Iterator

from tagloom.data.findings import Findings
from tagloom.data.formats import Piece

_SUSPECT = re.compile(r"(?:^|[,\"\n])[=@+\t\r-]")
_FORMULA = re.compile(r"[=@\t\r\n].|[+-].*[^0-9.,:/%+-]", re.DOTALL)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; signs and numbers stay what they are.

    Example:
        >>> guarded("=1+1"), guarded("@SUM(A1)"), guarded("-2+cmd"), guarded("-"), guarded("-1.5"), guarded("D90")
        ("'=1+1", "'@SUM(A1)", "'-2+cmd", '-', '-1.5', 'D90')
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def guarded_pieces(pieces: Iterator[Piece], findings: Findings) -> Iterator[Piece]:
    """The pieces of a comma-separated table, whose cells are guarded; notes which were changed as `guarded_cells`."""
    for suffix, content in pieces:
        assert isinstance(content, str)
        if _SUSPECT.search(content) is None:  # as nearly always, and much sooner found than its cells
            yield suffix, content
            continue
        rows = list(csv.reader(io.StringIO(content, newline="")))
        changed = [cell for row in rows for cell in row if guarded(cell) != cell]
        findings.note_each("guarded_cells", changed, repr)
        yield suffix, _table([[guarded(cell) for cell in row] for row in rows]) if changed else content


def _table(rows: list[list[str]]) -> str:
    content = io.StringIO(newline="")
    csv.writer(content).writerows(rows)
    return content.getvalue()
