"""Label errors as files: JSON with everything, CSV as a table to correct from.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula, and would run what
somebody wrote into a text (CWE-1236). Such a cell, and one that begins with an apostrophe, gets an apostrophe in front:
the spreadsheet then shows text, and a program that takes off one leading apostrophe has the cell as it was.
"""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tagloom.errors import ConfigError
from tagloom.files import write_bytes, write_json
from tagloom.text import Span
from tagloom.training.label_errors import LabelError, LabelErrors

_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it spreadsheets take UTF-8 for the machine's old encoding
_DIGITS = 4


def expect_suffix(path: Path) -> None:
    """Lets pass a name whose suffix says what to write.

    Raises:
        ConfigError: it is neither `.json` nor `.csv`, or a folder's.
    """
    if path.is_dir():
        raise ConfigError(f"{path}: expected a file to write, received a folder. Choose another name.")
    if path.suffix.lower() not in _WRITERS:
        raise ConfigError(f"{path}: expected a file that ends in {' or '.join(_WRITERS)}, received another. Rename it.")


def write_label_errors(path: Path, found: LabelErrors) -> None:
    """Writes the file whole, as its suffix says.

    Raises:
        ConfigError: the suffix is neither `.json` nor `.csv`.
    """
    expect_suffix(path)
    _WRITERS[path.suffix.lower()](path, found)


def to_json(found: LabelErrors) -> dict[str, Any]:
    """Everything that was found, as a JSON object."""
    return {
        "sentences": found.num_sentences,
        "out_of_fold_f1": round(found.out_of_fold_f1, _DIGITS),
        "labels": {label: estimate.to_json() for label, estimate in found.labels.items()},
        "bare_threshold": round(found.bare_threshold, _DIGITS),
        "not_judged": dict(found.not_judged),
        "errors": [_entry(rank, error) for rank, error in enumerate(found.errors, start=1)],
    }


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    Example:
        >>> guarded("=1+1"), guarded("D90"), guarded("'s")
        ("'=1+1", 'D90', "''s")
    """
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def _entry(rank: int, error: LabelError) -> dict[str, Any]:
    """One error, by the names of the table's columns."""
    return {
        "rank": rank,
        "kind": error.kind,
        "confident": error.is_confident,
        "source": error.source,
        "document": error.document,
        **_place(error, error.span, ""),
        "given": _label(error.given),
        "suggested": _label(error.suggested),
        **_place(error, error.suggested, "suggested_"),
        "given_probability": round(error.given_probability, _DIGITS),
        "suggested_probability": round(error.suggested_probability, _DIGITS),
        "score": round(error.score, _DIGITS),
        "sentence": error.sentence,
        "sentence_start": error.sentence_start,
    }


def _place(error: LabelError, span: Span | None, prefix: str) -> dict[str, Any]:
    names = (f"{prefix}start", f"{prefix}end", f"{prefix}text")
    values = (None, None, None) if span is None else (span.start, span.end, error.text(span))
    return dict(zip(names, values, strict=True))


def _label(span: Span | None) -> str | None:
    return None if span is None else span.label


def _write_json(path: Path, found: LabelErrors) -> None:
    write_json(path, to_json(found))


def _write_csv(path: Path, found: LabelErrors) -> None:
    stream = io.StringIO(newline="")
    table = csv.writer(stream)
    table.writerow(COLUMNS)
    for rank, error in enumerate(found.errors, start=1):
        table.writerow([_cell(value) for value in _entry(rank, error).values()])
    write_bytes(path, _BYTE_ORDER_MARK + stream.getvalue().encode("utf-8", "backslashreplace"))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guarded(value) if isinstance(value, str) else "" if value is None else str(value)


COLUMNS = (
    "rank",
    "kind",
    "confident",
    "source",
    "document",
    "start",
    "end",
    "text",
    "given",
    "suggested",
    "suggested_start",
    "suggested_end",
    "suggested_text",
    "given_probability",
    "suggested_probability",
    "score",
    "sentence",
    "sentence_start",
)
"""The columns of the table; an entry of the JSON has the same names."""

_WRITERS: Mapping[str, Callable[[Path, LabelErrors], None]] = {".json": _write_json, ".csv": _write_csv}
