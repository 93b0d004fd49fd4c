"""The trainable side of vectors that depend on a word's sentence: a mix of an encoder's layers."""

import torch
from torch import Tensor, nn

from tagloom.models.noise import Noise


class LayerMix(nn.Module):
    """A weighted mean of an encoder's layers, scaled; weights and scale are learned (Peters et al. 2018, section 3.2).

    Args:
        layers: how many.
        dropout: share of a vector that a step leaves out.
        decay: what the sum of squares of the scores behind the weights is multiplied by as part of the loss: 0.001 is
            published for ELMo.
    """

    def __init__(self, layers: int, dropout: float, decay: float = 0.0) -> None:
        super().__init__()
        self.scores = nn.Parameter(torch.zeros(layers))
        self.scale = nn.Parameter(torch.ones(1))
        self._dropout, self._decay = dropout, decay

    @property
    def weights(self) -> Tensor:
        """What each layer is multiplied by, (layers,)."""
        return self.scale * self.scores.softmax(dim=0)

    def penalty(self) -> Tensor:
        """What a loss has beside it for weights that differ."""
        return self._decay * (self.scores**2).sum()

    def forward(self, layers: Tensor, noise: Noise | None) -> Tensor:
        """Vectors (length, batch, width) of layers (length, batch, layers, width)."""
        mixed = (layers * self.weights[:, None]).sum(dim=2)
        return mixed if noise is None else noise.dropout(mixed, self._dropout)
