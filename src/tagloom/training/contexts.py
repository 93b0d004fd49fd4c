"""What a frozen transformer gives for each word of a corpus, as a training reads it."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.encoder_files import EncoderFiles, EncoderForm
from tagloom.bundle.format import ENCODER
from tagloom.embeddings.cache import cache_folder
from tagloom.embeddings.choice import parse_embeddings
from tagloom.embeddings.embedding import TRANSFORMER, Embedding
from tagloom.embeddings.encoders.feature_store import FeatureStore
from tagloom.embeddings.encoders.model_folder import ModelFolder, find_model
from tagloom.files import whole_folder, write_bytes
from tagloom.inference.encoding import encoder_of
from tagloom.inference.processors import num_processors
from tagloom.runs.config import TrainingConfig

_LAYOUT = 1  # of what is kept
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


def open_context(config: TrainingConfig) -> Context | None:
    """The frozen transformer that a training asks for; None where it asks for none.

    Raises:
        DataError: there is no such transformer, or it is none that can be used.
    """
    dropouts = zip(parse_embeddings(config.embeddings), config.table_options().dropouts, strict=True)
    chosen = next(((choice, dropout) for choice, dropout in dropouts if choice.is_contextual), None)
    if chosen is None:
        return None
    choice, dropout = chosen
    folder = find_model(choice.argument or choice.kind)
    layers = min(config.encoder_layers, folder.num_layers + 1)
    form = EncoderForm(pooling=config.pooling, longest=folder.longest, layers=layers)
    files = EncoderFiles(_graph(folder, layers), folder.tokenizer, form)
    encoder = encoder_of(files, threads=config.threads or num_processors())
    key = f"{folder.digest[:32]}-{layers}-{config.pooling}-{_LAYOUT}"
    return Context(
        embedding=Embedding(TRANSFORMER, folder.name, encoder.width // layers),
        dropout=dropout,
        files=files,
        store=FeatureStore(encoder, key, int(config.features_on_disk * 1e9)),
        digest=folder.digest,
    )


def _graph(folder: ModelFolder, layers: int) -> bytes:
    """The encoder's network, which is written once and kept."""
    kept = cache_folder() / "encoders" / f"{folder.digest[:32]}-{layers}-{_LAYOUT}"
    if not kept.is_dir():
        from tagloom.models.pretrained import (
            HiddenStates,
            encoder_graph,
            load_transformer,
        )  # transformers takes seconds

        _log.info("Writing %s as a network, once.", folder.name)
        content = encoder_graph(HiddenStates(load_transformer(folder), layers), str(folder.path))
        try:
            with whole_folder(kept) as beside:
                write_bytes(beside / ENCODER, content)
        except OSError:
            if not kept.is_dir():  # else another process was faster
                raise
    return (kept / ENCODER).read_bytes()
