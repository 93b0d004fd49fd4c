"""The embeddings that trainings of a workbench may use: by names of this table, and never by a path or an address."""

from collections.abc import Mapping
from dataclasses import dataclass

from tagloom.embeddings.choice import MINILM, parse_embeddings
from tagloom.embeddings.embedding import LEARNED, WIDTHS
from tagloom.embeddings.encoders.model_folder import has_minilm
from tagloom.errors import ConfigError


@dataclass(frozen=True, slots=True)
class OfferedEmbedding:
    """An embedding that is offered.

    Args:
        title: for people.
        help: what it is, in a line.
        widths: the least and the greatest that may be chosen; None where it has its own.
        width: by default; None where it has its own.
    """

    title: str
    help: str
    widths: tuple[int, int] | None
    width: int | None


_LEARNED = OfferedEmbedding("learned from text", "Numbers for each word of the train part.", WIDTHS, 100)
_MINILM = OfferedEmbedding(
    "MiniLM, pretrained",
    "384 numbers for each word in its sentence, from a transformer; slower, and better.",
    None,
    None,
)

OFFERED: Mapping[str, OfferedEmbedding] = {LEARNED: _LEARNED} | ({MINILM: _MINILM} if has_minilm() else {})
"""Each by its kind, as `tagloom.embeddings` names it; it stands in options as `KIND:WIDTH`, or as `KIND` alone."""


def expect_offered(embeddings: str) -> None:
    """Lets pass what names offered embeddings alone.

    Raises:
        ConfigError: it names another one, or none.

    Example:
        >>> expect_offered("learned:50")
    """
    for choice in parse_embeddings(embeddings):
        if choice.kind not in OFFERED:
            raise ConfigError(
                f"option embeddings: received {choice.kind!r}, expected one that is offered here: {', '.join(OFFERED)}."
            )
