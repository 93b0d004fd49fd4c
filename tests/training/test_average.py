"""Averaged weights: as torch averages them, in what is measured, in the bundle, and over a stop."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from tiny_training import trainer
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from tagloom.training.bundling import bundle_of
from tagloom.training.checkpoint import restore_checkpoint, save_checkpoint
from tagloom.training.trainer import Trainer

STEPS = 3


def averaging(decay: float = 0.9, **options: Any) -> Trainer:
    return trainer(average_decay=decay, learning_rate=0.01, **options)


def learn(one: Trainer, steps: int = STEPS) -> None:
    for sentences in one.batch_order()[one.step : one.step + steps]:
        one.learn(sentences)


def weights(one: Trainer) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in one.tagger.state_dict().items()}


def test_means_are_those_of_torch() -> None:
    decay = 0.05  # below what the first steps have, so that it is the same at each
    one = averaging(decay)
    reference = AveragedModel(one.tagger, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True)
    reference.update_parameters(one.tagger)  # which copies
    for _ in range(STEPS):
        learn(one, 1)
        reference.update_parameters(one.tagger)
    with one.model_weights():
        for name, value in reference.module.state_dict().items():
            torch.testing.assert_close(weights(one)[name], value, rtol=0, atol=1e-6, msg=name)


def test_first_steps_are_forgotten_sooner() -> None:
    one = averaging(0.999)
    bias = [one.tagger.dense_bias.detach().clone()]
    for _ in range(2):
        learn(one, 1)
        bias.append(one.tagger.dense_bias.detach().clone())
    expected = (bias[0] * 1 / 10 + bias[1] * 9 / 10) * 2 / 11 + bias[2] * 9 / 11
    with one.model_weights():
        torch.testing.assert_close(one.tagger.dense_bias.detach(), expected)


def test_training_itself_goes_on_as_without() -> None:
    plain, one = trainer(learning_rate=0.01), averaging()
    for each in (plain, one):
        learn(each)
        each.end_epoch()
        learn(each)
    for name, value in weights(plain).items():
        torch.testing.assert_close(weights(one)[name], value, rtol=0, atol=0, msg=name)


def test_dev_part_and_bundle_have_the_means() -> None:
    one = averaging()
    learn(one)
    last = one.measure(one.parts.dev)
    with one.model_weights():
        expected, means = one.measure(one.parts.dev), weights(one)
    assert one.end_epoch().dev == expected != last
    bundle = bundle_of(one)
    for name, value in bundle.weights.items():
        np.testing.assert_array_equal(value, means[name].numpy(), err_msg=name)
    assert not np.array_equal(bundle.weights["dense_bias"], one.tagger.dense_bias.detach().numpy())


def test_a_stop_changes_nothing(tmp_path: Path) -> None:
    whole, begun, resumed = averaging(), averaging(), averaging()
    learn(whole)
    learn(begun, 2)
    restore_checkpoint(resumed, save_checkpoint(begun, tmp_path / "checkpoints"))
    learn(resumed, 1)
    with whole.model_weights(), resumed.model_weights():
        for name, value in weights(whole).items():
            torch.testing.assert_close(weights(resumed)[name], value, rtol=0, atol=0, msg=name)
