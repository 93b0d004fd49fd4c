"""What a training depends on: its seed, its config, its data, and nothing else."""

from dataclasses import replace
from pathlib import Path

from tiny_training import config, figures, reviews, state

from tagloom.runs.config import TrainingConfig
from tagloom.runs.toml import read_toml
from tagloom.training.train import train


def test_the_same_seed_gives_the_same_weights_to_the_last_bit(tmp_path: Path) -> None:
    first, second = (train(reviews(), tmp_path / name, config(seed=3)) for name in ("first", "second"))
    assert state(first) == state(second)
    assert figures(first) == figures(second)


def test_another_seed_gives_other_weights(tmp_path: Path) -> None:
    first, second = (train(reviews(), tmp_path / str(seed), config(seed=seed)) for seed in (3, 4))
    assert state(first)[0] != state(second)[0]


def test_the_seed_decides_the_validation_split(tmp_path: Path) -> None:
    without_dev = replace(reviews(), dev=reviews().dev.of([]))
    first, again, other = (
        train(without_dev, tmp_path / str(number), config(epochs=1, seed=seed)).environment.read_text("utf-8")
        for number, seed in enumerate((3, 3, 4))
    )
    assert first == again
    assert first != other  # the digest of the parts


def test_a_runs_config_trains_the_same_weights_again(tmp_path: Path) -> None:
    asked = config(optimizer="nadam", schedule="cosine", label_weights={"PNAME": 2.0, "O": 0.5}, metrics=("f1", "loss"))
    first = train(reviews(), tmp_path / "first", asked)
    read = TrainingConfig().with_options(read_toml(first.config)["training"])
    assert read == asked
    assert state(train(reviews(), tmp_path / "second", read)) == state(first)


def test_a_dataset_is_learned_from_as_a_whole_but_for_the_validation_split(tmp_path: Path) -> None:
    whole = replace(reviews(), dev=reviews().dev.of([]), test=reviews().test.of([]))
    by_dataset, by_set = (train(data, tmp_path / name, config()) for data, name in ((whole.train, "a"), (whole, "b")))
    assert state(by_dataset) == state(by_set)
