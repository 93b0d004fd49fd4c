"""The bundles of a run: one for each epoch that was worth keeping, and a pointer to the best."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.networks import character_cnn, character_lstm, tagging_network
from tagloom.bundle.write import write_bundle
from tagloom.features.vocabulary import Vocabulary
from tagloom.files import point_to
from tagloom.models.characters import CharacterCNN, CharacterLSTM
from tagloom.models.recurrent import OneWayLSTM
from tagloom.models.tagger import Tagger
from tagloom.schemes import BIOES
from tagloom.tokenize import NAME as TOKENIZER
from tagloom.training.history import EpochRecord
from tagloom.training.trainer import Trainer


class ModelFolder:
    """The folder `models` of a run, and the pointer `model` beside it.

    Args:
        folder: of the bundles.
        pointer: a link to the best of them.
    """

    def __init__(self, folder: Path, pointer: Path) -> None:
        self._folder, self._pointer = folder, pointer

    def save(self, trainer: Trainer, record: EpochRecord) -> None:
        """Writes the network as it is now; a bundle that is there already was made by the same steps."""
        target = self._target(record)
        if not target.exists():
            write_bundle(bundle_of(trainer), target)

    def point_to(self, record: EpochRecord, *, keep_others: bool) -> None:
        """Makes the bundle of that epoch the run's model, and removes the others unless they are to be kept."""
        target = self._target(record)
        point_to(self._pointer, target)
        for other in self._folder.iterdir():
            if other != target and not keep_others:
                shutil.rmtree(other)

    def replace(self, bundle: Bundle) -> None:
        """Puts a bundle in the place of the one that `model` points to, such as the same with its report."""
        current = Path(os.path.realpath(self._pointer))
        judged = current.with_name(current.name.removesuffix("-judged") + "-judged")
        if not judged.exists():  # it does where a kill came between the writing and the pointing
            write_bundle(bundle, judged)
        point_to(self._pointer, judged)
        if current != judged:
            shutil.rmtree(current)

    def _target(self, record: EpochRecord) -> Path:
        return self._folder / f"{record.step:08d}"


def bundle_of(trainer: Trainer) -> Bundle:
    """The trainer's network as a bundle that is not yet judged."""
    config, vocabulary = trainer.config, trainer.parts.vocabulary
    return tagger_bundle(trainer.tagger, vocabulary, algorithm=config.algorithm, training=config.to_options())


def tagger_bundle(tagger: Tagger, vocabulary: Vocabulary, *, algorithm: str, training: Mapping[str, Any]) -> Bundle:
    """A network as a bundle that is not yet judged.

    Args:
        tagger: the network.
        vocabulary: whose words and characters it looks up.
        algorithm: name of the preset that it was trained as.
        training: the options that it was trained with.
    """
    layers = [[_arrays(one) for one in directions] for directions in tagger.encoder.arrays()]
    dense, bias = _array(tagger.dense), _array(tagger.dense_bias)
    return Bundle(
        labels=tagger.labels,
        scheme=BIOES.name,
        tokenizer=TOKENIZER,
        algorithm=algorithm,
        architecture=tagger.architecture,
        training=training,
        vocabulary=vocabulary,
        network=tagging_network(layers, dense, bias),
        characters=_character_network(tagger),
        weights=tagger.arrays(),
        report={},
    )


def _array(tensor: Any) -> Any:
    return tensor.detach().cpu().float().numpy()


def _arrays(lstm: OneWayLSTM) -> dict[str, Any]:
    return {name: _array(parameter) for name, parameter in lstm.named_parameters()}


def _character_network(tagger: Tagger) -> bytes | None:
    encoder = tagger.characters
    if isinstance(encoder, CharacterCNN):
        return character_cnn(_array(encoder.table), _array(encoder.kernel), _array(encoder.bias))
    if isinstance(encoder, CharacterLSTM):
        return character_lstm(_array(encoder.table), [_arrays(encoder.onwards), _arrays(encoder.back)])
    return None
