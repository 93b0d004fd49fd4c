"""The embeddings that trainings of a workbench may use: learned ones, MiniLM, and what its owner has put into a folder.

A request chooses from this list, and never names a path or an address of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tagloom.embeddings.choice import MINILM, parse_embeddings
from tagloom.embeddings.elmo.elmo_folder import is_elmo
from tagloom.embeddings.embedding import DISTILLED, ELMO, LEARNED, SEPARATOR, TRANSFORMER, VECTORS, WIDTHS
from tagloom.embeddings.encoders.model_folder import has_minilm, is_transformer
from tagloom.embeddings.vectors.opening import looks_like_vectors
from tagloom.errors import ConfigError

_VECTOR_FILES = (".txt", ".vec", ".bin", ".gz")
_DISTILLED_WIDTHS = (16, 256)


@dataclass(frozen=True, slots=True)
class OfferedEmbedding:
    """An embedding, or several together, that is offered.

    Args:
        title: for people.
        help: what it is, in a line.
        widths: the least and the greatest that may be chosen, behind its last colon; None where it has its own.
        width: by default; None where it has its own.
    """

    title: str
    help: str
    widths: tuple[int, int] | None = None
    width: int | None = None


Offered = Mapping[str, OfferedEmbedding]
"""What is offered, by what options have before `:WIDTH`, or as a whole where it has its own width."""

_LEARNED = OfferedEmbedding("learned from text", "Numbers for each word of the train part.", WIDTHS, 100)


def offered_embeddings(folder: Path) -> Offered:
    """What is offered.

    Args:
        folder: of the owner's files of vectors, transformers and ELMos; trainings work in the folder above it.
    """
    offered = {LEARNED: _LEARNED, **dict(_encoders(MINILM, "MiniLM"))} if has_minilm() else {LEARNED: _LEARNED}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or SEPARATOR in path.name:
            continue
        place = f"./{folder.name}/{path.name}"  # what begins so is a folder, and never a name of the hub
        if is_transformer(path):
            offered |= dict(_encoders(f"{TRANSFORMER}:{place}", path.name))
        elif is_elmo(path):
            told = "Numbers for each word in its sentence, from an ELMo: slower, better."
            offered |= dict(_beside_learned(f"{ELMO}:{place}", path.name, told))
        elif path.is_file() and path.suffix in _VECTOR_FILES and looks_like_vectors(path):
            offered |= dict(_beside_learned(f"{VECTORS}:{place}", path.name, "Ready-made numbers for words."))
    return offered


def expect_offered(embeddings: str, offered: Offered) -> None:
    """Lets pass what names offered embeddings alone, in any combination.

    Raises:
        ConfigError: it names another one, or none.

    Example:
        >>> expect_offered("learned:50", {"learned": OfferedEmbedding("learned from text", "", (1, 4096), 100)})
    """
    for choice in parse_embeddings(embeddings):
        if not _is_offered(str(choice), offered):
            raise ConfigError(
                f"option embeddings: received {str(choice)!r}, expected one that is offered here: {', '.join(offered)}."
            )


def _is_offered(name: str, offered: Offered) -> bool:
    base, _, width = name.rpartition(":")
    if base in offered and (bounds := offered[base].widths):
        return width.isascii() and width.isdecimal() and bounds[0] <= int(width) <= bounds[1]
    return name in offered and offered[name].widths is None


def _encoders(name: str, title: str) -> Iterator[tuple[str, OfferedEmbedding]]:
    """A transformer as it is, beside learned vectors, and static vectors taken from it."""
    yield from _beside_learned(
        name, title, "Numbers for each word in its sentence, from a transformer: slower, better."
    )
    source = name.removeprefix(f"{TRANSFORMER}:")
    help_ = "Numbers for each word alone, taken from a transformer once: as fast as learned ones."
    yield f"{DISTILLED}:{source}", OfferedEmbedding(f"{title}, distilled", help_, _DISTILLED_WIDTHS, 128)


def _beside_learned(name: str, title: str, help_: str) -> Iterator[tuple[str, OfferedEmbedding]]:
    yield name, OfferedEmbedding(title, help_)
    both = f"{name}{SEPARATOR}{LEARNED}"
    yield both, OfferedEmbedding(f"{title}, and learned from text", help_, WIDTHS, 50)
