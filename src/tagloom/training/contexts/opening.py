"""The encoder that a training asks for."""

from tagloom.bundle.elmo_network import elmo_files
from tagloom.embeddings.choice import parse_embeddings
from tagloom.embeddings.elmo.elmo_folder import ElmoFolder, find_elmo
from tagloom.embeddings.embedding import ELMO, TRANSFORMER, Embedding
from tagloom.embeddings.encoders.feature_store import FeatureStore
from tagloom.embeddings.encoders.model_folder import ModelFolder, find_model
from tagloom.embeddings.encodes import Encodes
from tagloom.inference.encoding import elmo_encoder
from tagloom.inference.processors import num_processors
from tagloom.runs.config import TrainingConfig
from tagloom.training.contexts.context import Context
from tagloom.training.contexts.frozen import FrozenContext
from tagloom.training.contexts.tuned import TunedContext
from tagloom.training.encoder_networks import LAYOUT, form_to_tune, frozen_encoder


def open_context(config: TrainingConfig) -> Context | None:
    """The encoder that a training asks for; None where it asks for none.

    Raises:
        DataError: there is no such encoder, or it is none that can be used.
    """
    dropouts = zip(parse_embeddings(config.embeddings), config.table_options().dropouts, strict=True)
    chosen = next(((choice, dropout) for choice, dropout in dropouts if choice.is_contextual), None)
    if chosen is None:
        return None
    choice, dropout = chosen
    if choice.kind == ELMO:
        return _elmo(find_elmo(choice.argument), dropout, config)
    folder = find_model(choice.argument or choice.kind)
    return _tuned(folder, dropout, config) if config.is_fine_tuned else _frozen(folder, dropout, config)


def _tuned(folder: ModelFolder, dropout: float, config: TrainingConfig) -> TunedContext:
    form = form_to_tune(folder, layers=config.encoder_layers, pooling=config.pooling, threads=config.threads)
    return TunedContext(Embedding(TRANSFORMER, folder.name, folder.width), dropout, folder, form)


def _frozen(folder: ModelFolder, dropout: float, config: TrainingConfig) -> FrozenContext:
    files, encoder = frozen_encoder(
        folder, layers=config.encoder_layers, pooling=config.pooling, threads=config.threads
    )
    how = f"{files.form.layers}-{files.form.longest}-{config.pooling}"
    return FrozenContext(
        Embedding(TRANSFORMER, folder.name, encoder.width // files.form.layers),
        dropout,
        files,
        _store(encoder, f"{folder.digest[:32]}-{how}", config),
        folder.digest,
    )


def _elmo(folder: ElmoFolder, dropout: float, config: TrainingConfig) -> FrozenContext:
    files = elmo_files(folder, config.encoder_layers)
    encoder = elmo_encoder(files, config.threads or num_processors())
    return FrozenContext(
        Embedding(ELMO, folder.name, folder.options.width),
        dropout,
        files,
        _store(encoder, f"{folder.digest[:32]}-{files.form.layers}", config),
        folder.digest,
    )


def _store(encoder: Encodes, key: str, config: TrainingConfig) -> FeatureStore:
    return FeatureStore(encoder, f"{key}-{LAYOUT}", int(config.features_on_disk * 1e9))
