"""The strings that name embeddings: a kind, a colon and what the kind needs; several joined with ` + `."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tagloom.embeddings.embedding import (
    DISTILLED,
    ELMO,
    LEARNED,
    SEPARATOR,
    TRANSFORMER,
    VECTORS,
    WIDTHS,
    Embedding,
    is_width,
)
from tagloom.embeddings.paths import expanded, is_there
from tagloom.errors import ConfigError

MINILM = "minilm"
"""The transformer that comes as a package, and needs no network."""

KINDS: Mapping[str, str] = {
    LEARNED: "learned:100",
    VECTORS: "vectors:FILE",
    MINILM: "minilm",
    TRANSFORMER: "transformer:NAME_OR_FOLDER",
    DISTILLED: "distilled:NAME_OR_FOLDER:128",
    ELMO: "elmo:FOLDER",
}
"""Each kind as it is written."""

PRETRAINED = (MINILM, VECTORS, TRANSFORMER, DISTILLED, ELMO)
"""Kinds that know more words than a training part."""

_TOLD: Mapping[str, str] = {
    LEARNED: f"{KINDS[LEARNED]} (the width, {WIDTHS[0]} to {WIDTHS[1]})",
    VECTORS: f"{KINDS[VECTORS]} (of GloVe, word2vec or fastText)",
    MINILM: f"{KINDS[MINILM]} (which needs no network)",
    TRANSFORMER: f"{KINDS[TRANSFORMER]} (of Hugging Face's hub, or saved by transformers)",
    DISTILLED: f"{KINDS[DISTILLED]} (static vectors taken from a transformer, and their width)",
    ELMO: f"{KINDS[ELMO]} (with options.json and weights.hdf5)",
}


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """One embedding as it was asked for.

    Args:
        kind: a key of `KINDS`.
        argument: what stands behind the colon: of a learned embedding its width, of vectors their file, of a
            transformer its name or folder, of an ELMo its folder, of `minilm` nothing.

    Raises:
        ConfigError: the width is not a whole number within its bounds, or what is needed is not named.
    """

    kind: str
    argument: str

    def __post_init__(self) -> None:
        if not self._fits():
            raise ConfigError(f"embeddings: received {self}, expected {_TOLD[self.kind]}.")

    def __str__(self) -> str:
        return self.kind if self.kind == MINILM and not self.argument else f"{self.kind}:{self.argument}"

    @property
    def is_contextual(self) -> bool:
        """Whether its vectors depend on a word's sentence."""
        return self.is_transformer or self.kind == ELMO

    @property
    def is_transformer(self) -> bool:
        """Whether it is a transformer that reads sentences, which can be trained too."""
        return self.kind in (MINILM, TRANSFORMER)

    @property
    def source(self) -> str:
        """Of a distilled embedding, the name or folder of its transformer."""
        return self.argument.rpartition(":")[0]

    @property
    def width(self) -> int:
        """Of a learned or distilled embedding, its width."""
        return int(self.argument.rpartition(":")[2])

    def located(self, base: Path) -> "EmbeddingChoice":
        """The same with the whole path of its file or folder, where there is such a one within the base.

        A path that would be read as two embeddings is left as it was named.

        Raises:
            DataError: nobody has the home folder that it names.
        """
        name, width = (self.source, f":{self.width}") if self.kind == DISTILLED else (self.argument, "")
        if self.kind in (LEARNED, MINILM) or name == MINILM:
            return self
        path = base / expanded(name)
        return replace(self, argument=f"{path}{width}") if is_there(path) and SEPARATOR not in str(path) else self

    def _fits(self) -> bool:
        if self.kind == LEARNED:
            return is_width(self.argument)
        if self.kind == DISTILLED:
            return bool(self.source) and is_width(self.argument.rpartition(":")[2])
        return bool(self.argument) == (self.kind != MINILM)

    def learned(self) -> Embedding:
        """What comes of a learned embedding, whose width is all that it needs."""
        return Embedding(LEARNED, "", self.width)


def parse_embeddings(names: str | Sequence[str]) -> tuple[EmbeddingChoice, ...]:
    """The embeddings that a string (or a list of strings) names.

    Raises:
        ConfigError: a kind is not known, none is named, or more than one reads sentences.

    Example:
        >>> parse_embeddings("learned:100")
        (EmbeddingChoice(kind='learned', argument='100'),)
    """
    parts = names.split(SEPARATOR) if isinstance(names, str) else list(names)
    choices = tuple(_parse_one(part) for part in parts)
    contextual = [str(choice) for choice in choices if choice.is_contextual]
    if len(contextual) > 1:
        raise ConfigError(
            f"embeddings: expected one that reads sentences at most, received {' and '.join(contextual)}."
        )
    return choices


def located(names: str, base: Path) -> str:
    """The embeddings that a string names, with the whole paths of files and folders.

    Args:
        names: the string.
        base: the folder from which it names them.

    Raises:
        ConfigError: it names none.
        DataError: nobody has a home folder that is named.

    Example:
        >>> located("learned:50 + transformer:nobody/nothing", Path("/reviews"))
        'learned:50 + transformer:nobody/nothing'
    """
    return SEPARATOR.join(str(choice.located(base)) for choice in parse_embeddings(names))


def _parse_one(name: str) -> EmbeddingChoice:
    kind, _, argument = name.strip().partition(":")
    if kind not in KINDS:
        raise ConfigError(f"embeddings: received {name!r}, expected one of: {', '.join(_TOLD.values())}.")
    return EmbeddingChoice(kind, argument)
