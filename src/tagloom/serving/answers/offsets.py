"""Offsets in what a client counts in: code points, UTF-16 (JavaScript, Java, C#) or bytes of UTF-8 (Go, Rust)."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import pairwise


class Unit(StrEnum):
    """What offsets count."""

    codepoint = "codepoint"
    utf16 = "utf16"
    byte = "byte"


_SIZES: Mapping[Unit, Callable[[str], int]] = {
    Unit.utf16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    Unit.byte: lambda text: len(text.encode("utf-8", "surrogatepass")),
}


def converted(text: str, offsets: Iterable[int], unit: Unit) -> Mapping[int, int]:
    """Each of some offsets in code points to what it is in another unit; one pass through the text.

    Example:
        >>> converted("a📷b", [0, 1, 2], Unit.utf16), converted("a📷b", [2], Unit.byte)
        ({0: 0, 1: 1, 2: 3}, {2: 5})
    """
    wanted = sorted({*offsets})
    if unit is Unit.codepoint or text.isascii():
        return {offset: offset for offset in wanted}
    size, found, total = _SIZES[unit], {}, 0
    for before, offset in pairwise([0, *wanted]):
        total += size(text[before:offset])
        found[offset] = total
    return found
