"""A transformer that is trained itself: what moves, how fast, and that a stop changes nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_training import config, reviews

from tagloom.errors import ConfigError
from tagloom.training.checkpoint import restore_checkpoint, save_checkpoint
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer
from tiny_transformers import tiny_transformer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_transformer(tmp_path / "bert")


def trainer(folder: Path, **options: Any) -> Trainer:
    chosen = config(**{"algorithm": "transformer-crf", "embeddings": f"transformer:{folder}", **options})
    return Trainer(chosen, Parts.of(reviews().train.sentences(), reviews().dev.sentences(), chosen))


def weights(one: Trainer) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in one.tagger.state_dict().items()}


def learn(one: Trainer, steps: int) -> None:
    order = [sentences for _ in range(3) for sentences in one.batch_order()]
    for sentences in order[one.steps_done : one.steps_done + steps]:
        one.learn(sentences)


def test_the_transformer_learns_and_no_lstm_stands_on_it(folder: Path) -> None:
    one = trainer(folder, warmup=0)
    before = weights(one)
    learn(one, 2)
    after = weights(one)
    moved = {name for name, values in before.items() if not torch.equal(values, after[name])}
    assert any("embeddings.word_embeddings" in name for name in moved)
    assert {"dense", "mix.scores", "decoder.transitions"} <= moved
    assert not any(name.startswith("encoder.") for name in before)


def test_lower_layers_learn_less_and_what_is_new_the_most(folder: Path) -> None:
    one = trainer(
        folder, learning_rate=0.01, encoder_learning_rate=0.001, layer_decay=0.5, warmup=0, schedule="constant"
    )
    learn(one, 1)
    names = {parameter: name for name, parameter in one.tagger.named_parameters()}
    rates = {
        names[parameter]: group["lr"]
        for group in one.optimizer.param_groups
        for parameter in group["params"]
        if parameter in names
    }
    found = {
        kind: {round(rate, 9) for name, rate in rates.items() if kind in name}
        for kind in ("dense_bias", "encoder.layer.1", "encoder.layer.0", "embeddings.word")
    }
    assert found == {
        "dense_bias": {0.01},
        "encoder.layer.1": {0.001},
        "encoder.layer.0": {0.0005},
        "embeddings.word": {0.00025},
    }


def test_learning_rates_rise_during_the_warm_up(folder: Path) -> None:
    one = trainer(folder, warmup=0.5, epochs=2, schedule="constant")
    rates = []
    for _ in range(2):
        for sentences in one.batch_order():
            one.learn(sentences)
            rates.append(one.optimizer.param_groups[0]["lr"] / one.config.learning_rate)
        one.end_epoch()
    np.testing.assert_allclose(rates, [0, 1 / 3, 2 / 3, 1, 1, 1], atol=1e-6)


def test_a_resumed_training_ends_with_the_same_weights(folder: Path, tmp_path: Path) -> None:
    whole, begun, resumed = (trainer(folder) for _ in range(3))
    learn(whole, 3)
    learn(begun, 2)
    restore_checkpoint(resumed, save_checkpoint(begun, tmp_path / "checkpoints"))
    learn(resumed, 1)
    for name, values in weights(whole).items():
        torch.testing.assert_close(weights(resumed)[name], values, rtol=0, atol=0, msg=name)


def test_an_algorithm_that_trains_a_transformer_asks_for_one() -> None:
    with pytest.raises(ConfigError, match="transformer-crf trains a transformer, expected one among the embeddings"):
        config(algorithm="transformer-crf")
