"""Gold and predicted tags from lines of columns: word, whatever else, gold tag, predicted tag."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from tagloom.errors import DataError, SchemeError
from tagloom.schemes import split_tag

BOUNDARY = "-X-"  # conlleval's word for the end of a sentence
_BREAK = ("", "")
_SEPARATOR = re.compile(" *\t *| +")  # str.split() would also divide at U+0085 and U+00A0, which are data


class TagColumns(NamedTuple):
    """The last two columns, sentence by sentence."""

    gold: list[list[str]]
    predicted: list[list[str]]


def read_columns(lines: Iterable[str], name: str) -> TagColumns:
    r"""The tags of each sentence.

    Columns are separated by a tab or by blanks; the word may be empty. A line of blanks, or one that begins with
    `-X-`, ends a sentence. Every line has as many columns as the first, as conlleval demands.

    Args:
        lines: the file's lines, divided at `\n` only (`open(path, newline="\n")`), with or without their ends.
        name: the file's name, for messages.

    Raises:
        DataError: a line has too few columns or not as many as the first, a tag has a form that no scheme has, or
            there is no word at all.

    Example:
        >>> read_columns(["A\tO\tO\n", "D90\tB-PNAME\tO\n", "\t\n", ".\tO\tO\n"], "tags.tsv")
        TagColumns(gold=[['O', 'B-PNAME'], ['O']], predicted=[['O', 'O'], ['O']])
    """
    columns = TagColumns([], [])
    for is_break, rows in groupby(_rows(lines, name), key=_BREAK.__eq__):
        if not is_break:
            gold, predicted = zip(*rows, strict=True)
            columns.gold.append(list(gold))
            columns.predicted.append(list(predicted))
    if not columns.gold:
        raise DataError(
            f"{name}:1: expected lines of a word, a gold tag and a predicted tag, received none. "
            "Give a file with at least one sentence."
        )
    return columns


def _rows(lines: Iterable[str], name: str) -> Iterator[tuple[str, str]]:
    """Gold and predicted tag of each line, `_BREAK` for a line between sentences."""
    known: set[str] = set()
    num_columns = 0
    for number, line in enumerate(lines, start=1):
        cells = _SEPARATOR.split(line.removesuffix("\n").removesuffix("\r").rstrip(" \t"))
        if cells == [""] or cells[0] == BOUNDARY:
            yield _BREAK
            continue
        _check_number(cells, num_columns, f"{name}:{number}")
        num_columns = len(cells)
        gold, predicted = cells[-2:]
        for tag in {gold, predicted} - known:
            _check_tag(tag, f"{name}:{number}")
            known.add(tag)
        yield gold, predicted


def _check_number(cells: list[str], num_columns: int, where: str) -> None:
    if len(cells) < 3:
        raise DataError(
            f"{where}: expected at least 3 columns (word, gold tag, predicted tag), received {len(cells)}: "
            f"{' '.join(cells)!r:.80}. Add what is missing, or leave the line blank between sentences."
        )
    if num_columns and len(cells) != num_columns:
        raise DataError(
            f"{where}: expected {num_columns} columns as in the lines before, received {len(cells)}: "
            f"{' '.join(cells)!r:.80}. Add what is missing, or replace blanks within a column."
        )


def _check_tag(tag: str, where: str) -> None:
    try:
        split_tag(tag)
    except SchemeError as error:
        raise DataError(
            f"{where}: {error} Correct the tag; the last two columns are the gold and the predicted tag."
        ) from error
