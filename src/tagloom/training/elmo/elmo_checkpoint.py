"""Where the training of an ELMo can go on from: whole, or not there at all."""

from pathlib import Path

from tagloom.errors import TrainingError
from tagloom.training.checkpoint_files import OPTIMIZER, WEIGHTS, keep_checkpoint, read_checkpoint
from tagloom.training.elmo.elmo_trainer import ElmoTrainer, LanguageModelRecord
from tagloom.training.optimizer_state import optimizer_tensors, restore_optimizer

_CARRIED = "carried.safetensors"
"""What the LSTMs go on from, within an epoch."""

_SOFTMAX = "softmax"


def save_elmo_checkpoint(trainer: ElmoTrainer, folder: Path) -> Path:
    """Writes the training's state into a folder named after its epoch and step, and removes those before it."""
    tensors = {
        WEIGHTS: {**trainer.model.state_dict(), _SOFTMAX: trainer.softmax.table},
        OPTIMIZER: optimizer_tensors(trainer.optimizer, trainer.model, [trainer.rows]),
        _CARRIED: {
            f"{kind}.{number}": values
            for number, state in enumerate(trainer.states or ())
            for kind, values in zip(("outputs", "cells"), state, strict=True)
        },
    }
    return keep_checkpoint(folder, trainer.epoch, trainer.step, tensors, _state(trainer))


def restore_elmo_checkpoint(trainer: ElmoTrainer, checkpoint: Path) -> None:
    """Brings a fresh trainer of the same settings and text to where the checkpoint was.

    Raises:
        TrainingError: it is of another text or of other settings, or cannot be read.
    """
    state, (model, optimizer, carried) = read_checkpoint(checkpoint, (WEIGHTS, OPTIMIZER, _CARRIED))
    expected = {"settings": trainer.settings.to_json(), "digest": trainer.corpus.digest}
    for name, told in (("settings", "the settings"), ("digest", "the text")):
        if state[name] != expected[name]:
            raise TrainingError(
                f"{checkpoint}: expected {told} that the training began with, received others. "
                "Bring them back as they were, or begin anew in another folder."
            )
    trainer.softmax.table.copy_(model.pop(_SOFTMAX))
    trainer.model.load_state_dict(model)
    restore_optimizer(trainer.optimizer, trainer.model, [trainer.rows], optimizer)
    numbers = range(len(carried) // 2)
    layers = [(carried[f"outputs.{number}"], carried[f"cells.{number}"]) for number in numbers]
    trainer.states = [(outputs.to(trainer.device), cells.to(trainer.device)) for outputs, cells in layers] or None
    trainer.epoch, trainer.step = state["epoch"], state["step"]
    trainer.summed_loss, trainer.seconds = state["summed_loss"], state["seconds"]
    trainer.history = [LanguageModelRecord(**record) for record in state["history"]]


def _state(trainer: ElmoTrainer) -> dict[str, object]:
    return {
        "settings": trainer.settings.to_json(),
        "epoch": trainer.epoch,
        "step": trainer.step,
        "summed_loss": trainer.summed_loss,
        "seconds": trainer.seconds,
        "digest": trainer.corpus.digest,
        "history": [record.to_json() for record in trainer.history],
    }
