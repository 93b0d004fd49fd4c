"""What a transformer gives for each word of a corpus, as a training reads it: frozen, or trained itself."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from tagloom.bundle.encoder_files import EncoderFiles, EncoderForm
from tagloom.embeddings.choice import parse_embeddings
from tagloom.embeddings.embedding import TRANSFORMER, Embedding
from tagloom.embeddings.encoders.feature_store import FeatureStore
from tagloom.embeddings.encoders.model_folder import ModelFolder, find_model
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.models.pretrained import HiddenStates, encoder_graph, load_transformer
from tagloom.models.tuned_encoder import SubwordBatch, TunedEncoder
from tagloom.runs.config import TrainingConfig
from tagloom.training.frozen_encoders import LAYOUT, frozen_encoder

_SECONDS = 5.0  # between two lines of a log

_log = logging.getLogger(__name__)

Words = Sequence[str]


@dataclass(frozen=True)
class Context:
    """A frozen transformer whose last layers are mixed.

    Args:
        embedding: that it is.
        dropout: share of a vector that a training step leaves out.
        files: of the encoder, which gives the layers one behind the other.
        store: of its vectors.
        digest: SHA-256 of the transformer.
    """

    embedding: Embedding
    dropout: float
    files: EncoderFiles
    store: FeatureStore
    digest: str

    @property
    def layers(self) -> int:
        """That are mixed."""
        return self.files.form.layers

    def keep(self, sentences: Sequence[Words]) -> None:
        """Works out the vectors of these sentences, so that they are at hand."""
        told = time.monotonic()

        def tell(done: int, number: int) -> None:
            nonlocal told
            if time.monotonic() - told > _SECONDS or done == number:
                _log.info("%s has read %s of %s sentences.", self.embedding.name, f"{done:,}", f"{number:,}")
                told = time.monotonic()

        self.store.keep(sentences, tell)

    def batch(self, sentences: Sequence[Words]) -> NDArray[np.float32]:
        """The layers of each word, (length, batch, layers, width), 0 behind a sentence's end."""
        found = self.store.vectors(sentences)
        batch = np.zeros((max(map(len, found)), len(found), self.layers, self.embedding.width), np.float32)
        for number, values in enumerate(found):
            batch[: len(values), number] = values.reshape(len(values), self.layers, -1)
        return batch


@dataclass(frozen=True)
class TunedContext:
    """A transformer that is trained itself.

    Args:
        embedding: that it is.
        dropout: share of a vector that a training step leaves out.
        folder: that it begins with.
        form: how it is used.
    """

    embedding: Embedding
    dropout: float
    folder: ModelFolder
    form: EncoderForm

    @property
    def layers(self) -> int:
        """That are mixed."""
        return self.form.layers

    @property
    def digest(self) -> str:
        """SHA-256 of what it begins with."""
        return self.folder.digest

    @cached_property
    def _subwords(self) -> Subwords:
        return Subwords(self.folder.tokenizer, self.folder.name, self.form.longest)

    def batch(self, sentences: Sequence[Words], device: torch.device) -> SubwordBatch:
        """What it reads of these sentences."""
        return SubwordBatch.of(sentences, self._subwords, self.form.pooling, device)

    def module(self) -> TunedEncoder:
        """The transformer as it begins.

        Raises:
            DataError: transformers does not take it.
        """
        return TunedEncoder(HiddenStates(load_transformer(self.folder), self.layers))

    def files(self, module: TunedEncoder) -> EncoderFiles:
        """The transformer as it is now, as part of a bundle.

        Raises:
            DataError: torch cannot write it as a graph.
        """
        network = encoder_graph(module.states, self.folder.name)
        return EncoderFiles(network, self.folder.tokenizer, self.form)


def open_context(config: TrainingConfig) -> Context | TunedContext | None:
    """The transformer that a training asks for; None where it asks for none.

    Raises:
        DataError: there is no such transformer, or it is none that can be used.
    """
    dropouts = zip(parse_embeddings(config.embeddings), config.table_options().dropouts, strict=True)
    chosen = next(((choice, dropout) for choice, dropout in dropouts if choice.is_contextual), None)
    if chosen is None:
        return None
    choice, dropout = chosen
    folder = find_model(choice.argument or choice.kind)
    if config.is_fine_tuned:
        layers = min(config.encoder_layers, folder.num_layers + 1)
        form = EncoderForm(pooling=config.pooling, longest=folder.longest, layers=layers)
        return TunedContext(Embedding(TRANSFORMER, folder.name, folder.width), dropout, folder, form)
    files, encoder = frozen_encoder(
        folder, layers=config.encoder_layers, pooling=config.pooling, threads=config.threads
    )
    key = f"{folder.digest[:32]}-{files.form.layers}-{config.pooling}-{LAYOUT}"
    return Context(
        embedding=Embedding(TRANSFORMER, folder.name, encoder.width // files.form.layers),
        dropout=dropout,
        files=files,
        store=FeatureStore(encoder, key, int(config.features_on_disk * 1e9)),
        digest=folder.digest,
    )
