"""A transformer as part of a bundle: its network, its tokenizer, and how both are used."""

import reprlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tagloom.embeddings.encoders.encoder import POOLINGS
from tagloom.errors import BundleError

_MOST: Mapping[str, int] = {"longest": 100_000, "layers": 1000}


@dataclass(frozen=True, kw_only=True, slots=True)
class EncoderForm:
    """How an encoder is used.

    Args:
        pooling: which subwords a word's vector comes from, one of `POOLINGS`.
        longest: subwords that its network reads at once, special ones included.
        layers: the last ones, whose mix was learned.
    """

    pooling: str
    longest: int
    layers: int

    def to_json(self) -> dict[str, Any]:
        """Its fields by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Any) -> "EncoderForm":
        """The form that `to_json` wrote.

        Raises:
            BundleError: an entry is missing, unknown, of another kind or out of its range.
        """
        names = {field.name for field in fields(cls)}
        fits = (
            isinstance(content, dict)
            and set(content) == names
            and content["pooling"] in POOLINGS
            and all(type(content[name]) is int and 1 <= content[name] <= most for name, most in _MOST.items())
        )
        if not fits:
            raise BundleError(f"encoder: expected pooling, longest and layers, received {reprlib.repr(content)}.")
        return cls(**content)


@dataclass(frozen=True)
class EncoderFiles:
    """A transformer.

    Args:
        network: `numbers` and `mask` int64 (batch, length) to `states` float32 (batch, length, width), an ONNX model.
        tokenizer: a `tokenizer.json` that cuts and pads nothing.
        form: how they are used.
    """

    network: bytes
    tokenizer: bytes
    form: EncoderForm
