"""What an ELMo is trained with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from tagloom.embeddings.elmo.options import ElmoOptions
from tagloom.errors import ConfigError
from tagloom.runs.options import Number, Option, Whole

_FILTERS = ((1, 32), (2, 32), (3, 64), (4, 128))
_CLIP = 3.0  # of cells and outputs, as published


@dataclass(frozen=True, kw_only=True, slots=True)
class ElmoSettings:
    """Sizes and rules of a training; small enough for two processors.

    Args:
        units: of an LSTM's cell.
        projection: numbers of a state; each way, so that a vector is twice as wide.
        layers: LSTM layers each way.
        vocabulary_size: words that the language models tell apart, the most frequent; others count as one unknown word.
        negative_samples: words that the right one is held against at each step, drawn by frequency.
        batch_size: stretches of text that are read beside each other.
        unroll_steps: words of each that are read before the weights change.
        epochs: times that the text is gone through.
        learning_rate: of Adam, at the start; it falls to nothing in a straight line.
        dropout: share of each layer's inputs that a step leaves out.
        clip_norm: gradients longer than this are shortened to it.
        seed: of weights, order and chance.
        threads: of the processor; 0 for all that this process may use.

    Raises:
        ConfigError: a value is not one that its option takes.
    """

    units: int = 256
    projection: int = 64
    layers: int = 2
    vocabulary_size: int = 20_000
    negative_samples: int = 2_048
    batch_size: int = 64
    unroll_steps: int = 20
    epochs: int = 2
    learning_rate: float = 0.002
    dropout: float = 0.1
    clip_norm: float = 10.0
    seed: int = 13
    threads: int = 0

    def __post_init__(self) -> None:
        for name, option in SETTINGS.items():
            object.__setattr__(self, name, option.checked(name, getattr(self, name)))

    @classmethod
    def from_json(cls, content: Any) -> "ElmoSettings":
        """The settings that `to_json` wrote.

        Raises:
            ConfigError: they are others.
        """
        if not isinstance(content, dict) or set(content) != set(SETTINGS):
            raise ConfigError(f"expected the settings {', '.join(SETTINGS)}, received others.")
        return cls(**content)

    def with_settings(self, settings: Mapping[str, Any]) -> "ElmoSettings":
        """These settings in place of those of the same names.

        Raises:
            ConfigError: a name is not known, or a value does not fit.
        """
        for name in settings:
            if name not in SETTINGS:
                raise ConfigError(f"option {name!r}: there is none of that name. Known are {', '.join(SETTINGS)}.")
        return replace(self, **settings)

    def to_json(self) -> dict[str, Any]:
        """Every setting by name."""
        return asdict(self)

    def options(self) -> ElmoOptions:
        """The sizes of the network."""
        return ElmoOptions(
            character_width=16,
            longest_word=30,
            filters=_FILTERS,
            activation="relu",
            highways=1,
            layers=self.layers,
            units=self.units,
            projection=self.projection,
            cell_clip=_CLIP,
            projection_clip=_CLIP,
            skips=True,
        )


SETTINGS: Mapping[str, Option] = {
    "units": Whole(1, 8192),
    "projection": Whole(1, 1024),
    "layers": Whole(1, 4),
    "vocabulary_size": Whole(10, 1_000_000),
    "negative_samples": Whole(1, 100_000),
    "batch_size": Whole(1, 4096),
    "unroll_steps": Whole(2, 1000),
    "epochs": Whole(1, 1000),
    "learning_rate": Number(1e-7, 1),
    "dropout": Number(0, 0.9),
    "clip_norm": Number(1e-3, 1e6),
    "seed": Whole(0, 2**32 - 1),
    "threads": Whole(0, 1024),
}
"""What each takes."""
