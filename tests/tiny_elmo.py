"""Random ELMos of any size, written as published ones are."""

import json
from pathlib import Path
from typing import Any

from tagloom.embeddings.elmo.drawing import drawn_weights
from tagloom.embeddings.elmo.options import OPTIONS, ElmoOptions
from tagloom.embeddings.elmo.weights import WEIGHTS, write_weights

TINY: dict[str, Any] = {
    "character_width": 3,
    "longest_word": 12,
    "filters": ((1, 4), (2, 4), (3, 6)),
    "activation": "relu",
    "highways": 1,
    "layers": 2,
    "units": 10,
    "projection": 4,
    "cell_clip": 3.0,
    "projection_clip": 3.0,
    "skips": True,
}


def tiny_elmo(folder: Path, seed: int = 1, **options: Any) -> Path:
    """A folder with an ELMo of these sizes."""
    sizes = ElmoOptions(**{**TINY, **options})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / OPTIONS).write_text(json.dumps(sizes.to_json()), "utf-8")
    write_weights(folder / WEIGHTS, drawn_weights(sizes, seed))
    return folder
