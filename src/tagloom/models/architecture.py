"""What a tagger is made of: the parts of the network by name and size."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tagloom.errors import ConfigError

ALGORITHMS: Mapping[str, Mapping[str, str]] = {
    "bilstm-softmax": {"characters": "none", "decoder": "softmax"},
    "bilstm-crf": {"characters": "none", "decoder": "crf"},
    "bilstm-cnn": {"characters": "cnn", "decoder": "softmax"},
    "bilstm-cnn-crf": {"characters": "cnn", "decoder": "crf"},
    "bilstm-lstm-crf": {"characters": "lstm", "decoder": "crf"},
}
"""In order, from the second: Huang et al. 2015, Chiu & Nichols 2016, Ma & Hovy 2016, Lample et al. 2016."""

CHARACTERS = ("none", "cnn", "lstm")
DECODERS = ("crf", "softmax")


@dataclass(frozen=True, kw_only=True, slots=True)
class Architecture:
    """The parts of the network.

    Args:
        embeddings: what each word is looked up in, such as `learned:100`.
        characters: encoder of a word's characters, one of `CHARACTERS`.
        character_width: width of a character's vector.
        character_units: filters of the CNN, or units of the LSTM per direction.
        casing_width: width of the vector that says how a word is written; 0 for none.
        units: LSTM units per direction.
        layers: BiLSTM layers.
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
    def character_vector_width(self) -> int:
        """Width of what the characters of a word give."""
        return {"none": 0, "cnn": 1, "lstm": 2}[self.characters] * self.character_units

    def to_json(self) -> dict[str, Any]:
        """Its fields by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Architecture":
        """The architecture that `to_json` wrote.

        Raises:
            ConfigError: a field is missing or unknown.
        """
        names = {field.name for field in fields(cls)}
        if set(content) != names:
            raise ConfigError(f"architecture: expected {sorted(names)}, received {sorted(content)}.")
        return cls(**content)
