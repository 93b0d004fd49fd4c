"""How much of a corpus a file of vectors knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.features.word_index import FOLDED, HASHED, LOWER, SURFACE

_HOW: Mapping[str, str] = {
    SURFACE: "as written",
    LOWER: "in lower case",
    FOLDED: "in lower case with zeros for digits",
    HASHED: "with # for digits",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a corpus a file of vectors knows.

    Args:
        name: of the embedding.
        num_words: of the corpus.
        num_different: of these, as they are written.
        different_found: how many of the different words were found under each form, in the order of trying.
        found: how many of all words.
    """

    name: str
    num_words: int
    num_different: int
    different_found: Mapping[str, int]
    found: int

    @property
    def share(self) -> float:
        """Of the words that have a vector, 0 to 1."""
        return self.found / self.num_words if self.num_words else 0.0

    def __str__(self) -> str:
        different = sum(self.different_found.values())
        how = ", ".join(f"{number:,} {_HOW[form]}" for form, number in self.different_found.items() if number)
        return (
            f"{self.name}: {self.share:.1%} of {self.num_words:,} words have a vector; "
            f"{different:,} of {self.num_different:,} different ones" + (f" ({how})." if how else ".")
        )

    def to_json(self) -> dict[str, Any]:
        """Its figures by name."""
        return {
            "name": self.name,
            "words": self.num_words,
            "found": self.found,
            "different": self.num_different,
            "different_found": dict(self.different_found),
        }
