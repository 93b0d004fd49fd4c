"""The trainable network: embeddings, characters, encoder, decoder."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tagloom.bundle.architecture import Architecture
from tagloom.decoding import Lattice, viterbi
from tagloom.embeddings.word_table import WordTable
from tagloom.features.casing import CASINGS
from tagloom.features.vocabulary import Vocabulary
from tagloom.models.characters import CharacterCNN, CharacterLSTM
from tagloom.models.contexts import LayerMix
from tagloom.models.decoders import DECODERS, Decoder
from tagloom.models.initializers import KERNEL_INITIALIZERS, embedding_table
from tagloom.models.inputs import Inputs
from tagloom.models.noise import Noise
from tagloom.models.recurrent import BiLSTM
from tagloom.models.tuned_encoder import TunedEncoder
from tagloom.models.words import Words
from tagloom.schemes import BIOES


class Tagger(nn.Module):
    """A BiLSTM tagger (Huang et al. 2015; Ma & Hovy 2016), as its architecture says.

    Args:
        architecture: parts and sizes.
        vocabulary: words and characters.
        labels: what it tells apart, in the order of its tags.
        seed: of the first weights; the same seed gives the same.
        tables: that words are looked up in, one for each of the vocabulary's; None where all begin at random.
        mix: of an encoder's layers, where the architecture has one that reads sentences.
        transformer: that encoder, where it is trained too.
    """

    def __init__(
        self,
        architecture: Architecture,
        vocabulary: Vocabulary,
        labels: Sequence[str],
        seed: int,
        tables: Sequence[WordTable] | None = None,
        mix: LayerMix | None = None,
        transformer: TunedEncoder | None = None,
    ) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.architecture, self.labels, self.tags = architecture, tuple(labels), BIOES.tags(labels)
        if tables is None:
            tables = [WordTable(*each) for each in zip(architecture.tables, vocabulary.tables, strict=True)]
        self.words = nn.ModuleList(_words(table, generator) for table in tables)
        casing_width = architecture.casing_width
        self.casings = nn.Parameter(embedding_table(len(CASINGS), casing_width, generator)) if casing_width else None
        self.mix, self.transformer = mix, transformer
        self.characters = _character_encoder(architecture, vocabulary, generator)
        self.encoder = BiLSTM(
            architecture.word_vector_width,
            architecture.units,
            layers=architecture.layers,
            kernel_initializer=architecture.kernel_initializer,
            generator=generator,
        )
        fill = KERNEL_INITIALIZERS["glorot_uniform"]
        self.dense = nn.Parameter(fill(torch.empty(len(self.tags), architecture.state_width), generator))
        self.dense_bias = nn.Parameter(torch.zeros(len(self.tags)))
        self.decoder: Decoder = DECODERS[architecture.decoder](BIOES, self.tags)

    def vectors(self, inputs: Inputs, noise: Noise | None) -> Tensor:
        """One vector for each different word of the batch, (different, width)."""
        parts = [
            words(rows, seen_once, noise)
            for words, rows, seen_once in zip(self.words, inputs.words, inputs.seen_once, strict=True)
        ]
        if self.casings is not None:
            parts.append(self.casings[inputs.casings])
        if self.characters is not None:
            dropout = self.architecture.dropout
            parts.append(self.characters(inputs.characters, inputs.character_lengths, dropout, noise))
        return (
            torch.cat(parts, dim=1)
            if parts
            else inputs.casings.new_zeros((len(inputs.casings), 0), dtype=torch.float32)
        )

    def forward(self, inputs: Inputs, noise: Noise | None = None) -> Tensor:
        """Emissions (batch, length, tags); with noise as in training, without as in use."""
        vectors = self.vectors(inputs, noise)  # (different, width)
        placed = vectors.index_select(0, inputs.positions.flatten()).view(*inputs.positions.shape, vectors.shape[1])
        if self.mix is not None:
            placed = torch.cat((placed, self.mix(self._layers(inputs), noise)), dim=2)
        states = self.encoder(
            placed,
            inputs.lengths,
            dropout=self.architecture.dropout,
            recurrent_dropout=self.architecture.recurrent_dropout,
            noise=noise,
        )  # (length, batch, 2 * units)
        emissions: Tensor = states @ self.dense.T + self.dense_bias
        return emissions.transpose(0, 1)

    def _layers(self, inputs: Inputs) -> Tensor:
        """What the encoder gives for each word, (length, batch, layers, width)."""
        if self.transformer is not None and inputs.subwords is not None:
            layers: Tensor = self.transformer(inputs.subwords)
            return layers
        if inputs.contexts is None:
            raise ValueError("the batch has nothing of an encoder")
        return inputs.contexts

    def loss(self, inputs: Inputs, noise: Noise | None, tag_weights: Tensor | None = None) -> Tensor:
        """Mean loss of the batch's sentences, in nats, with the penalty of the mix."""
        if inputs.tags is None:
            raise ValueError("the batch has no tags to learn from")
        loss = self.decoder.loss(self(inputs, noise), inputs.lengths, inputs.tags, tag_weights)
        return loss if self.mix is None else loss + self.mix.penalty()

    @torch.inference_mode()
    def judge(self, inputs: Inputs) -> tuple[float, list[NDArray[np.integer]]]:
        """Mean loss of the batch's sentences, in nats, and the best tag numbers of each, (length,)."""
        emissions = self(inputs).float()
        loss = 0.0 if inputs.tags is None else self.decoder.loss(emissions, inputs.lengths, inputs.tags, None).item()
        return loss, viterbi(self.lattice(emissions, inputs.lengths))

    def lattice(self, emissions: Tensor, lengths: Tensor) -> Lattice:
        """The emissions with the decoder's scores, for `decoding`."""
        scores = self.decoder.scores()
        words = emissions.detach().cpu().numpy()
        return Lattice(words, scores.transitions, scores.start, scores.end, lengths.cpu().numpy())

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Every tensor by name, those of tables that are not trained among them, and none of a transformer."""
        tensors = {
            **self.state_dict(),
            **{f"words.{number}.table": words.table for number, words in enumerate(self.words)},
        }
        own = {name: tensor for name, tensor in tensors.items() if not name.startswith("transformer.")}
        return {name: tensor.detach().cpu().float().numpy() for name, tensor in own.items()}

    @property
    def trained_words(self) -> list[Words]:
        """The tables of words that training changes."""
        return [words for words in self.words if isinstance(words, Words) and words.is_trained]


def _words(table: WordTable, generator: torch.Generator) -> Words:
    values = (
        embedding_table(table.index.num_rows, table.embedding.width, generator)
        if table.values is None
        else torch.from_numpy(table.values)
    )
    return Words(values, is_trained=table.is_trained, hides_rare=table.values is None, dropout=table.dropout)


def _character_encoder(
    architecture: Architecture, vocabulary: Vocabulary, generator: torch.Generator
) -> CharacterCNN | CharacterLSTM | None:
    sizes = vocabulary.num_characters, architecture.character_width, architecture.character_units
    if architecture.characters == "cnn":
        return CharacterCNN(*sizes, generator)
    return CharacterLSTM(*sizes, generator) if architecture.characters == "lstm" else None
