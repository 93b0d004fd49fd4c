"""The strings that name embeddings: a kind, a colon and what the kind needs; several joined with ` + `."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.errors import ConfigError

KINDS = {"learned": "learned:100 (the width, 1 to 4096)"}
"""Each kind with an example of how it is written."""


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """One embedding as it was asked for.

    Args:
        kind: a key of `KINDS`.
        argument: what stands behind the colon; of a learned embedding its width.

    Raises:
        ConfigError: the width is not a whole number from 1 to 4096.
    """

    kind: str
    argument: str

    def __post_init__(self) -> None:
        digits = self.argument.isascii() and self.argument.isdigit() and len(self.argument) <= 4
        if not digits or not 1 <= self.width <= 4096:
            raise ConfigError(f"embeddings: received {self.kind}:{self.argument}, expected {KINDS[self.kind]}.")

    @property
    def width(self) -> int:
        """Width of a learned embedding."""
        return int(self.argument)


def parse_embeddings(names: str | Sequence[str]) -> tuple[EmbeddingChoice, ...]:
    """The embeddings that a string (or a list of strings) names.

    Raises:
        ConfigError: a kind is not known, or none is named.

    Example:
        >>> parse_embeddings("learned:100")
        (EmbeddingChoice(kind='learned', argument='100'),)
    """
    parts = names.split(" + ") if isinstance(names, str) else list(names)
    return tuple(_parse_one(part) for part in parts)


def _parse_one(name: str) -> EmbeddingChoice:
    kind, _, argument = name.strip().partition(":")
    if kind not in KINDS:
        raise ConfigError(f"embeddings: received {name!r}, expected one of: {', '.join(KINDS.values())}.")
    return EmbeddingChoice(kind, argument)
