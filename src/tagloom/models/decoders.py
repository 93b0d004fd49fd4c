"""What makes tags of emissions: a CRF with learned transitions, or a softmax; either keeps to the scheme."""

import abc
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tagloom.models.chain_sums import within_lengths
from tagloom.models.crf import negative_log_likelihood
from tagloom.schemes import Scheme


@dataclass(frozen=True, slots=True)
class TransitionScores:
    """Scores as `decoding.Lattice` reads them; minus infinity where the scheme forbids."""

    transitions: NDArray[np.float32]
    start: NDArray[np.float32]
    end: NDArray[np.float32]


class Decoder(nn.Module, abc.ABC):
    """The last part of the network: a loss to train by, and the scores to decode with.

    Args:
        scheme: whose forbidden transitions are kept to.
        tags: every tag, in the order of the emissions.
    """

    def __init__(self, scheme: Scheme, tags: list[str]) -> None:
        super().__init__()
        start, between, end = (torch.from_numpy(mask) for mask in scheme.transition_masks(tags))
        self.allowed_start: Tensor
        self.allowed: Tensor
        self.allowed_end: Tensor
        self.register_buffer("allowed_start", start, persistent=False)
        self.register_buffer("allowed", between, persistent=False)
        self.register_buffer("allowed_end", end, persistent=False)

    @abc.abstractmethod
    def loss(self, emissions: Tensor, lengths: Tensor, tags: Tensor, tag_weights: Tensor | None) -> Tensor:
        """Mean loss of the batch, in nats.

        Args:
            emissions: (batch, length, tags).
            lengths: words of each sentence, (batch,).
            tags: the right ones, (batch, length).
            tag_weights: how much each tag counts, (tags,); None for all alike.
        """

    @abc.abstractmethod
    def _raw_scores(self) -> tuple[Tensor, Tensor, Tensor]:
        """Transitions, start and end scores before the scheme's masks."""

    def constrained(self) -> tuple[Tensor, Tensor, Tensor]:
        """Transitions (tags, tags), start and end scores (tags,) with minus infinity where the scheme forbids."""
        transitions, start, end = self._raw_scores()
        forbidden = float("-inf")
        return (
            transitions.masked_fill(~self.allowed, forbidden),
            start.masked_fill(~self.allowed_start, forbidden),
            end.masked_fill(~self.allowed_end, forbidden),
        )

    def scores(self) -> TransitionScores:
        """The constrained scores as arrays."""
        return TransitionScores(*(scores.detach().cpu().float().numpy() for scores in self.constrained()))


def _mean_weight(tag_weights: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
    """Mean weight of each sentence's tags, (batch,)."""
    within = within_lengths(lengths, tags.shape[1])
    return torch.where(within, tag_weights[tags], 0.0).sum(dim=1) / lengths


class Crf(Decoder):
    """A linear-chain CRF (Lafferty et al. 2001): likelihood of whole sentences, which weigh as their tags do."""

    def __init__(self, scheme: Scheme, tags: list[str]) -> None:
        super().__init__(scheme, tags)
        self.transitions = nn.Parameter(torch.zeros(len(tags), len(tags)))
        self.start_transitions = nn.Parameter(torch.zeros(len(tags)))
        self.end_transitions = nn.Parameter(torch.zeros(len(tags)))

    def _raw_scores(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.transitions, self.start_transitions, self.end_transitions

    def loss(self, emissions: Tensor, lengths: Tensor, tags: Tensor, tag_weights: Tensor | None) -> Tensor:
        """Mean negative log-likelihood of a sentence."""
        losses = negative_log_likelihood(emissions, *self.constrained(), lengths, tags)
        if tag_weights is not None:
            losses = losses * _mean_weight(tag_weights, tags, lengths)
        return losses.mean()


class Softmax(Decoder):
    """A softmax for each word; decodes as a CRF whose allowed transitions score zero (Lester et al. 2020)."""

    def _raw_scores(self) -> tuple[Tensor, Tensor, Tensor]:
        transitions = torch.zeros_like(self.allowed, dtype=torch.float32)
        return transitions, transitions[0], transitions[0]

    def loss(self, emissions: Tensor, lengths: Tensor, tags: Tensor, tag_weights: Tensor | None) -> Tensor:
        """Cross-entropy summed over the words of a sentence, mean over sentences."""
        within = within_lengths(lengths, tags.shape[1])
        summed = functional.cross_entropy(emissions[within], tags[within], weight=tag_weights, reduction="sum")
        return summed / len(lengths)


DECODERS: dict[str, type[Decoder]] = {"crf": Crf, "softmax": Softmax}
