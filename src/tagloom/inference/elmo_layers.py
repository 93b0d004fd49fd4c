"""All layers that an ELMo gives: each sentence by itself, or as the original does, with what the one before left."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.elmo_network import elmo_files, elmo_network
from tagloom.bundle.format import ENCODER
from tagloom.embeddings.elmo.elmo_encoder import ElmoBatch
from tagloom.embeddings.elmo.elmo_folder import ElmoFolder
from tagloom.inference.encoding import elmo_encoder
from tagloom.inference.sessions import Network

_AT_ONCE = 1024  # sentences that are held


def layers_of(
    folder: ElmoFolder, sentences: Sequence[Sequence[str]], *, threads: int = 0
) -> Iterator[NDArray[np.float32]]:
    """All layers of each word, (layers, words, width), sentence by sentence, each from the beginning.

    Raises:
        DataError: the weights of the ELMo cannot be read.
    """
    encoder, num_layers = elmo_encoder(elmo_files(folder), threads), folder.options.num_layers
    for first in range(0, len(sentences), _AT_ONCE):
        for values in encoder.vectors(sentences[first : first + _AT_ONCE]):
            yield values.reshape(len(values), num_layers, folder.options.width).transpose(1, 0, 2)


class CarryingElmo:
    """Reads sentences in their order, so that what it gives depends on what came before.

    Args:
        folder: of the ELMo.
        threads: of the processor; 0 leaves the choice to ONNX Runtime.
        batch_size: sentences that are read together; each place in a batch goes on from the same place of the one
            before.

    Raises:
        DataError: the weights of the ELMo cannot be read.
    """

    def __init__(self, folder: ElmoFolder, *, threads: int = 0, batch_size: int = 1) -> None:
        self._options, self._batch_size = folder.options, batch_size
        self._network = Network(elmo_network(folder.options, folder.weights(), carries=True), ENCODER, threads)
        shape = 2 * self._options.layers, batch_size
        self._outputs = np.zeros((*shape, self._options.projection), np.float32)
        self._cells = np.zeros((*shape, self._options.units), np.float32)

    def vectors(self, sentences: Sequence[Sequence[str]]) -> Iterator[NDArray[np.float32]]:
        """All layers of each word, (layers, words, width), sentence by sentence."""
        for first in range(0, len(sentences), self._batch_size):
            some = sentences[first : first + self._batch_size]
            batch = ElmoBatch.of(some, self._options.word_form)
            for words, values in zip(some, self._read(batch), strict=True):
                by_layer = values[1 : len(words) + 1].reshape(len(words), self._options.num_layers, self._options.width)
                yield by_layer.transpose(1, 0, 2)

    def _read(self, batch: ElmoBatch) -> NDArray[np.float32]:
        size = len(batch.lengths)
        outputs, cells = self._outputs[:, :size], self._cells[:, :size]
        width = self._options.num_layers * self._options.width
        states, outputs[:], cells[:] = self._network.run_all(
            [(*batch.places.T.shape, width), outputs.shape, cells.shape],
            characters=batch.characters,
            places=batch.places,
            lengths=batch.lengths,
            outputs=outputs,
            cells=cells,
        )
        return states
