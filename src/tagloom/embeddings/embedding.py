"""The embeddings that a model has: of what kind, made from what, how wide."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.errors import ConfigError

LEARNED, VECTORS, DISTILLED, TRANSFORMER, ELMO = "learned", "vectors", "distilled", "transformer", "elmo"
KINDS = LEARNED, VECTORS, DISTILLED, TRANSFORMER, ELMO

CONTEXTUAL = TRANSFORMER, ELMO
"""Those whose vectors depend on a word's sentence; the others are tables of words."""

WIDTHS = (1, 4096)
"""Least and most numbers of a vector."""

SEPARATOR = " + "
"""What stands between embeddings in one string."""

_LONGEST_NAME = 100  # characters


@dataclass(frozen=True, slots=True)
class Embedding:
    """One embedding of a model.

    Args:
        kind: one of `KINDS`.
        name: of what it was made from, such as a file without its folder; empty where that is nothing.
        width: numbers of a vector.
    """

    kind: str
    name: str
    width: int

    @property
    def is_contextual(self) -> bool:
        """Whether its vectors depend on a word's sentence."""
        return self.kind in CONTEXTUAL

    def __str__(self) -> str:
        name = self.name.replace(SEPARATOR, "+")[-_LONGEST_NAME:]
        return ":".join(part for part in (self.kind, name, str(self.width)) if part)


def joined(embeddings: Sequence[Embedding]) -> str:
    """The embeddings of a model in one string.

    Example:
        >>> joined([Embedding("learned", "", 50), Embedding("vectors", "glove.6B.100d.txt", 100)])
        'learned:50 + vectors:glove.6B.100d.txt:100'
    """
    return SEPARATOR.join(map(str, embeddings))


def parted(string: str) -> tuple[Embedding, ...]:
    """The embeddings that `joined` put into a string.

    Raises:
        ConfigError: it is none such.
    """
    return tuple(_parted(part) for part in string.split(SEPARATOR))


def is_width(text: str) -> bool:
    """Whether it is the width of a vector in digits."""
    return text.isascii() and text.isdigit() and len(text) <= 4 and WIDTHS[0] <= int(text) <= WIDTHS[1]


def _parted(part: str) -> Embedding:
    kind, _, rest = part.partition(":")
    name, _, width = rest.rpartition(":")
    if kind not in KINDS or not is_width(width) or (kind == LEARNED) != (not name):
        raise ConfigError(f"embeddings: received {part!r}, expected learned:WIDTH or KIND:NAME:WIDTH.")
    return Embedding(kind, name, int(width))
