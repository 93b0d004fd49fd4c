"""A text as surfaces are compared with it, and the way back to its own offsets."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from tagloom import tokenize
from tagloom.text import Token


@dataclass(frozen=True, slots=True)
class NormalText:
    """Words with one space where anything blank parts them, upper and lower case alike where that is asked for.

    Args:
        text: so written.
        begins: where a match may begin in it, and the offset in the text as it was.
        ends: where one may end, likewise.

    Example:
        >>> normal = NormalText.of("A  STRASSE", [Token(0, 1), Token(3, 10)], ignore_case=True)
        >>> normal.text, normal.begins, normal.ends
        ('a strasse', {0: 0, 2: 3}, {1: 1, 9: 10})
    """

    text: str
    begins: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, text: str, words: Iterable[Token], *, ignore_case: bool = False, whole_words: bool = True
    ) -> "NormalText":
        """The text of these words.

        Args:
            text: as it is.
            words: in order.
            ignore_case: whether case is folded, which may make a character several.
            whole_words: whether matches begin and end at the edges of words alone, or between any two characters.
        """
        pieces: list[str] = []
        begins: dict[int, int] = {}
        ends: dict[int, int] = {}
        done = position = 0
        for start, end in words:
            if start > done and pieces:
                gap = text[done:start]
                pieces.append(gap if gap.strip() and tokenize.tokens(gap) else " ")
                position += len(pieces[-1])
            units = [text[start:end]] if whole_words else list(text[start:end])
            folded = [unit.casefold() for unit in units] if ignore_case else units
            offsets = accumulate(map(len, units), initial=start)
            for unit, offset, length in zip(folded, offsets, map(len, units), strict=False):
                begins[position] = offset
                position += len(unit)
                ends[position] = offset + length
            pieces.extend(folded)
            done = end
        return cls("".join(pieces), begins, ends)
