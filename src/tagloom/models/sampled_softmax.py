"""Which word comes next, of very many: held against some of them in training (Jean et al. 2015), against all in use."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

_SCORES_AT_ONCE = 2**24


class SampledSoftmax(nn.Module):
    """Scores of words that come next, and what they lose.

    Words come by their frequency, so that a rank tells about how often one is met: they are drawn log-uniformly, and
    each score is lessened by the logarithm of how often its word is expected among what was drawn.

    Args:
        num_words: that are told apart, the most frequent first.
        width: of states.
        generator: of the first values.
    """

    def __init__(self, num_words: int, width: int, generator: torch.Generator) -> None:
        super().__init__()
        self.table: Tensor  # a row for each word, its bias behind; training touches some rows of it
        weights = torch.randn(num_words, width, generator=generator) * width**-0.5
        self.register_buffer("table", torch.cat([weights, torch.zeros(num_words, 1)], dim=1))
        self.rows: Tensor | None = None
        self.gathered: Tensor | None = None

    def loss(self, states: Tensor, targets: Tensor, sampled: int, random: np.random.Generator) -> Tensor:
        """Mean loss in nats against so many words that are drawn, and among them the right ones once.

        Args:
            states: (places, width).
            targets: which word comes next, (places,).
            sampled: draws; the same word may be drawn again.
            random: of the draws.
        """
        num_words = len(self.table)
        drawn = torch.from_numpy(np.unique(_log_uniform(random, num_words, sampled))).to(targets.device)
        self.rows, places = torch.unique(torch.cat([drawn, targets]), return_inverse=True)
        self.gathered = self.table.index_select(0, self.rows).requires_grad_()
        weights, biases = self.gathered[:, :-1], self.gathered[:, -1]
        expected = -torch.expm1(sampled * torch.log1p(-_share(self.rows, num_words)))
        lessened = biases - torch.log(expected.clamp(min=1e-9))
        others, own = places[: len(drawn)], places[len(drawn) :]
        against = torch.addmm(lessened[others], states, weights[others].T)  # (places, drawn)
        against = against.masked_fill(drawn == targets[:, None], float("-inf"))  # the right one counts once
        right = (states * weights[own]).sum(dim=1) + lessened[own]
        return (torch.logsumexp(torch.cat([right[:, None], against], dim=1), dim=1) - right).mean()

    @torch.inference_mode()
    def whole_loss(self, states: Tensor, targets: Tensor) -> float:
        """Summed loss in nats against all words."""
        weights, biases = self.table[:, :-1], self.table[:, -1]
        at_once = max(1, _SCORES_AT_ONCE // len(weights))
        return sum(
            functional.cross_entropy(torch.addmm(biases, some, weights.T), own, reduction="sum").item()
            for some, own in zip(torch.split(states, at_once), torch.split(targets, at_once), strict=True)
        )


def _log_uniform(random: np.random.Generator, number: int, draws: int) -> NDArray[np.int64]:
    """Numbers below `number`, each about as often as a word of that rank (Zipf)."""
    found: NDArray[np.int64] = np.exp(random.random(draws) * np.log(number + 1)).astype(np.int64) - 1
    return found.clip(0, number - 1)


def _share(ranks: Tensor, number: int) -> Tensor:
    """How often one draw gives each."""
    ranks = ranks.double()
    share = torch.log((ranks + 2) / (ranks + 1)) / math.log(number + 1)
    return share.float()
