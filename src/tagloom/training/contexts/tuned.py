"""A transformer that is trained itself."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from tagloom.bundle.encoder_files import TransformerFiles, TransformerForm
from tagloom.embeddings.embedding import Embedding
from tagloom.embeddings.encoders.model_folder import ModelFolder
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.models.inputs import Inputs
from tagloom.models.pretrained import HiddenStates, encoder_graph, load_transformer
from tagloom.models.tuned_encoder import SubwordBatch, TunedEncoder
from tagloom.training.contexts.context import Context, Words


class TunedContext(Context):
    """A transformer that is trained itself.

    Args:
        embedding: that it is.
        dropout: share of a vector that a training step leaves out.
        folder: that it begins with.
        form: how it is used.
    """

    def __init__(self, embedding: Embedding, dropout: float, folder: ModelFolder, form: TransformerForm) -> None:
        super().__init__(embedding, dropout, layers=form.layers, digest=folder.digest)
        self._folder, self._form = folder, form

    @cached_property
    def _subwords(self) -> Subwords:
        return Subwords(self._folder.tokenizer, self._folder.name, self._form.longest)

    def keep(self, sentences: Sequence[Words]) -> None:
        """Nothing is known before: what it gives changes with every step."""

    def added(self, inputs: Inputs, sentences: Sequence[Words]) -> Inputs:
        """A batch with what the transformer reads."""
        subwords = SubwordBatch.of(sentences, self._subwords, self._form.pooling, inputs.lengths.device)
        return replace(inputs, subwords=subwords)

    def module(self) -> TunedEncoder:
        """The transformer as it begins.

        Raises:
            DataError: transformers does not take it.
        """
        return TunedEncoder(HiddenStates(load_transformer(self._folder), self.layers))

    def files(self, module: TunedEncoder | None) -> TransformerFiles:
        """The transformer as it is now, as part of a bundle.

        Raises:
            DataError: torch cannot write it as a graph.
        """
        assert module is not None
        network = encoder_graph(module.states, self._folder.name)
        return TransformerFiles(network, self._form, self._folder.tokenizer)
