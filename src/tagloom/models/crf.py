"""Likelihood of a linear-chain CRF (Lafferty et al. 2001) with its gradient in closed form.

The gradient of the log of the summed paths is what those paths hold on average: the marginals, and the expected
number of each transition. Both come from one pass forward and one back over probabilities scaled at each word
(Rabiner 1989), in double precision, without a graph. Where scores differ so much that this underflows, the sum is
taken in log space.
"""

from typing import Any

import torch
from torch import Tensor

_UNDERFLOW = 1e-200


def negative_log_likelihood(
    emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, lengths: Tensor, tags: Tensor
) -> Tensor:
    """Minus the log probability of the tags given the words.

    Args:
        emissions: score of each tag for each word, (batch, length, tags).
        transitions: score of going from one tag to the next, (tags, tags), `[from, to]`; minus infinity forbids.
        start: score of beginning with a tag, (tags,).
        end: score of ending with a tag, (tags,).
        lengths: words of each sentence, (batch,), at least 1.
        tags: the tags of the words, (batch, length); not read behind a sentence's end.

    Returns:
        (batch,), in nats.
    """
    doubles = emissions.double(), transitions.double(), start.double(), end.double()
    gold = path_score(*doubles, lengths, tags)
    return (log_partition(*doubles, lengths) - gold).to(emissions.dtype)


def path_score(
    emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, lengths: Tensor, tags: Tensor
) -> Tensor:
    """Score of the path that the tags name, (batch,)."""
    within = within_lengths(lengths, emissions.shape[1])
    unary = emissions.gather(2, tags[:, :, None]).squeeze(2)  # (batch, length)
    score = torch.where(within, unary, 0.0).sum(dim=1)
    steps = transitions[tags[:, :-1], tags[:, 1:]]  # (batch, length - 1)
    score = score + torch.where(within[:, 1:], steps, 0.0).sum(dim=1)
    last = tags.gather(1, lengths[:, None] - 1).squeeze(1)
    return score + start[tags[:, 0]] + end[last]


def log_partition(emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, lengths: Tensor) -> Tensor:
    """Log of the summed exponentiated scores of all paths: the forward algorithm (Lafferty et al. 2001, section 3).

    Arguments as for `negative_log_likelihood`, in double precision. Returns (batch,), in nats.
    """
    sums = _Sums(emissions.detach(), transitions.detach(), start.detach(), end.detach(), lengths)
    if sums.underflowed:
        return log_partition_in_log_space(emissions, transitions, start, end, lengths)
    result: Tensor = _LogPartition.apply(emissions, transitions, start, end, sums)  # type: ignore[no-untyped-call]  # torch's
    return result


def log_partition_in_log_space(
    emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, lengths: Tensor
) -> Tensor:
    """The same sum word by word in logarithms: slower, for scores of any size."""
    finite = torch.finfo(emissions.dtype).min / 4  # far below any score, and its differences are no NaN
    transitions, start, end = (scores.clamp(min=finite) for scores in (transitions, start, end))
    alpha = emissions[:, 0] + start  # (batch, tags)
    for position in range(1, emissions.shape[1]):
        advanced = torch.logsumexp(alpha[:, :, None] + transitions, dim=1) + emissions[:, position]
        alpha = torch.where((position < lengths)[:, None], advanced, alpha)
    return torch.logsumexp(alpha + end, dim=1)


def within_lengths(lengths: Tensor, longest: int) -> Tensor:
    """Which places hold a word of their sentence and no padding, (batch, longest), for lengths (batch,)."""
    return torch.arange(longest, device=lengths.device) < lengths[:, None]


class _Sums:
    """Scaled forward and backward sums, time first. At each word `forward * backward` adds up to `both`."""

    def __init__(self, emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, lengths: Tensor) -> None:
        self.lengths = lengths
        self.within = within_lengths(lengths, emissions.shape[1]).T.contiguous()[:, :, None]  # (length, batch, 1)
        emissions = torch.where(self.within, emissions.transpose(0, 1), 0.0)  # (length, batch, tags)
        peaks = emissions.amax(dim=2, keepdim=True)
        self.weights = (emissions - peaks).exp()
        top, first, last = transitions.max(), start.max(), end.max()
        self.between, self.starts, self.ends = (transitions - top).exp(), (start - first).exp(), (end - last).exp()
        self._run_forward()
        self._run_backward()
        final = self.forward[-1] @ self.ends  # (batch,)
        self.both = (self.forward * self.backward).sum(dim=2, keepdim=True)  # (length, batch, 1)
        lowest = torch.minimum(torch.minimum(self.totals.min(), self.both.min()), final.min())
        self.underflowed = not bool(lowest > _UNDERFLOW)
        scaled = torch.where(self.within, self.totals.log() + peaks, 0.0).sum(dim=(0, 2))
        self.log_partition = scaled + final.log() + first + last + top * (lengths - 1)

    def _run_forward(self) -> None:
        self.forward, self.totals = torch.empty_like(self.weights), torch.ones_like(self.weights[:, :, :1])
        here = self.weights[0] * self.starts  # (batch, tags)
        for position in range(len(self.weights)):
            if position:
                stepped = (here @ self.between) * self.weights[position]
                here = torch.where(self.within[position], stepped, here)
            torch.sum(here, dim=1, keepdim=True, out=self.totals[position])
            here = torch.div(here, self.totals[position], out=self.forward[position])

    def _run_backward(self) -> None:
        self.backward = torch.empty_like(self.weights)
        here = self.ends.expand_as(self.weights[0])
        into = self.between.T.contiguous()
        for position in range(len(self.weights) - 1, -1, -1):
            self.backward[position] = here
            if position:
                stepped = (here * self.weights[position]) @ into
                stepped = stepped / stepped.sum(dim=1, keepdim=True)
                here = torch.where(self.within[position], stepped, here)

    def marginals(self) -> Tensor:
        """Probability of each tag at each word, (length, batch, tags); 0 behind a sentence's end."""
        return torch.where(self.within, self.forward * self.backward / self.both, 0.0)

    def expected_transitions(self, shares: Tensor) -> Tensor:
        """How often each transition is expected, summed over sentences by their shares (batch,); (tags, tags)."""
        into = torch.where(self.within, self.weights * self.backward, 0.0)[1:]  # (length - 1, batch, tags)
        before = self.forward[:-1]
        whole = ((before @ self.between) * into).sum(dim=2, keepdim=True)
        scale = torch.where(self.within[1:], shares[:, None] / whole, 0.0)
        return self.between * (before.flatten(0, 1).T @ (into * scale).flatten(0, 1))


class _LogPartition(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, sums: _Sums) -> Tensor:  # noqa: ARG004  # torch's form: the inputs are named for their gradients
        ctx.sums = sums
        return sums.log_partition

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, None]:
        (shares,) = gradients  # (batch,)
        sums: _Sums = ctx.sums
        marginals = sums.marginals() * shares[:, None]  # (length, batch, tags)
        rows = torch.arange(len(shares), device=shares.device)
        last = marginals[sums.lengths - 1, rows]  # (batch, tags)
        return (
            marginals.transpose(0, 1),
            sums.expected_transitions(shares),
            marginals[0].sum(dim=0),
            last.sum(dim=0),
            None,
        )
