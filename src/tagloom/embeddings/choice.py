"""The strings that name embeddings: a kind, a colon and what the kind needs; several joined with ` + `."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tagloom.embeddings.embedding import LEARNED, VECTORS, WIDTHS, Embedding, is_width
from tagloom.errors import ConfigError

KINDS: Mapping[str, str] = {LEARNED: "learned:100", VECTORS: "vectors:FILE"}
"""Each kind as it is written."""

PRETRAINED = (VECTORS,)
"""Kinds that know more words than a training part."""

_TOLD: Mapping[str, str] = {
    LEARNED: f"{KINDS[LEARNED]} (the width, {WIDTHS[0]} to {WIDTHS[1]})",
    VECTORS: f"{KINDS[VECTORS]} (of GloVe, word2vec or fastText)",
}

_SEPARATOR = " + "


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """One embedding as it was asked for.

    Args:
        kind: a key of `KINDS`.
        argument: what stands behind the colon: of a learned embedding its width, of vectors their file.

    Raises:
        ConfigError: the width is not a whole number within its bounds, or the file is not named.
    """

    kind: str
    argument: str

    def __post_init__(self) -> None:
        if not (is_width(self.argument) if self.kind == LEARNED else self.argument):
            raise ConfigError(f"embeddings: received {self}, expected {_TOLD[self.kind]}.")

    def __str__(self) -> str:
        return f"{self.kind}:{self.argument}"

    def learned(self) -> Embedding:
        """What comes of a learned embedding, whose width is all that it needs."""
        return Embedding(LEARNED, "", int(self.argument))


def parse_embeddings(names: str | Sequence[str]) -> tuple[EmbeddingChoice, ...]:
    """The embeddings that a string (or a list of strings) names.

    Raises:
        ConfigError: a kind is not known, or none is named.

    Example:
        >>> parse_embeddings("learned:100")
        (EmbeddingChoice(kind='learned', argument='100'),)
    """
    parts = names.split(_SEPARATOR) if isinstance(names, str) else list(names)
    return tuple(_parse_one(part) for part in parts)


def _parse_one(name: str) -> EmbeddingChoice:
    kind, _, argument = name.strip().partition(":")
    if kind not in KINDS:
        raise ConfigError(f"embeddings: received {name!r}, expected one of: {', '.join(_TOLD.values())}.")
    return EmbeddingChoice(kind, argument)
