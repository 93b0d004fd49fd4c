"""Every option: what it takes, from where, and what is said of what it does not take."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from tagloom.embeddings.embedding import Embedding
from tagloom.errors import ConfigError
from tagloom.runs.config import OPTIONS, TrainingConfig
from tagloom.runs.options import Choice, Number, OrAuto, Whole
from tagloom.runs.toml import read_toml, write_toml

CHOICES = {name: option for name, option in OPTIONS.items() if isinstance(option, Choice)}
RANGES = {name: option for name, option in OPTIONS.items() if isinstance(option, Whole | Number)}

OTHERS: dict[str, Any] = {
    "algorithm": "bilstm-crf",
    "embeddings": "learned:7",
    "label_weights": {"PNAME": 2.0, "a label": 0.0},
    "batch_size": 5,
    "metrics": ("f1", "accuracy"),
    "save_best_only": False,
    "seed": 2**32 - 1,
    "min_delta": 0.001,
}


def test_every_option_has_a_rule_and_a_default_that_keeps_it() -> None:
    options = TrainingConfig().to_options()
    assert list(options) == list(OPTIONS)
    assert all(option.checked(name, options[name]) is not None for name, option in OPTIONS.items())


@pytest.mark.parametrize("config", [TrainingConfig(), TrainingConfig(**OTHERS)], ids=["defaults", "others"])
def test_options_come_back_from_toml_as_they_were(tmp_path: Path, config: TrainingConfig) -> None:
    write_toml(tmp_path / "run.toml", config.to_options())
    read = read_toml(tmp_path / "run.toml")
    assert TrainingConfig().with_options(read) == config
    assert tomli_w.dumps(config.to_options()) == (tmp_path / "run.toml").read_text("utf-8")


def test_flags_give_text() -> None:
    flags = {
        "learning_rate": "2e-3",
        "units": "50",
        "batch_size": "auto",
        "metrics": "f1, loss,f1",
        "label_weights": "PNAME=2,O=0.5",
        "save_best_only": "False",
        "embeddings": ["learned:7"],
    }
    config = TrainingConfig(batch_size=3, epochs=4).with_options(flags)
    assert (config.learning_rate, config.units, config.batch_size, config.epochs) == (0.002, 50, "auto", 4)
    assert config.metrics == ("f1", "loss")
    assert config.label_weights == {"PNAME": 2.0, "O": 0.5}
    assert (config.save_best_only, config.embeddings) == (False, "learned:7")


def test_an_unknown_option_is_named_with_a_hint() -> None:
    with pytest.raises(ConfigError, match=r"option 'learning_rat': .* Did you mean learning_rate\?"):
        TrainingConfig().with_options({"learning_rat": 1})
    with pytest.raises(
        ConfigError, match=r"option 'zzz': there is none of that name\. Known are algorithm, embeddings"
    ):
        TrainingConfig().with_options({"zzz": 1})


@pytest.mark.parametrize(("name", "option"), list(CHOICES.items()))
@pytest.mark.parametrize("received", ["nothing", "", 3, None])
def test_a_choice_that_is_none_is_told_what_there_is(name: str, option: Choice, received: Any) -> None:
    with pytest.raises(ConfigError) as told:
        TrainingConfig(**{name: received})
    assert str(told.value) == f"option {name}: received {received!r}, expected one of {', '.join(option.names)}."


@pytest.mark.parametrize(("name", "option"), list(RANGES.items()))
def test_a_number_out_of_its_range_is_told_the_range(name: str, option: Whole | Number) -> None:
    kind = "a whole number" if isinstance(option, Whole) else "a number"
    beyond: list[Any] = [option.lowest - 1, option.highest * 2 + 1, "many", None, True, float("nan"), [1]]
    if isinstance(option, Whole):
        beyond += [option.lowest + 0.5, "1.5"]
    for received in beyond:
        with pytest.raises(ConfigError) as told:
            TrainingConfig(**{name: received})
        bounds = option.expected.removeprefix(kind)
        assert str(told.value) == f"option {name}: received {received!r}, expected {kind}{bounds}."
        assert bounds.startswith(" from ")


@pytest.mark.parametrize("name", RANGES)
def test_the_ends_of_a_range_are_in_it(name: str) -> None:
    option = RANGES[name]
    assert [option.read(option.lowest), option.read(str(option.highest))] == [option.lowest, option.highest]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "option batch_size: received 0, expected auto, or a whole number from 1 to 100000."),
        ({"metrics": "f2"}, "option metrics: received 'f2', expected some of f1, precision, recall, accuracy, loss."),
        ({"metrics": 5}, "option metrics: received 5, expected some of"),
        ({"save_best_only": "maybe"}, "option save_best_only: received 'maybe', expected true or false."),
        ({"save_best_only": 1}, "option save_best_only: received 1, expected true or false."),
        ({"label_weights": "PNAME"}, "option label_weights: received 'PNAME', expected labels with a weight"),
        ({"label_weights": {"PNAME": -1}}, "option label_weights: received {'PNAME': -1}, expected labels with"),
        ({"label_weights": 5}, "option label_weights: received 5, expected labels with a weight"),
        ({"embeddings": "glove"}, "embeddings: received 'glove', expected one of: learned:100"),
        ({"embeddings": "vectors"}, "embeddings: received vectors:, expected vectors:FILE (of GloVe, word2vec or"),
        ({"embedding_dropout": "much"}, "option embedding_dropout: received 'much', expected numbers from 0 to 0.95"),
        ({"embedding_dropout": ""}, "option embedding_dropout: received '', expected numbers from 0 to 0.95"),
        ({"embedding_dropout": "0.1,0.2"}, "option embedding_dropout: received 2 shares, expected one, or one for"),
        ({"embeddings": 5}, "option embeddings: received 5, expected embeddings such as learned:100."),
        (
            {"loss": "cross_entropy"},
            "option loss: received 'cross_entropy', expected crf, the loss of the decoder crf.",
        ),
        ({"decoder": "softmax", "loss": "crf"}, "option loss: received 'crf', expected cross_entropy, the loss of"),
    ],
)
def test_other_values_are_told_what_is_expected(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as told:
        TrainingConfig(**options)
    assert str(told.value).startswith(message)


def test_only_auto_stands_beside_a_number() -> None:
    assert isinstance(OPTIONS["batch_size"], OrAuto)
    with pytest.raises(ConfigError):
        TrainingConfig(batch_size="AUTO")


@pytest.mark.parametrize(
    ("options", "characters", "decoder"),
    [
        ({}, "cnn", "crf"),
        ({"algorithm": "bilstm-lstm-crf"}, "lstm", "crf"),
        ({"algorithm": "bilstm-crf", "characters": "cnn"}, "cnn", "crf"),
        ({"decoder": "softmax", "loss": "cross_entropy"}, "cnn", "softmax"),
    ],
)
def test_a_part_of_the_network_follows_the_algorithm_unless_it_is_set(
    options: dict[str, Any], characters: str, decoder: str
) -> None:
    architecture = TrainingConfig(**options).architecture([Embedding("learned", "", 100)])
    assert (architecture.characters, architecture.decoder) == (characters, decoder)


@pytest.mark.parametrize(
    ("options", "higher"),
    [({}, True), ({"monitor": "loss"}, False), ({"monitor": "loss", "mode": "max"}, True), ({"mode": "min"}, False)],
)
def test_more_is_better_but_of_losses(options: dict[str, Any], higher: bool) -> None:
    assert TrainingConfig(**options).higher_is_better is higher


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"units = \n", "expected options in TOML"), (b"\xff\xfe", "expected options in TOML"), (None, "No such file")],
)
def test_a_file_of_options_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "run.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=f"{path}: .*{message}"):
        read_toml(path)
