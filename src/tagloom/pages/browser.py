"""Examples to go through: texts with what is right and what was found, a page at a time, by fault, label and words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

BLOCK_SIZE = 200
"""Examples that the page reads at once."""

_LAST_OF_ONE_UNIT = "\uffff"


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled stretch of an example.

    Args:
        start: code point where it begins.
        end: code point after its last.
        label: what it is.
        fault: what is wrong with it, one of the browser's; empty where it is right.
        score: how sure it is, 0 to 1; None where nobody says.
    """

    start: int
    end: int
    label: str
    fault: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and what stands in it.

    Args:
        number: of the text, from 0.
        source: where it is from.
        text: the whole text.
        right: what should have been found, in order.
        found: what was found, in order.
    """

    number: int
    source: str
    text: str
    right: Sequence[Mark]
    found: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Browser:
    """Examples, with filters and a search.

    Args:
        examples: in order.
        faults: the names of all faults, in order.
    """

    examples: Sequence[Example]
    faults: Sequence[str]
    block: ClassVar[str] = "browser"

    def labels(self) -> list[str]:
        """Every label of a mark, in order."""
        return sorted({mark.label for example in self.examples for mark in _marks(example)})

    def fault_counts(self) -> list[tuple[str, int]]:
        """Each fault, and how many examples have it."""
        counts = Counter(fault for example in self.examples for fault in {mark.fault for mark in _marks(example)})
        return [(fault, counts[fault]) for fault in self.faults]

    def label_counts(self) -> list[tuple[str, int]]:
        """Each label, and in how many examples a mark of it is faulty."""
        counts = Counter(
            label for example in self.examples for label in {mark.label for mark in _marks(example) if mark.fault}
        )
        return [(label, counts[label]) for label in self.labels()]

    def index(self) -> dict[str, Any]:
        """What filters look at: of each example a code for each fault of each label, `fault * labels + label`."""
        labels = self.labels()
        places, faults = _places(labels), _places(self.faults)
        codes = [
            sorted({faults[mark.fault] * len(labels) + places[mark.label] for mark in _marks(example) if mark.fault})
            for example in self.examples
        ]
        return {"size": BLOCK_SIZE, "labels": labels, "faults": list(self.faults), "codes": codes}

    def blocks(self) -> Iterator[list[Any]]:
        """The examples as JSON, some hundred at a time; offsets count as JavaScript does."""
        labels, faults = _places(self.labels()), {**_places(self.faults), "": -1}
        for first in range(0, len(self.examples), BLOCK_SIZE):
            yield [_row(example, labels, faults) for example in self.examples[first : first + BLOCK_SIZE]]


def _marks(example: Example) -> Iterator[Mark]:
    yield from example.right
    yield from example.found


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _row(example: Example, labels: dict[str, int], faults: dict[str, int]) -> list[Any]:
    sides = (
        [
            [
                _units(example.text, mark.start),
                _units(example.text, mark.end),
                labels[mark.label],
                faults[mark.fault],
                *([] if mark.score is None else [round(1000 * mark.score)]),
            ]
            for mark in marks
        ]
        for marks in (example.right, example.found)
    )
    return [example.number, example.source, example.text, *sides]


def _units(text: str, place: int) -> int:
    """A place in code points as one in UTF-16 units."""
    return place if text.isascii() else place + sum(sign > _LAST_OF_ONE_UNIT for sign in text[:place])
