"""Sums over all paths of a linear chain, from both ends, scaled to a total of 1 at each word (Rabiner 1989).

On the processor they are walked word by word in NumPy, both ways at once: its small operations cost a third of torch's.
On a GPU, where a step takes as long as a launch however small it is, they are products of matrices of neighbouring
words, then of neighbouring pairs and so on: a scan (Hillis & Steele 1986) of log2(length) steps.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tagloom.decoding import mirrored, scaled_both_ways

_UNDERFLOW = 1e-200


def within_lengths(lengths: Tensor, longest: int) -> Tensor:
    """Which places hold a word of their sentence and no padding, (batch, longest), for lengths (batch,)."""
    return torch.arange(longest, device=lengths.device) < lengths[:, None]


@dataclass(frozen=True, slots=True)
class ChainSums:
    """What paths through a batch of sentences add up to. At each word `forward * backward` adds up to `both`.

    Args:
        lengths: words of each sentence, (batch,).
        within: where there is a word, (batch, length, 1).
        weights: of each tag at each word, the largest 1, (batch, length, tags).
        between: of going from one tag to the next, the largest 1, (tags, tags), `[from, to]`.
        forward: sums of the paths up to each tag, (batch, length, tags); any behind a sentence's end.
        backward: sums of the continuations from each tag, likewise.
        totals: what was divided out of `forward` at each word, (batch, length, 1), 1 behind a sentence's end.
        both: (batch, length, 1), 1 behind a sentence's end.
        log_partition: log of the sum over all paths, (batch,), in nats.
        underflowed: whether digits were lost, so that none of this may be used.
    """

    lengths: Tensor
    within: Tensor
    weights: Tensor
    between: Tensor
    forward: Tensor
    backward: Tensor
    totals: Tensor
    both: Tensor
    log_partition: Tensor
    underflowed: bool

    @classmethod
    def of(
        cls,
        emissions: Tensor,
        transitions: Tensor,
        start: Tensor,
        end: Tensor,
        lengths: Tensor,
        *,
        by_scan: bool | None = None,
    ) -> "ChainSums":
        """The sums for scores as `crf.negative_log_likelihood` has them, in double precision and without a graph.

        Args:
            emissions: (batch, length, tags).
            transitions: (tags, tags).
            start: (tags,).
            end: (tags,).
            lengths: (batch,).
            by_scan: rather than word by word; None where the scores lie on a GPU.
        """
        within = within_lengths(lengths, emissions.shape[1])[:, :, None]
        emissions = torch.where(within, emissions, 0.0)
        peaks = emissions.amax(dim=2, keepdim=True)
        weights = (emissions - peaks).exp()
        top, first, last = transitions.max(), start.max(), end.max()
        between, starts, ends = (transitions - top).exp(), (start - first).exp(), (end - last).exp()
        take = _scanned if (emissions.is_cuda if by_scan is None else by_scan) else _walked
        forward, backward, totals = take(weights, within, between, starts, ends)
        both = torch.where(within, (forward * backward).sum(dim=2, keepdim=True), 1.0)
        totals = torch.where(within, totals, 1.0)
        final = _last(forward, lengths) @ ends  # (batch,)
        lowest = torch.minimum(torch.minimum(totals.min(), both.min()), final.min())
        scaled = torch.where(within, totals.log() + peaks, 0.0).sum(dim=(1, 2))
        whole = scaled + final.log() + first + last + top * (lengths - 1)
        is_lossy = not bool(lowest > _UNDERFLOW)
        return cls(lengths, within, weights, between, forward, backward, totals, both, whole, is_lossy)

    def marginals(self) -> Tensor:
        """Probability of each tag at each word, (batch, length, tags); 0 behind a sentence's end."""
        return torch.where(self.within, self.forward * self.backward / self.both, 0.0)

    def expected_transitions(self, shares: Tensor) -> Tensor:
        """How often each transition is expected, summed over sentences by their shares (batch,); (tags, tags)."""
        scale = torch.where(self.within, shares[:, None, None] / (self.totals * self.both), 0.0)
        into = (self.weights * self.backward * scale)[:, 1:]  # (batch, length - 1, tags)
        return self.between * (self.forward[:, :-1].flatten(0, 1).T @ into.flatten(0, 1))

    def last(self, values: Tensor) -> Tensor:
        """Of values (batch, length, tags) those of each sentence's last word, (batch, tags)."""
        return _last(values, self.lengths)


def _last(values: Tensor, lengths: Tensor) -> Tensor:
    return values[torch.arange(len(lengths), device=lengths.device), lengths - 1]


def _walked(
    weights: Tensor, within: Tensor, between: Tensor, starts: Tensor, ends: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Forward and backward sums, (batch, length, tags), and what was divided out of the first, (batch, length, 1)."""
    rows, present = np.arange(len(weights))[:, None], within.squeeze(2).numpy()
    turned = mirrored(present.sum(axis=1), present)
    onwards, steps = weights.numpy(), between.numpy()
    with np.errstate(divide="ignore", invalid="ignore"):  # they are found to have underflowed
        arriving, leaving, totals = scaled_both_ways(
            np.stack([onwards, onwards[rows, turned]]),
            np.stack([steps, steps.T]),
            np.stack([starts.numpy(), ends.numpy()]),
        )
    back = arriving[1][rows, turned]
    return torch.from_numpy(leaving[0]), torch.from_numpy(back), torch.from_numpy(totals[0])[:, :, None]


def _scanned(
    weights: Tensor, within: Tensor, between: Tensor, starts: Tensor, ends: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """The same by products of matrices."""
    num_tags = len(between)
    nothing = torch.eye(num_tags, dtype=weights.dtype, device=weights.device)
    steps = torch.where(within[:, :, :, None], between * weights[:, :, None, :], nothing)  # (batch, length, from, to)
    first = (starts * weights[:, 0])[:, None, None, :].expand(-1, 1, num_tags, -1)
    ahead = _products(torch.cat((first, steps[:, 1:]), dim=1))[:, :, 0]  # any row: all are one
    forward = ahead / ahead.sum(dim=2, keepdim=True)
    after = torch.cat((steps[:, 1:], nothing.expand(len(weights), 1, -1, -1)), dim=1).flip(1).mT
    behind = _products(after).mT.flip(1) @ ends  # (batch, length, tags)
    backward = behind / behind.sum(dim=2, keepdim=True)
    begun = (starts * weights[:, :1]).sum(dim=2, keepdim=True)
    totals = torch.cat((begun, ((forward[:, :-1] @ between) * weights[:, 1:]).sum(dim=2, keepdim=True)), dim=1)
    return forward, backward, totals


def _products(matrices: Tensor) -> Tensor:
    """Of matrices (batch, length, n, n) the product of each with all before it, scaled to a largest entry of 1."""
    step = 1
    while step < matrices.shape[1]:
        matrices = torch.cat((matrices[:, :step], matrices[:, :-step] @ matrices[:, step:]), dim=1)
        matrices = matrices / matrices.amax(dim=(2, 3), keepdim=True)
        step *= 2
    return matrices
