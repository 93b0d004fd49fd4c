"""What documents are called in a feature set, so that whoever finds one named there finds the document."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

_DOCUMENT = re.compile(r"\bdocument ")
_BEHIND = (":", ",", " or ")
"""What stands behind the name of a document in an example of a finding."""


def different_names(named: Iterable[tuple[int, str]]) -> dict[int, str]:
    """A name for each document that no other has: its own, and where others have that too, its number behind it.

    Args:
        named: number and own name of each.

    Example:
        >>> different_names([(4, "a"), (5, "b"), (6, "b"), (7, ""), (8, "b #5")])
        {4: 'a', 5: 'b #5 #5', 6: 'b #6', 7: '#7', 8: 'b #5'}
    """
    own = dict(named)
    counts = Counter(own.values())
    taken = {name for name in own.values() if name and counts[name] == 1}
    given = {}
    for number, name in own.items():
        given[number] = name if name in taken else _numbered(number, name, taken)
        taken.add(given[number])
    return given


def _numbered(number: int, name: str, taken: set[str]) -> str:
    numbered = f"{name} #{number}".strip()
    while numbered in taken:
        numbered += f" #{number}"
    return numbered


def referring(example: str, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """An example of a finding in pieces: each a `text`, and the number of the `document` that it names.

    Args:
        example: as the checks of data write it: `train document 7: ...`.
        numbers: of the documents, by what they are called there.

    Example:
        >>> referring("document 7, dev document 7 a: D90", {"7": 1, "7 a": 2})
        [{'text': 'document 7', 'document': 1}, {'text': ', dev '}, {'text': 'document 7 a', 'document': 2}, \
{'text': ': D90'}]
    """
    pieces: list[dict[str, Any]] = []
    end = 0
    for found in _DOCUMENT.finditer(example):
        name = _name_at(example, found.end(), numbers) if found.start() >= end else None
        if name is None:
            continue
        if found.start() > end:
            pieces.append({"text": example[end : found.start()]})
        end = found.end() + len(name)
        pieces.append({"text": example[found.start() : end], "document": numbers[name]})
    return [*pieces, {"text": example[end:]}] if end < len(example) else pieces


def _name_at(example: str, start: int, numbers: Mapping[str, int]) -> str | None:
    """The longest name of a document that stands there; None where none does."""
    ends = [match.start() for sign in _BEHIND for match in re.finditer(re.escape(sign), example[start:])]
    fitting = (example[start : start + end] for end in sorted([*ends, len(example) - start], reverse=True))
    return next((name for name in fitting if name in numbers), None)


def by_name(given: Mapping[int, str]) -> dict[str, int]:
    """The number of each document, by what `different_names` calls it."""
    return {name: number for number, name in given.items()}
