"""Options that go together, by a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.embeddings.embedding import ELMO
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
