"""Every option of a training, in one place: read from TOML, then keyword arguments, then flags, and saved with the run."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from tagloom.embeddings.choice import parse_embeddings
from tagloom.errors import ConfigError
from tagloom.models.architecture import ALGORITHMS, CHARACTERS, DECODERS, Architecture
from tagloom.models.decoders import DECODERS as DECODER_CLASSES
from tagloom.models.initializers import KERNEL_INITIALIZERS
from tagloom.training.metrics import METRICS
from tagloom.training.optimizers import OPTIMIZERS
from tagloom.training.schedules import SCHEDULES

AUTO = "auto"
_LOSSES = tuple(decoder.LOSS for decoder in DECODER_CLASSES.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingConfig:
    """What is trained, and how.

    Args:
        algorithm: a preset of characters and decoder, one of `ALGORITHMS`.
        embeddings: such as `learned:100`.
        characters: `none`, `cnn` or `lstm`; `auto` follows the algorithm.
        character_width: width of a character's vector.
        character_units: filters of the character CNN, or units per direction of the character LSTM.
        casing_width: width of the vector for upper and lower case and digits; 0 for none.
        decoder: `crf` or `softmax`; `auto` follows the algorithm.
        units: LSTM units per direction.
        layers: BiLSTM layers.
        dropout: share left out of the LSTM's inputs and outputs in a step.
        recurrent_dropout: share of state units left out on their way to the next word.
        kernel_initializer: how input matrices begin, by Keras's names.
        optimizer: one of `OPTIMIZERS`.
        learning_rate: at the start of the schedule.
        momentum: of `sgd`.
        weight_decay: of `adamw`.
        clip_norm: gradients longer than this are shortened to it; 0 for never.
        schedule: of the learning rate, one of `SCHEDULES`.
        loss: `crf` or `cross_entropy`; `auto` is the decoder's own.
        label_weights: how much each label counts in the loss, 1 where not named; `O` for words outside.
        batch_size: sentences a step; `auto` looks at their number and at the device.
        epochs: times that the training part is gone through.
        metrics: what is worked out on the dev part after each epoch.
        monitor: the metric by which the best epoch is chosen.
        mode: whether more or less of it is better, `max` or `min`; `auto` knows.
        save_best_only: keep the bundle of the best epoch alone, or one of each epoch.
        patience: epochs without a better one after which training ends; 0 for never.
        min_delta: what counts as better.
        validation_split: share of the training part that serves as dev part where there is none.
        seed: of weights, order, masks and the validation split.
        device: `auto`, `cpu`, `cuda`, `mps`.
        precision: `float32`, or `bfloat16` on a GPU.
        threads: of the processor; 0 for as many as it has.
    """

    algorithm: str = "bilstm-cnn-crf"
    embeddings: str = "learned:100"
    characters: str = AUTO
    character_width: int = 30
    character_units: int = 50
    casing_width: int = 8
    decoder: str = AUTO
    units: int = 100
    layers: int = 1
    dropout: float = 0.5
    recurrent_dropout: float = 0.0
    kernel_initializer: str = "glorot_uniform"
    optimizer: str = "adam"
    learning_rate: float = 0.001
    momentum: float = 0.9
    weight_decay: float = 0.01
    clip_norm: float = 5.0
    schedule: str = "constant"
    loss: str = AUTO
    label_weights: Mapping[str, float] = field(default_factory=dict)
    batch_size: int | str = AUTO
    epochs: int = 25
    metrics: tuple[str, ...] = ("precision", "recall", "f1", "loss")
    monitor: str = "f1"
    mode: str = AUTO
    save_best_only: bool = True
    patience: int = 0
    min_delta: float = 0.0
    validation_split: float = 0.1
    seed: int = 13
    device: str = AUTO
    precision: str = "float32"
    threads: int = 0

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            _expect(name, getattr(self, name), getattr(self, name) in choices, f"one of {', '.join(choices)}")
        for name, (lowest, highest) in _RANGES.items():
            value = getattr(self, name)
            _expect(name, value, _is_number(value) and lowest <= value <= highest, f"{lowest} to {highest}")
        for metric in self.metrics:
            _expect("metrics", metric, metric in METRICS, f"some of {', '.join(METRICS)}")
        if self.batch_size != AUTO:
            whole = type(self.batch_size) is int and 1 <= self.batch_size <= 100_000
            _expect("batch_size", self.batch_size, whole, "auto, or a whole number from 1 to 100000")
        for label, weight in self.label_weights.items():
            _expect(f"label_weights.{label}", weight, _is_number(weight) and 0 <= weight <= 1e6, "a weight of 0 or more")
        parse_embeddings(self.embeddings)
        own_loss = DECODER_CLASSES[self.architecture().decoder].LOSS
        remedy = f"{own_loss}, the loss of the decoder {self.architecture().decoder}; or set the other decoder"
        _expect("loss", self.loss, self.loss in (AUTO, own_loss), remedy)

    def architecture(self) -> Architecture:
        """The parts of the network that these options ask for."""
        preset = ALGORITHMS[self.algorithm]
        shared = {name: getattr(self, name) for name in Architecture.__dataclass_fields__ if hasattr(self, name)}
        for part in ("characters", "decoder"):
            shared[part] = preset[part] if shared[part] == AUTO else shared[part]
        return Architecture(**shared)

    @property
    def higher_is_better(self) -> bool:
        """Whether more of what is monitored is better."""
        return METRICS[self.monitor].higher_is_better if self.mode == AUTO else self.mode == "max"

    def with_options(self, options: Mapping[str, Any]) -> "TrainingConfig":
        """These options in place of those of the same names.

        Raises:
            ConfigError: a name is not known, or a value is of the wrong kind or out of its range.
        """
        kinds = {one.name: one.default for one in fields(self)}
        for name in options:
            if name not in kinds:
                close = difflib.get_close_matches(name, kinds, 1)
                hint = f"Did you mean {close[0]}?" if close else f"Known are {', '.join(kinds)}."
                raise ConfigError(f"option {name!r}: there is none of that name. {hint}")
        return replace(self, **{name: _converted(name, value) for name, value in options.items()})

    def to_options(self) -> dict[str, Any]:
        """Every option by name, as TOML keeps them."""
        options = asdict(self)
        return {**options, "metrics": list(self.metrics), "label_weights": dict(self.label_weights)}


def read_options(path: Path) -> dict[str, Any]:
    """The options of a TOML file; those of a run's `config.toml` stand in its table `training`.

    Raises:
        ConfigError: there is no such file, or it is not TOML.
    """
    content = read_toml(path)
    options = content.get("training", content)
    return dict(options)


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        ConfigError: there is no such file, or it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: expected a file of options in TOML, received {error}.") from error


def written_as_toml(content: Mapping[str, Any]) -> str:
    """Tables as the text of a TOML file."""
    return tomli_w.dumps(content)


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "algorithm": tuple(ALGORITHMS),
    "characters": (AUTO, *CHARACTERS),
    "decoder": (AUTO, *DECODERS),
    "kernel_initializer": tuple(KERNEL_INITIALIZERS),
    "optimizer": tuple(OPTIMIZERS),
    "schedule": tuple(SCHEDULES),
    "loss": (AUTO, *_LOSSES),
    "monitor": tuple(METRICS),
    "mode": (AUTO, "max", "min"),
    "device": (AUTO, "cpu", "cuda", "mps"),
    "precision": ("float32", "bfloat16"),
}

_RANGES: Mapping[str, tuple[float, float]] = {
    "character_width": (1, 1024),
    "character_units": (1, 1024),
    "casing_width": (0, 256),
    "units": (1, 4096),
    "layers": (1, 8),
    "dropout": (0, 0.95),
    "recurrent_dropout": (0, 0.95),
    "learning_rate": (1e-7, 10),
    "momentum": (0, 1),
    "weight_decay": (0, 1),
    "clip_norm": (0, 1e6),
    "epochs": (1, 100_000),
    "patience": (0, 100_000),
    "min_delta": (0, 1),
    "validation_split": (0.001, 0.9),
    "seed": (0, 2**32 - 1),
    "threads": (0, 1024),
}


def _expect(name: str, received: Any, holds: bool, expected: str) -> None:
    if not holds:
        raise ConfigError(f"option {name}: received {received!r}, expected {expected}.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _converted(name: str, value: Any) -> Any:
    """The value in its option's kind; text, as flags give it, is read as the kind wants."""
    default = TrainingConfig.__dataclass_fields__[name].default
    if name == "embeddings":
        return " + ".join(value) if isinstance(value, list | tuple) else value
    if name == "metrics":
        return tuple(value.split(",") if isinstance(value, str) else value)
    if name == "label_weights":
        return _weights(value) if isinstance(value, str) else dict(value)
    if name == "batch_size":
        return value if value == AUTO else _number(name, value, int)
    if isinstance(default, bool):
        return _flag(name, value)
    return _number(name, value, type(default)) if isinstance(default, int | float) else value


def _number(name: str, value: Any, kind: type) -> Any:
    try:
        number = kind(value) if isinstance(value, str) or kind is float else value
    except (TypeError, ValueError):
        number = None
    kind_name = "a whole number" if kind is int else "a number"
    _expect(name, value, isinstance(number, kind) and not isinstance(value, bool), kind_name)
    return number


def _flag(name: str, value: Any) -> bool:
    spelled = {"true": True, "false": False, True: True, False: False}
    key = value.lower() if isinstance(value, str) else value
    _expect(name, value, key in spelled, "true or false")
    return spelled[key]


def _weights(text: str) -> dict[str, float]:
    """`PNAME=2,O=0.5` as a table."""
    pairs = [part.partition("=") for part in text.split(",") if part]
    return {label: _number(f"label_weights.{label}", weight, float) for label, _, weight in pairs}
