"""What a tagger is made of: the parts of the network by name and size."""

import reprlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tagloom.embeddings.embedding import Embedding, parted
from tagloom.errors import BundleError, ConfigError

ALGORITHMS: Mapping[str, Mapping[str, str]] = {
    "bilstm-softmax": {"characters": "none", "decoder": "softmax"},
    "bilstm-crf": {"characters": "none", "decoder": "crf"},
    "bilstm-cnn": {"characters": "cnn", "decoder": "softmax"},
    "bilstm-cnn-crf": {"characters": "cnn", "decoder": "crf"},
    "bilstm-lstm-crf": {"characters": "lstm", "decoder": "crf"},
    "transformer-softmax": {"characters": "none", "decoder": "softmax"},
    "transformer-crf": {"characters": "none", "decoder": "crf"},
}
"""In order, from the second: Huang et al. 2015, Chiu & Nichols 2016, Ma & Hovy 2016, Lample et al. 2016, Devlin et al.
2019."""

FINE_TUNED = ("transformer-softmax", "transformer-crf")
"""Those that train the transformer itself, and have no BiLSTM on it."""

CHARACTERS = ("none", "cnn", "lstm")
DECODERS = ("crf", "softmax")
CHOICES: Mapping[str, tuple[str, ...]] = {"characters": CHARACTERS, "decoder": DECODERS}

KERNEL_INITIALIZERS = (
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "orthogonal",
    "random_uniform",
    "random_normal",
)
"""By Keras's names: those that a training may begin with."""

SIZES: Mapping[str, tuple[int, int]] = {
    "character_width": (1, 1024),
    "character_units": (1, 1024),
    "casing_width": (0, 256),
    "units": (1, 4096),
    "layers": (0, 8),
}
"""Least and most of each whole number."""

SHARES: Mapping[str, tuple[float, float]] = {"dropout": (0, 0.95), "recurrent_dropout": (0, 0.95)}
"""Least and most of each share."""

WINDOW = 3
"""Characters that a filter of the character CNN sees at once (Ma & Hovy 2016, table 1)."""

_LONGEST_NAME = 1000  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Architecture:
    """The parts of the network.

    Args:
        embeddings: what each word is looked up in, such as `learned:100`, as `embedding.joined` has them.
        characters: encoder of a word's characters, one of `CHARACTERS`.
        character_width: width of a character's vector.
        character_units: filters of the CNN, or units of the LSTM per direction.
        casing_width: width of the vector that says how a word is written; 0 for none.
        units: LSTM units per direction.
        layers: BiLSTM layers; 0 where emissions come from the vectors themselves.
        dropout: share of the LSTM's inputs and outputs, and of characters' vectors, that a step leaves out.
        recurrent_dropout: share of state units that a step leaves out on their way to the next word.
        kernel_initializer: how input matrices begin, by Keras's names.
        decoder: what makes tags of emissions, one of `DECODERS`.
    """

    embeddings: str = "learned:100"
    characters: str = "cnn"
    character_width: int = 30
    character_units: int = 50
    casing_width: int = 8
    units: int = 100
    layers: int = 1
    dropout: float = 0.5
    recurrent_dropout: float = 0.0
    kernel_initializer: str = "glorot_uniform"
    decoder: str = "crf"

    @property
    def parts(self) -> tuple[Embedding, ...]:
        """The embeddings, one behind the other in a word's vector."""
        return parted(self.embeddings)

    @property
    def tables(self) -> tuple[Embedding, ...]:
        """Those of the embeddings that are tables of words."""
        return tuple(part for part in self.parts if not part.is_contextual)

    @property
    def context(self) -> Embedding | None:
        """That of the embeddings which reads sentences; None where none does."""
        return next((part for part in self.parts if part.is_contextual), None)

    @property
    def embedding_width(self) -> int:
        """Width of what all embeddings give."""
        return sum(embedding.width for embedding in self.parts)

    @property
    def character_vector_width(self) -> int:
        """Width of what the characters of a word give."""
        return {"none": 0, "cnn": 1, "lstm": 2}[self.characters] * self.character_units

    @property
    def word_vector_width(self) -> int:
        """Width of a word's vector as the first BiLSTM reads it."""
        return self.embedding_width + self.casing_width + self.character_vector_width

    @property
    def state_width(self) -> int:
        """Width of what emissions come from."""
        return 2 * self.units if self.layers else self.word_vector_width

    def to_json(self) -> dict[str, Any]:
        """Its fields by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Any) -> "Architecture":
        """The architecture that `to_json` wrote.

        Raises:
            BundleError: an entry is missing, unknown, of another kind or out of its range.
        """
        names = {field.name for field in fields(cls)}
        if not isinstance(content, dict) or set(content) != names:
            received = sorted(content) if isinstance(content, dict) else content
            raise BundleError(f"architecture: expected the entries {sorted(names)}, received {reprlib.repr(received)}.")
        for name, value in content.items():
            _check(name, value)
        return cls(**content)


def _check(name: str, value: Any) -> None:
    if name in SIZES:
        lowest, highest = SIZES[name]
        _expect(name, value, type(value) is int and lowest <= value <= highest, f"{lowest} to {highest}")
    elif name in SHARES:
        least, most = SHARES[name]
        _expect(name, value, type(value) in (int, float) and least <= value <= most, f"{least} to {most}")
    elif name in CHOICES:
        _expect(name, value, value in CHOICES[name], f"one of {', '.join(CHOICES[name])}")
    else:
        _expect(name, value, isinstance(value, str) and len(value) <= _LONGEST_NAME, "a name")
        if name == "embeddings":
            _check_embeddings(value)


def _check_embeddings(value: str) -> None:
    try:
        contextual = [part for part in parted(value) if part.is_contextual]
        _expect("embeddings", value, len(contextual) <= 1, "one that reads sentences at most")
    except ConfigError as error:
        raise BundleError(f"architecture: {error}") from error


def _expect(name: str, received: Any, holds: bool, expected: str) -> None:
    if not holds:
        raise BundleError(f"architecture: {name}: expected {expected}, received {reprlib.repr(received)}.")
