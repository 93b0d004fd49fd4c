"""The options of a training as a form has them: in groups, each with what it takes, what it is for and its value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.errors import ConfigError
from tagloom.runs.config import OPTIONS, TrainingConfig
from tagloom.runs.explanations import explained_options
from tagloom.workbench.problems import Refused
from tagloom.workbench.trainings.embeddings import Offered, expect_offered

EMBEDDINGS = "embeddings"

TITLES: Mapping[str, str] = {
    "algorithm": "Algorithm",
    "embeddings": "Embedding",
    "epochs": "Epochs",
    "batch_size": "Batch size",
    "learning_rate": "Learning rate",
    "optimizer": "Optimizer",
    "units": "LSTM units",
    "layers": "Layers",
    "dropout": "Dropout",
    "recurrent_dropout": "Recurrent dropout",
    "kernel_initializer": "Kernel initializer",
    "loss": "Loss",
    "metrics": "Metrics",
    "monitor": "Monitor",
    "patience": "Early stopping: patience",
    "validation_split": "Validation split",
    "seed": "Seed",
    "tune_vectors": "Tune vectors",
    "spare_words": "Spare words",
    "embedding_dropout": "Embedding dropout",
    "pooling": "Pooling of word pieces",
    "encoder_layers": "Mixed layers of an encoder",
    "mix_decay": "Pull to the mean of layers",
    "encoder_learning_rate": "Learning rate of the transformer",
    "layer_decay": "Decay of that by layer",
    "warmup": "Warm-up",
    "features_on_disk": "Disk for vectors, GB",
    "characters": "Characters",
    "character_width": "Character width",
    "character_units": "Character units",
    "casing_width": "Casing width",
    "decoder": "Decoder",
    "label_weights": "Label weights",
    "schedule": "Schedule of the learning rate",
    "momentum": "Momentum",
    "weight_decay": "Weight decay",
    "clip_norm": "Longest gradient",
    "average_decay": "Averaged weights: decay",
    "mode": "Direction of the monitor",
    "min_delta": "Early stopping: least gain",
    "save_best_only": "Keep the best epoch alone",
    "device": "Device",
    "precision": "Precision",
    "threads": "Threads",
}
"""What each option is called, in the order of the form."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Network": (
        *("algorithm", "embeddings", "units", "layers"),
        *("dropout", "recurrent_dropout", "kernel_initializer"),
    ),
    "Learning": ("epochs", "batch_size", "learning_rate", "optimizer", "loss", "seed"),
    "Watching": ("metrics", "monitor", "patience", "validation_split"),
}
"""Those that everybody sees; the others are folded."""


@dataclass(frozen=True, slots=True)
class OptionField:
    """An option as a form has it.

    Args:
        name: of the option.
        title: for people.
        help: what it is for, in a line.
        kind: what it takes: `choice`, `whole`, `number`, `flag`, `names`, `weights`, `shares` or `embeddings`.
        auto: whether it may be `auto`.
        names: to choose from; empty where it takes no names.
        lowest: of its figures; None where it takes none.
        highest: of its figures; None where it takes none.
        default: where nothing is said.
        value: that a form begins with.
    """

    name: str
    title: str
    help: str
    kind: str
    auto: bool
    names: list[str]
    lowest: float | None
    highest: float | None
    default: Any
    value: Any


def option_fields(offered: Offered, *values: Mapping[str, Any]) -> list[OptionField]:
    """Every option, in the order of `TITLES`.

    Args:
        offered: embeddings that may be chosen.
        values: that a form begins with rather than the defaults, a later one before an earlier; what does not fit is
            left out.
    """
    told = explained_options()
    begun: dict[str, Any] = {}
    for own in values:
        begun |= fitting_options(own, offered)
    return [
        OptionField(
            name=name,
            title=title,
            help=told[name]["help"],
            kind=told[name]["kind"],
            auto=told[name]["auto"],
            names=told[name].get("names", []),
            lowest=told[name].get("lowest"),
            highest=told[name].get("highest"),
            default=told[name]["default"],
            value=begun.get(name, told[name]["default"]),
        )
        for name, title in TITLES.items()
    ]


def chosen_options(options: Mapping[str, Any], offered: Offered) -> dict[str, Any]:
    """The options that differ from the defaults, each in its own kind.

    Args:
        options: by name, as TOML or flags give them.
        offered: embeddings that may be chosen.

    Raises:
        Refused: some do not fit; each is told with its name.
    """
    faults = _faults(options, offered)
    if not faults:
        try:
            every = TrainingConfig().with_options(options).to_options()
        except ConfigError as error:
            faults = {_option_of(error): str(error)}
    if faults:
        errors = [{"pointer": f"/options/{name}", "detail": detail} for name, detail in faults.items()]
        raise Refused("wrong-fields", errors[0]["detail"], errors=errors)
    defaults = TrainingConfig().to_options()
    return {name: value for name, value in every.items() if not _are_equal(value, defaults[name])}


def fitting_options(options: Mapping[str, Any], offered: Offered) -> dict[str, Any]:
    """Those of the options that fit, such as a form may begin with."""
    faults = _faults(options, offered)
    return {name: OPTIONS[name].read(value) for name, value in options.items() if name not in faults}


def _are_equal(one: Any, other: Any) -> bool:
    """Whether two values mean the same: names do in any order."""
    return sorted(one) == sorted(other) if isinstance(one, list) else bool(one == other)


def _faults(options: Mapping[str, Any], offered: Offered) -> dict[str, str]:
    """What is wrong with single options, by name."""
    found = {}
    for name, value in options.items():
        try:
            if name not in OPTIONS:
                TrainingConfig().with_options({name: value})
            OPTIONS[name].checked(name, value)
            if name == EMBEDDINGS:
                expect_offered(value, offered)
        except ConfigError as error:
            found[name[:100]] = str(error)
    return found


def _option_of(error: ConfigError) -> str:
    """The option that a message is about, as `TrainingConfig` words it."""
    name = str(error).removeprefix("option ").partition(":")[0]
    return name if name in OPTIONS else next(iter(OPTIONS))
