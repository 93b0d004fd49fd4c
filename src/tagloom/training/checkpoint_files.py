"""A checkpoint as files: tensors by file, and a state in JSON."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from tagloom.errors import TrainingError
from tagloom.files import whole_folder, write_bytes, write_json
from tagloom.runs.training_folder import checkpoints_in

WEIGHTS, OPTIMIZER, STATE = "weights.safetensors", "optimizer.safetensors", "state.json"


def keep_checkpoint(
    folder: Path, epoch: int, step: int, tensors: Mapping[str, Mapping[str, Tensor]], state: Mapping[str, Any]
) -> Path:
    """Writes a checkpoint, where it is not there yet, and removes those before it.

    Args:
        folder: of all checkpoints.
        epoch: that it is in.
        step: within the epoch.
        tensors: of each file.
        state: of `STATE`.
    """
    target = folder / f"{epoch:06d}-{step:08d}"
    if not target.exists():
        with whole_folder(target) as beside:
            for name, content in tensors.items():
                write_bytes(beside / name, save(_contiguous(content)))
            write_json(beside / STATE, state)
    for other in checkpoints_in(folder):
        if other != target:
            shutil.rmtree(other)
    return target


def read_checkpoint(checkpoint: Path, names: Iterable[str]) -> tuple[dict[str, Any], list[dict[str, Tensor]]]:
    """The state of a checkpoint, and the tensors of its files of these names.

    Raises:
        TrainingError: it cannot be read.
    """
    try:
        state = json.loads((checkpoint / STATE).read_text("utf-8"))
        return state, [load_file(checkpoint / name) for name in names]
    except (OSError, ValueError, SafetensorError) as error:
        raise TrainingError(f"{checkpoint}: expected a checkpoint, received {error}. Begin a new run.") from error


def _contiguous(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
