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
from tagloom.training.trainer import Trainer

WEIGHTS, OPTIMIZER, STATE = "weights.safetensors", "optimizer.safetensors", "state.json"
MEANS = "means.safetensors"
"""Of the weights, where a training averages them."""


def save_checkpoint(trainer: Trainer, folder: Path) -> Path:
    """Writes the training's state into a folder named after its epoch and step, and removes those before it."""
    target = folder / f"{trainer.epoch:06d}-{trainer.step:08d}"
    if not target.exists():
        with whole_folder(target) as beside:
            write_bytes(beside / WEIGHTS, save(_contiguous(trainer.tagger.state_dict())))
            write_bytes(beside / OPTIMIZER, save(_contiguous(_optimizer_tensors(trainer))))
            if trainer.average is not None:
                write_bytes(beside / MEANS, save(_contiguous(trainer.average.means)))
            write_json(beside / STATE, _state(trainer))
    for other in checkpoints_in(folder):
        if other != target:
            shutil.rmtree(other)
    return target


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
    _restore_optimizer(trainer, optimizer)
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


def _contiguous(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}


def _optimizer_tensors(trainer: Trainer) -> dict[str, Tensor]:
    """What the optimizer remembers, by a flat name; rows by table, the rest by parameter."""
    tensors = {
        f"rows.{number}.{name}": memory
        for number, rows in enumerate(trainer.rows)
        for name, memory in rows.memory.items()
    }
    numbers: dict[Tensor, int] = {rows.parameter: number for number, rows in enumerate(trainer.rows)}
    names: dict[Tensor, str] = {parameter: name for name, parameter in trainer.tagger.named_parameters()}
    for parameter, state in trainer.optimizer.state.items():
        remembered = {key: value for key, value in state.items() if isinstance(value, Tensor)}
        if parameter in numbers:
            tensors |= {
                f"rows_scalar.{numbers[parameter]}.{key}": value
                for key, value in remembered.items()
                if value.dim() == 0
            }
        else:
            tensors |= {f"parameter.{names[parameter]}|{key}": value for key, value in remembered.items()}
    return tensors


def _restore_optimizer(trainer: Trainer, tensors: Mapping[str, Tensor]) -> None:
    parameters, state = dict(trainer.tagger.named_parameters()), trainer.optimizer.state
    for name, tensor in tensors.items():
        kind, _, rest = name.partition(".")
        number, _, own = rest.partition(".")
        if kind == "rows":
            trainer.rows[int(number)].memory[own] = tensor.to(trainer.device)
        elif kind == "rows_scalar":
            state[trainer.rows[int(number)].parameter][own] = _placed(tensor, trainer)
        else:
            parameter, _, key = rest.partition("|")
            state[parameters[parameter]][key] = _placed(tensor, trainer)


def _placed(tensor: Tensor, trainer: Trainer) -> Tensor:
    """On the training's device; counters of optimizers that are not fused stay with the processor."""
    is_fused = trainer.optimizer.param_groups[0].get("fused")
    return tensor.to(trainer.device) if tensor.dim() or is_fused else tensor
