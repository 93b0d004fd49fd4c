"""Where a training can go on from: weights, optimizers, position and history, whole or not there at all."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from tagloom.errors import TrainingError
from tagloom.evaluation.history import EpochRecord
from tagloom.files import whole_folder, write_bytes, write_json
from tagloom.runs.run import checkpoints_in
from tagloom.training.optimizer_state import optimizer_tensors, restore_optimizer
from tagloom.training.trainer import Trainer

WEIGHTS, OPTIMIZER, STATE = "weights.safetensors", "optimizer.safetensors", "state.json"
MEANS = "means.safetensors"
"""Of the weights, where a training averages them."""


def save_checkpoint(trainer: Trainer, folder: Path) -> Path:
    """Writes the training's state into a folder named after its epoch and step, and removes those before it."""
    tensors = {
        WEIGHTS: trainer.tagger.state_dict(),
        OPTIMIZER: optimizer_tensors(trainer.optimizer, trainer.tagger, trainer.rows),
        **({} if trainer.average is None else {MEANS: trainer.average.means}),
    }
    return keep_checkpoint(folder, trainer.epoch, trainer.step, tensors, _state(trainer))


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


def _contiguous(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}


def restore_checkpoint(trainer: Trainer, checkpoint: Path) -> None:
    """Brings a fresh trainer of the same config and data to where the checkpoint was.

    Raises:
        TrainingError: it is of other data or another network, or cannot be read.
    """
    try:
        state = json.loads((checkpoint / STATE).read_text("utf-8"))
        weights, optimizer = load_file(checkpoint / WEIGHTS), load_file(checkpoint / OPTIMIZER)
        means = load_file(checkpoint / MEANS) if trainer.average is not None else {}
    except (OSError, ValueError, SafetensorError) as error:
        raise TrainingError(f"{checkpoint}: expected a checkpoint, received {error}. Begin a new run.") from error
    if state["digest"] != trainer.parts.digest:
        raise TrainingError(
            f"{checkpoint}: expected the data that the run began with, received other sentences or labels. "
            "Bring the data back as it was, or begin a new run."
        )
    try:
        trainer.tagger.load_state_dict(weights)
    except RuntimeError as error:
        raise TrainingError(
            f"{checkpoint}: expected weights of this run's network, received others. "
            "Bring config.toml back as it was, or begin a new run."
        ) from error
    restore_optimizer(trainer.optimizer, trainer.tagger, trainer.rows, optimizer)
    if trainer.average is not None:
        trainer.average.restore(means)
    trainer.epoch, trainer.step, trainer.batch_size = state["epoch"], state["step"], state["batch_size"]
    trainer.summed_loss, trainer.seconds = state["summed_loss"], state["seconds"]
    trainer.history = [EpochRecord(**record) for record in state["history"]]


def _state(trainer: Trainer) -> dict[str, Any]:
    return {
        "epoch": trainer.epoch,
        "step": trainer.step,
        "batch_size": trainer.batch_size,
        "summed_loss": trainer.summed_loss,
        "seconds": trainer.seconds,
        "digest": trainer.parts.digest,
        "history": [record.to_json() for record in trainer.history],
    }
