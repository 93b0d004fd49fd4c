"""Regular expressions that a user writes: compiled with a limit on size, run with a limit on time."""

from functools import cache
from typing import Any

import regex

TIME_LIMIT = 2.0
"""Seconds that a pattern may take on one text, unless the user says otherwise."""

MAX_LENGTH, MAX_SIZE = 10_000, 100_000
"""Characters of a pattern; elements of one whose counted repeats are written out, as compiling does."""

_PIECES = regex.compile(
    r"(?P<open>\()|(?P<close>\))|\{(?P<count>\d+)(?:,\d*)?\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]|.", regex.DOTALL
)


@cache
def compiled(pattern: str, *, ignore_case: bool = False) -> Any:
    """The pattern, ready to run.

    Args:
        pattern: a regular expression as the package `regex` knows them.
        ignore_case: whether `d90` fits what says `D90`.

    Raises:
        ValueError: it is none, or so large that compiling it would not end; the message says why.

    Example:
        >>> compiled("D[0-9]+").fullmatch("D90") is not None
        True
    """
    if len(pattern) > MAX_LENGTH:
        raise ValueError(f"it has {len(pattern)} characters, and may have {MAX_LENGTH}")
    if _written_out(pattern) > MAX_SIZE:
        raise ValueError(f"its counted repeats make more than {MAX_SIZE} elements")
    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except regex.error as error:
        raise ValueError(str(error)) from error
    except (RecursionError, OverflowError) as error:
        raise ValueError("it is nested too deep") from error


def _written_out(pattern: str) -> int:
    """How many elements there are once `a{3}` is written `aaa`; `last` is the size of what a count repeats."""
    around: list[int] = []
    total = last = 0
    for piece in _PIECES.finditer(pattern):
        if piece["open"]:
            around.append(total)
            total = last = 0
        elif piece["close"]:
            last = max(total, 1)
            total = last + (around.pop() if around else 0)
        elif piece["count"]:
            times = max(int(piece["count"][:9]), 1)
            total += last * (times - 1)
            last *= times
        else:
            last = 1
            total += 1
    return total
