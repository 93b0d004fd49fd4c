"""Every option of a training, in one place: from TOML, then keyword arguments, then flags, and saved with the run."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tagloom.bundle.architecture import (
    ALGORITHMS,
    CHARACTERS,
    DECODERS,
    FINE_TUNED,
    KERNEL_INITIALIZERS,
    SHARES,
    SIZES,
    Architecture,
)
from tagloom.embeddings.choice import parse_embeddings
from tagloom.embeddings.embedding import Embedding, joined
from tagloom.embeddings.encoders.encoder import MEAN, POOLINGS
from tagloom.embeddings.tables import TableOptions
from tagloom.errors import ConfigError
from tagloom.runs.choices import LOSSES, OPTIMIZERS, SCHEDULES
from tagloom.runs.metrics import METRICS
from tagloom.runs.options import AUTO, Choice, Embeddings, Flag, Names, Number, Option, OrAuto, Shares, Weights, Whole

_WARMUP = 0.1  # of all steps, where a transformer is trained


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingConfig:
    """What is trained, and how. A value may also be text, as flags give it; `OPTIONS` says what each option takes.

    Args:
        algorithm: a preset of characters and decoder, one of `ALGORITHMS`.
        embeddings: such as `learned:100`, or several, joined with ` + `.
        tune_vectors: whether training changes the vectors of files too.
        spare_words: words of a file of vectors that the model gets beside those of its data, the file's first.
        embedding_dropout: share of each embedding's vectors left out in a step; one for all, or one for each.
        pooling: which subwords of a transformer a word's vector comes from, `first` or `mean`.
        encoder_layers: the last layers of a transformer or an ELMo, whose mix is learned; all where it has fewer.
        mix_decay: how strongly a mix of layers is drawn to their plain mean, as published for ELMo; 0 for not at all.
        encoder_learning_rate: of the last layer of a transformer that is trained, as `transformer-crf` does.
        layer_decay: what the learning rate of each layer below is multiplied by.
        warmup: share of all steps in which learning rates rise; `auto` warms up where a transformer is trained.
        features_on_disk: gigabytes that vectors of frozen transformers may take, of all trainings together.
        characters: `none`, `cnn` or `lstm`; `auto` follows the algorithm.
        character_width: width of a character's vector.
        character_units: filters of the character CNN, or units per direction of the character LSTM.
        casing_width: width of the vector for upper and lower case and digits; 0 for none.
        decoder: `crf` or `softmax`; `auto` follows the algorithm.
        units: LSTM units per direction.
        layers: BiLSTM layers.
        dropout: share left out of the LSTM's inputs and outputs, and of characters' vectors, in a step.
        recurrent_dropout: share of state units left out on their way to the next word.
        kernel_initializer: how the LSTM's input matrices begin, by Keras's names.
        optimizer: one of `OPTIMIZERS`.
        learning_rate: at the start of the schedule.
        momentum: of `sgd`.
        weight_decay: of `adamw`.
        clip_norm: gradients longer than this are shortened to it; 0 for never.
        average_decay: what the mean of the weights of earlier steps counts at each step, which is then the model; 0 for
            the weights of the last step.
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
        min_delta: how much better an epoch must be for `patience` to count it as better.
        validation_split: share of the training part that serves as dev part where there is none.
        seed: of weights, order, masks and the validation split.
        device: `auto`, `cpu`, `cuda`, `mps`.
        precision: `float32`, or `bfloat16` on a GPU.
        threads: of the processor; 0 for `OMP_NUM_THREADS`, or else as many as this process may use.

    Raises:
        ConfigError: a value is not one that its option takes, or the loss is not the decoder's.
    """

    algorithm: str = "bilstm-cnn-crf"
    embeddings: str = "learned:100"
    tune_vectors: bool = False
    spare_words: int = 50_000
    embedding_dropout: tuple[float, ...] = (0.0,)
    pooling: str = MEAN
    encoder_layers: int = 4
    mix_decay: float = 0.001
    encoder_learning_rate: float = 1e-4
    layer_decay: float = 0.9
    warmup: float | str = AUTO
    features_on_disk: float = 8.0
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
    average_decay: float = 0.0
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
        for name, option in OPTIONS.items():
            object.__setattr__(self, name, option.checked(name, getattr(self, name)))
        choices, dropouts = parse_embeddings(self.embeddings), self.embedding_dropout
        if len(dropouts) not in (1, len(choices)):
            raise ConfigError(
                f"option embedding_dropout: received {len(dropouts)} shares, expected one, or one for each of the "
                f"{len(choices)} embeddings {self.embeddings}."
            )
        if self.is_fine_tuned and not any(choice.is_transformer for choice in choices):
            raise ConfigError(
                f"option algorithm: {self.algorithm} trains a transformer, expected one among the embeddings, such as "
                f"minilm, received {self.embeddings}."
            )
        decoder = self._parts()["decoder"]
        own_loss = LOSSES[decoder]
        if self.loss not in (AUTO, own_loss):
            raise ConfigError(
                f"option loss: received {self.loss!r}, expected {own_loss}, the loss of the decoder {decoder}. "
                "Leave it auto, or set the other decoder."
            )

    def architecture(self, embeddings: Sequence[Embedding]) -> Architecture:
        """The parts of the network that these options ask for, with what came of the embeddings that they name."""
        shared = {name: getattr(self, name) for name in Architecture.__dataclass_fields__ if hasattr(self, name)}
        layers = 0 if self.is_fine_tuned else self.layers
        return Architecture(**{**shared, **self._parts(), "layers": layers, "embeddings": joined(embeddings)})

    @property
    def is_fine_tuned(self) -> bool:
        """Whether a transformer is trained itself."""
        return self.algorithm in FINE_TUNED

    @property
    def warmup_share(self) -> float:
        """Share of all steps in which learning rates rise."""
        return (_WARMUP if self.is_fine_tuned else 0.0) if self.warmup == AUTO else float(self.warmup)

    def table_options(self) -> TableOptions:
        """How tables of words are made and used."""
        num_embeddings = len(parse_embeddings(self.embeddings))
        dropouts = self.embedding_dropout * (num_embeddings if len(self.embedding_dropout) == 1 else 1)
        return TableOptions(self.tune_vectors, self.spare_words, dropouts)

    def _parts(self) -> dict[str, str]:
        """The parts that an algorithm stands for, each as it is set by itself or as the algorithm has it."""
        set_apart = {"characters": self.characters, "decoder": self.decoder}
        return {name: ALGORITHMS[self.algorithm][name] if part == AUTO else part for name, part in set_apart.items()}

    @property
    def higher_is_better(self) -> bool:
        """Whether more of what is monitored is better."""
        return METRICS[self.monitor].higher_is_better if self.mode == AUTO else self.mode == "max"

    def with_options(self, options: Mapping[str, Any]) -> "TrainingConfig":
        """These options in place of those of the same names.

        Raises:
            ConfigError: a name is not known, or a value is of the wrong kind or out of its range.

        Example:
            >>> TrainingConfig().with_options({"learning_rate": "0.002", "units": 50}).learning_rate
            0.002
        """
        for name in options:
            if name not in OPTIONS:
                close = difflib.get_close_matches(name, OPTIONS, 1)
                hint = f"Did you mean {close[0]}?" if close else f"Known are {', '.join(OPTIONS)}."
                raise ConfigError(f"option {name!r}: there is none of that name. {hint}")
        return replace(self, **options)

    def to_options(self) -> dict[str, Any]:
        """Every option by name, as TOML keeps them."""
        return {**asdict(self), "metrics": list(self.metrics), "embedding_dropout": list(self.embedding_dropout)}


OPTIONS: Mapping[str, Option] = {
    "algorithm": Choice(tuple(ALGORITHMS)),
    "embeddings": Embeddings(),
    "tune_vectors": Flag(),
    "spare_words": Whole(0, 10_000_000),
    "embedding_dropout": Shares(0.95),
    "pooling": Choice(POOLINGS),
    "encoder_layers": Whole(1, 100),
    "mix_decay": Number(0, 10),
    "encoder_learning_rate": Number(1e-8, 1),
    "layer_decay": Number(0.1, 1),
    "warmup": OrAuto(Number(0, 0.9)),
    "features_on_disk": Number(0, 1e5),
    "characters": Choice((AUTO, *CHARACTERS)),
    "character_width": Whole(*SIZES["character_width"]),
    "character_units": Whole(*SIZES["character_units"]),
    "casing_width": Whole(*SIZES["casing_width"]),
    "decoder": Choice((AUTO, *DECODERS)),
    "units": Whole(*SIZES["units"]),
    "layers": Whole(1, SIZES["layers"][1]),
    "dropout": Number(*SHARES["dropout"]),
    "recurrent_dropout": Number(*SHARES["recurrent_dropout"]),
    "kernel_initializer": Choice(KERNEL_INITIALIZERS),
    "optimizer": Choice(OPTIMIZERS),
    "learning_rate": Number(1e-7, 10),
    "momentum": Number(0, 1),
    "weight_decay": Number(0, 1),
    "clip_norm": Number(0, 1e6),
    "average_decay": Number(0, 0.999999),
    "schedule": Choice(SCHEDULES),
    "loss": Choice((AUTO, *LOSSES.values())),
    "label_weights": Weights(),
    "batch_size": OrAuto(Whole(1, 100_000)),
    "epochs": Whole(1, 100_000),
    "metrics": Names(tuple(METRICS)),
    "monitor": Choice(tuple(METRICS)),
    "mode": Choice((AUTO, "max", "min")),
    "save_best_only": Flag(),
    "patience": Whole(0, 100_000),
    "min_delta": Number(0, 1),
    "validation_split": Number(0.001, 0.9),
    "seed": Whole(0, 2**32 - 1),
    "device": Choice((AUTO, "cpu", "cuda", "mps")),
    "precision": Choice(("float32", "bfloat16")),
    "threads": Whole(0, 1024),
}
"""What each option takes; `explanations` says the same to those who do not read code."""
