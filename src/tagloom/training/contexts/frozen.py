"""An encoder that is not trained: each sentence is read once, and what it gives is kept on disk."""

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from tagloom.bundle.encoder_files import EncoderFiles
from tagloom.embeddings.embedding import Embedding
from tagloom.embeddings.encoders.feature_store import FeatureStore
from tagloom.embeddings.progress import Progress
from tagloom.models.inputs import Inputs
from tagloom.models.tuned_encoder import TunedEncoder
from tagloom.training.contexts.context import Context, Words

_log = logging.getLogger(__name__)


class FrozenContext(Context):
    """An encoder that is not trained.

    Args:
        embedding: that it is.
        dropout: share of a vector that a training step leaves out.
        files: of the encoder.
        store: of its vectors.
        digest: SHA-256 of the encoder.
    """

    def __init__(
        self, embedding: Embedding, dropout: float, files: EncoderFiles, store: FeatureStore, digest: str
    ) -> None:
        super().__init__(embedding, dropout, layers=files.form.layers, digest=digest)
        self._files, self._store = files, store

    def keep(self, sentences: Sequence[Words]) -> None:
        """Works out the vectors of these sentences, so that they are at hand."""
        progress, name = Progress(_log), self.embedding.name
        self._store.keep(
            sentences, lambda done, number: progress.tell(f"{name} has read {done:,} of {number:,} sentences.")
        )

    def added(self, inputs: Inputs, sentences: Sequence[Words]) -> Inputs:
        """A batch with the layers of each word."""
        return replace(inputs, contexts=torch.from_numpy(self._layers(sentences)).to(inputs.lengths.device))

    def module(self) -> None:
        """None: it is not trained."""

    def files(self, module: TunedEncoder | None) -> EncoderFiles:  # noqa: ARG002  # it is what it was
        """The encoder as part of a bundle."""
        return self._files

    def _layers(self, sentences: Sequence[Words]) -> NDArray[np.float32]:
        """(length, batch, layers, width), 0 behind a sentence's end."""
        found = self._store.vectors(sentences)
        batch = np.zeros((max(map(len, found)), len(found), self.layers, self.embedding.width), np.float32)
        for number, values in enumerate(found):
            batch[: len(values), number] = values.reshape(len(values), self.layers, -1)
        return batch
