"""Options that go together, by a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.embeddings.choice import KINDS, parse_embeddings
from tagloom.embeddings.embedding import ELMO
from tagloom.errors import ConfigError
from tagloom.runs.config import TrainingConfig
from tagloom.runs.options import AUTO


@dataclass(frozen=True, slots=True)
class Preset:
    """Options that go together.

    Args:
        help: what they are, in a line.
        embedding: the kind that they are for, which names a file or folder of its own.
        options: of a training.
    """

    help: str
    embedding: str
    options: Mapping[str, Any]


PRESETS: Mapping[str, Preset] = {
    "elmo-512": Preset(
        help="a BiLSTM with a CRF over an ELMo, 512 wide in tutorials",
        embedding=ELMO,
        options={
            "algorithm": "bilstm-crf",
            "units": 100,
            "batch_size": AUTO,
            "learning_rate": 0.001,
            "schedule": "constant",
            "epochs": 25,
            "optimizer": "adam",
            "loss": "crf",
        },
    ),
}
"""Each by its name."""


def told_presets() -> str:
    """Each preset with what it is."""
    return "; ".join(f"{name}: {preset.help}" for name, preset in PRESETS.items())


def preset_config(name: str, options: Mapping[str, Any]) -> TrainingConfig:
    """The options of a preset, with these in their place or beside them.

    Args:
        name: of the preset.
        options: among them the embedding.

    Raises:
        ConfigError: there is no such preset, its embedding is not named, or an option does not fit.
    """
    if name not in PRESETS:
        raise ConfigError(f"preset: received {name!r}, expected {', '.join(PRESETS)}.")
    preset = PRESETS[name]
    config = TrainingConfig().with_options({**preset.options, **options})
    if all(choice.kind != preset.embedding for choice in parse_embeddings(config.embeddings)):
        raise ConfigError(
            f"preset {name}: expected the embedding {KINDS[preset.embedding]}, received {config.embeddings}. "
            f"Name it: --embedding {KINDS[preset.embedding]}."
        )
    return config
