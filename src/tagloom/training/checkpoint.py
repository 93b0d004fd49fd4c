"""Where a training can go on from: weights, optimizers, position and history, whole or not there at all."""

from pathlib import Path
from typing import Any

from tagloom.errors import TrainingError
from tagloom.evaluation.history import EpochRecord
from tagloom.training.checkpoint_files import OPTIMIZER, WEIGHTS, keep_checkpoint, read_checkpoint
from tagloom.training.optimizer_state import optimizer_tensors, restore_optimizer
from tagloom.training.trainer import Trainer

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


def restore_checkpoint(trainer: Trainer, checkpoint: Path) -> None:
    """Brings a fresh trainer of the same config and data to where the checkpoint was.

    Raises:
        TrainingError: it is of other data or another network, or cannot be read.
    """
    names = (WEIGHTS, OPTIMIZER) if trainer.average is None else (WEIGHTS, OPTIMIZER, MEANS)
    state, (weights, optimizer, *means) = read_checkpoint(checkpoint, names)
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
        trainer.average.restore(means[0])
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
