"""The table of learned word vectors, of which a training step touches only the rows of its batch."""

import torch
from torch import Tensor, nn

from tagloom.features.vocabulary import UNKNOWN_WORD
from tagloom.models.initializers import embedding_table
from tagloom.models.noise import Noise

UNKNOWN_SHARE = 0.5
"""Share of the words seen once that become the unknown word in a step (Lample et al. 2016, section 4.2)."""


class LearnedWords(nn.Module):
    """Word vectors that begin at random and are learned.

    In training, the rows of the batch are a leaf of their own, `gathered`, so that gradient and optimizer cost what the
    batch costs and not what the vocabulary does; `training.optimizers.TableRows` writes them back.

    Args:
        num_words: rows, the unknown word included.
        width: of a vector.
        generator: of the first values.
    """

    def __init__(self, num_words: int, width: int, generator: torch.Generator) -> None:
        super().__init__()
        self.table: Tensor
        self.register_buffer("table", embedding_table(num_words, width, generator))
        self.rows: Tensor | None = None
        self.gathered: Tensor | None = None

    def forward(self, words: Tensor, seen_once: Tensor, noise: Noise | None) -> Tensor:
        """Vectors (words, width) of row numbers (words,)."""
        if noise is None:
            return self.table[words]
        words = words.masked_fill(seen_once & noise.chosen(words.shape, UNKNOWN_SHARE), UNKNOWN_WORD)
        self.rows, places = torch.unique(words, return_inverse=True)
        self.gathered = self.table.index_select(0, self.rows).requires_grad_()
        return self.gathered.index_select(0, places)
