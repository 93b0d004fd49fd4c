"""An encoder as part of a bundle: its network, its tokenizer where it is a transformer, and how both are used."""

import reprlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tagloom.bundle.format import ENCODER, TOKENIZER
from tagloom.embeddings.encoders.encoder import POOLINGS
from tagloom.errors import BundleError

_MOST = 100_000
_LEAST: Mapping[str, int] = {"layers": 1, "longest": 4, "window": 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class EncoderForm:
    """How an encoder is used.

    Args:
        layers: the last ones, whose mix was learned.
        longest: what its network reads at once: subwords of a stretch, or characters of a word.
    """

    layers: int
    longest: int

    def to_json(self) -> dict[str, Any]:
        """Its fields by name."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class TransformerForm(EncoderForm):
    """How a transformer is used, whose network takes subwords.

    Args:
        pooling: which subwords a word's vector comes from, one of `POOLINGS`.
    """

    pooling: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ElmoForm(EncoderForm):
    """How an ELMo is used, whose network takes characters.

    Args:
        window: characters that its widest filter looks at.
    """

    window: int


def form_from_json(content: Any) -> EncoderForm:
    """The form that `to_json` wrote.

    Raises:
        BundleError: an entry is missing, unknown, of another kind or out of its range.
    """
    for form in (TransformerForm, ElmoForm):
        if isinstance(content, dict) and set(content) == {field.name for field in fields(form)} and _fits(content):
            return form(**content)
    raise BundleError(f"encoder: expected layers, longest and pooling (or window), received {reprlib.repr(content)}.")


def _fits(content: Mapping[str, Any]) -> bool:
    numbers = {name: value for name, value in content.items() if name in _LEAST}
    if not all(type(value) is int and _LEAST[name] <= value <= _MOST for name, value in numbers.items()):
        return False
    return content.get("pooling", POOLINGS[0]) in POOLINGS and numbers.get("window", 1) <= numbers["longest"]


@dataclass(frozen=True)
class EncoderFiles:
    """An encoder.

    Args:
        network: an ONNX model that gives `states` float32 (batch, length, width).
        form: how it is used.
    """

    network: bytes
    form: EncoderForm

    def members(self) -> dict[str, bytes]:
        """The files by their names in a bundle."""
        return {ENCODER: self.network}


@dataclass(frozen=True)
class TransformerFiles(EncoderFiles):
    """A transformer, whose network takes `numbers` and `mask`, int64 (batch, length).

    Args:
        network: an ONNX model.
        form: how it is used.
        tokenizer: a `tokenizer.json` that cuts and pads nothing.
    """

    form: TransformerForm
    tokenizer: bytes

    def members(self) -> dict[str, bytes]:
        """The files by their names in a bundle."""
        return {**super().members(), TOKENIZER: self.tokenizer}


@dataclass(frozen=True)
class ElmoFiles(EncoderFiles):
    """An ELMo, whose network takes what `bundle.elmo_network` says.

    Args:
        network: an ONNX model.
        form: how it is used.
    """

    form: ElmoForm
