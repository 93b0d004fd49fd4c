"""The embeddings that trainings of a workbench may use: by names of this table, and never by a path or an address."""

from collections.abc import Mapping
from dataclasses import dataclass

from tagloom.embeddings.choice import parse_embeddings
from tagloom.errors import ConfigError


@dataclass(frozen=True, slots=True)
class OfferedEmbedding:
    """An embedding that is offered.

    Args:
        title: for people.
        help: what it is, in a line.
        widths: the least and the greatest that may be chosen.
        width: by default.
    """

    title: str
    help: str
    widths: tuple[int, int]
    width: int


OFFERED: Mapping[str, OfferedEmbedding] = {
    "learned": OfferedEmbedding("learned from text", "Numbers for each word of the train part.", (1, 4096), 100),
}
"""Each by its kind, as `tagloom.embeddings` names it; it stands in options as `KIND:WIDTH`."""


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
