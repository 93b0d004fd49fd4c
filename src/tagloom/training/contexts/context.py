"""What a training asks of an encoder that reads sentences, whether it is trained or not."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from tagloom.bundle.encoder_files import EncoderFiles
from tagloom.embeddings.embedding import Embedding
from tagloom.models.inputs import Inputs
from tagloom.models.tuned_encoder import TunedEncoder

Words = Sequence[str]


class Context(ABC):
    """An encoder whose last layers are mixed.

    Args:
        embedding: that it is.
        dropout: share of a vector that a training step leaves out.
        layers: that are mixed.
        digest: SHA-256 of what it begins with.
    """

    def __init__(self, embedding: Embedding, dropout: float, *, layers: int, digest: str) -> None:
        self.embedding, self.dropout, self.layers, self.digest = embedding, dropout, layers, digest

    @abstractmethod
    def keep(self, sentences: Sequence[Words]) -> None:
        """Works out what can be known of these sentences before the training begins."""

    @abstractmethod
    def added(self, inputs: Inputs, sentences: Sequence[Words]) -> Inputs:
        """A batch with what the network needs of its sentences, in the same order."""

    @abstractmethod
    def module(self) -> TunedEncoder | None:
        """The encoder as it begins, where it is trained.

        Raises:
            DataError: transformers does not take it.
        """

    @abstractmethod
    def files(self, module: TunedEncoder | None) -> EncoderFiles:
        """The encoder as part of a bundle, giving its layers one behind the other, as it is or as it has become.

        Raises:
            DataError: it cannot be written as a network.
        """
