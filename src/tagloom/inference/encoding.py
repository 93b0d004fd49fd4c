"""Encoders of bundles, ready to read sentences."""

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.encoder_files import EncoderFiles
from tagloom.bundle.format import ENCODER, TOKENIZER
from tagloom.embeddings.encoders.encoder import Encoder
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.inference.sessions import Network


def encoder_of(files: EncoderFiles, threads: int = 0) -> Encoder:
    """The encoder that these files are.

    Args:
        files: of a transformer.
        threads: of the processor; 0 leaves the choice to ONNX Runtime.

    Raises:
        BundleError: its network or its tokenizer is none.
    """
    network = Network(files.network, ENCODER, threads)
    width = network.output_width

    def run(numbers: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        return network.run((*numbers.shape, width), numbers=numbers, mask=mask)

    return Encoder(run, Subwords(files.tokenizer, TOKENIZER, files.form.longest), width, files.form.pooling)
