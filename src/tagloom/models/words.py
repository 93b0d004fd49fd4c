"""Tables of word vectors, of which a training step touches only the rows of its batch."""

import torch
from torch import Tensor, nn

from tagloom.features.word_index import UNKNOWN_WORD
from tagloom.models.noise import Noise

UNKNOWN_SHARE = 0.5
"""Share of the words seen once that become the unknown word in a step (Lample et al. 2016, section 4.2)."""


class Words(nn.Module):
    """A table of word vectors.

    In training, the rows of the batch are a leaf of their own, `gathered`, so that gradient and optimizer cost what the
    batch costs and not what the vocabulary does; `training.optimizers.TableRows` writes them back. A table that is not
    trained is in no checkpoint: it is what it was made from.

    Args:
        table: the vectors at first, (rows, width).
        is_trained: whether training changes them.
        hides_rare: whether words seen once are now and then taken for the unknown word, whose vector learns from them.
        dropout: share of a vector that a step leaves out.
    """

    def __init__(
        self, table: Tensor, *, is_trained: bool = True, hides_rare: bool = True, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.table: Tensor
        self.register_buffer("table", table, persistent=is_trained)
        self.is_trained, self._hides_rare, self._dropout = is_trained, hides_rare, dropout
        self.rows: Tensor | None = None
        self.gathered: Tensor | None = None

    def forward(self, words: Tensor, seen_once: Tensor, noise: Noise | None) -> Tensor:
        """Vectors (words, width) of row numbers (words,)."""
        if noise is None:
            return self.table[words]
        if self._hides_rare:
            words = words.masked_fill(seen_once & noise.chosen(words.shape, UNKNOWN_SHARE), UNKNOWN_WORD)
        return noise.dropout(self._gathered(words) if self.is_trained else self.table[words], self._dropout)

    def _gathered(self, words: Tensor) -> Tensor:
        self.rows, places = torch.unique(words, return_inverse=True)
        self.gathered = self.table.index_select(0, self.rows).requires_grad_()
        return self.gathered.index_select(0, places)
