"""A trained network as a bundle."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.encoder_network import mixed
from tagloom.bundle.networks import character_cnn, character_lstm, tagging_network
from tagloom.features.vocabulary import Vocabulary
from tagloom.models.characters import CharacterCNN, CharacterLSTM
from tagloom.models.recurrent import OneWayLSTM
from tagloom.models.tagger import Tagger
from tagloom.schemes import BIOES
from tagloom.tokenize import NAME as TOKENIZER
from tagloom.training.trainer import Trainer


def bundle_of(trainer: Trainer) -> Bundle:
    """The trainer's network as a bundle that is not yet judged; it names no file of this machine."""
    config, tagger = trainer.config, trainer.tagger
    training = {**config.to_options(), "embeddings": tagger.architecture.embeddings}
    with trainer.model_weights():
        bundle = tagger_bundle(tagger, trainer.parts.vocabulary, algorithm=config.algorithm, training=training)
        context = trainer.parts.context
        if context is None or tagger.mix is None:
            return bundle
        files = context.files(tagger.transformer)
        return replace(bundle, encoder=replace(files, network=mixed(files.network, _array(tagger.mix.weights))))


def tagger_bundle(tagger: Tagger, vocabulary: Vocabulary, *, algorithm: str, training: Mapping[str, Any]) -> Bundle:
    """A network as a bundle that is not yet judged.

    Args:
        tagger: the network.
        vocabulary: whose words and characters it looks up.
        algorithm: name of the preset that it was trained as.
        training: the options that it was trained with.
    """
    layers = [[_arrays(one) for one in directions] for directions in tagger.encoder.directions()]
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
