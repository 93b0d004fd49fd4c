"""A trained model as values: what is in a bundle once it has been read and found sound."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.architecture import Architecture
from tagloom.bundle.encoder_files import EncoderFiles
from tagloom.bundle.format import FLOAT32
from tagloom.features.vocabulary import Vocabulary

TRAINED_WITH = "trained_with"
"""The option that names what trained a model, where that was not Tagloom."""


@dataclass(frozen=True)
class Bundle:
    """A trained model.

    Args:
        labels: what it tells apart, in the order of its tags.
        scheme: name of the scheme that its tags are in, BIO or BIOES.
        tokenizer: name of the tokenizer that it was trained to read text with.
        algorithm: name of the preset that it was trained as.
        architecture: parts and sizes of the network.
        training: the options that it was trained with; of a model that Tagloom did not train, `TRAINED_WITH` says what
            did.
        vocabulary: words and characters, and under which form words are looked up.
        network: vectors to emissions, an ONNX model.
        characters: characters to vectors, an ONNX model; None where characters are not looked at.
        weights: every trained tensor by name.
        report: how it was judged; empty before it was.
        temperature: what scores are divided by before they become probabilities; 1 before calibration.
        precision: in which the network computes, one of `format.PRECISIONS`.
        encoder: a transformer that reads sentences; None where none does.
    """

    labels: tuple[str, ...]
    scheme: str
    tokenizer: str
    algorithm: str
    architecture: Architecture
    training: Mapping[str, Any]
    vocabulary: Vocabulary
    network: bytes
    characters: bytes | None
    weights: Mapping[str, NDArray[np.float32]]
    report: Mapping[str, Any]
    temperature: float = 1.0
    precision: str = FLOAT32
    encoder: EncoderFiles | None = None

    @property
    def trained_with(self) -> str | None:
        """What trained it, such as `Keras 3.15.1 (jax)`; None where that was Tagloom."""
        name = self.training.get(TRAINED_WITH)
        return None if name is None else str(name)
