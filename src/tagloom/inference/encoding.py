"""Encoders of bundles, ready to read sentences."""

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.encoder_files import ElmoFiles, EncoderFiles, TransformerFiles
from tagloom.bundle.format import ENCODER, TOKENIZER
from tagloom.embeddings.elmo.characters import WordForm
from tagloom.embeddings.elmo.elmo_encoder import ElmoBatch, ElmoEncoder
from tagloom.embeddings.encoders.encoder import Encoder
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.embeddings.encodes import Encodes
from tagloom.inference.sessions import Network


def encoder_of(files: EncoderFiles, threads: int = 0) -> Encodes:
    """The encoder that these files are.

    Args:
        files: of an encoder.
        threads: of the processor; 0 leaves the choice to ONNX Runtime.

    Raises:
        BundleError: its network or its tokenizer is none.
    """
    if isinstance(files, ElmoFiles):
        return elmo_encoder(files, threads)
    assert isinstance(files, TransformerFiles)
    return transformer_encoder(files, threads)


def transformer_encoder(files: TransformerFiles, threads: int = 0) -> Encoder:
    """The same of a transformer."""
    network = Network(files.network, ENCODER, threads)
    width = network.output_width

    def run(numbers: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        return network.run((*numbers.shape, width), numbers=numbers, mask=mask)

    return Encoder(run, Subwords(files.tokenizer, TOKENIZER, files.form.longest), width, files.form.pooling)


def elmo_encoder(files: ElmoFiles, threads: int = 0) -> ElmoEncoder:
    """The same of an ELMo."""
    network = Network(files.network, ENCODER, threads)
    width = network.output_width

    def run(batch: ElmoBatch) -> NDArray[np.float32]:
        shape = (*batch.places.T.shape, width)
        return network.run(shape, characters=batch.characters, places=batch.places, lengths=batch.lengths)

    return ElmoEncoder(run, width, WordForm(files.form.longest, files.form.window))
