"""Likelihood of a linear-chain CRF (Lafferty et al. 2001) with its gradient in closed form.

The gradient of the log of the summed paths is what those paths hold on average: the marginals, and the expected
number of each transition. Both come from one pass forward and one back over probabilities scaled at each word
(Rabiner 1989), in double precision, without a graph. Where scores differ so much that this underflows, the sum is
taken in log space.
"""

from typing import Any

import torch
from torch import Tensor

from tagloom.models.chain_sums import ChainSums, within_lengths


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
        (batch,), in nats, in single precision at least.
    """
    precision = torch.promote_types(emissions.dtype, torch.float32)
    doubles = emissions.double(), transitions.double(), start.double(), end.double()
    with torch.no_grad():
        sums = ChainSums.of(*doubles, lengths)
    if sums.underflowed:
        losses = log_partition_in_log_space(*doubles, lengths) - path_score(*doubles, lengths, tags)
        return losses.to(precision)
    with torch.no_grad():
        losses = (sums.log_partition - path_score(*doubles, lengths, tags)).to(precision)
    result: Tensor = _ClosedForm.apply(emissions, transitions, start, end, losses, sums, tags)  # type: ignore[no-untyped-call]  # torch's
    return result


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


def log_partition_in_log_space(
    emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, lengths: Tensor
) -> Tensor:
    """Log of the summed exponentiated scores of all paths, (batch,), word by word: slower, for scores of any size.

    The forward algorithm (Lafferty et al. 2001, section 3). Arguments as for `negative_log_likelihood`.
    """
    finite = torch.finfo(emissions.dtype).min / 4  # far below any score, and its differences are no NaN
    transitions, start, end = (scores.clamp(min=finite) for scores in (transitions, start, end))
    alpha = emissions[:, 0] + start  # (batch, tags)
    for position in range(1, emissions.shape[1]):
        advanced = torch.logsumexp(alpha[:, :, None] + transitions, dim=1) + emissions[:, position]
        alpha = torch.where((position < lengths)[:, None], advanced, alpha)
    return torch.logsumexp(alpha + end, dim=1)


class _ClosedForm(torch.autograd.Function):
    """Losses that are known already, with their gradient: what paths hold on average, less what the right one holds."""

    @staticmethod
    def forward(
        ctx: Any,
        emissions: Tensor,
        transitions: Tensor,  # torch's form: the inputs are named for their gradients
        start: Tensor,
        end: Tensor,
        losses: Tensor,
        sums: ChainSums,
        tags: Tensor,
    ) -> Tensor:
        ctx.sums, ctx.tags, ctx.dtypes = sums, tags, [each.dtype for each in (emissions, transitions, start, end)]
        return losses

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        sums, tags, shares = ctx.sums, ctx.tags, gradients[0].double()  # shares (batch,)
        by_sentence = shares[:, None, None]
        surplus = sums.marginals() * by_sentence  # (batch, length, tags)
        surplus.scatter_add_(2, tags[:, :, None], torch.where(sums.within, -by_sentence, 0.0))
        steps = sums.expected_transitions(shares) - _counted(tags, sums, shares)
        found = surplus, steps, surplus[:, 0].sum(dim=0), sums.last(surplus).sum(dim=0)
        return *(each.to(dtype) for each, dtype in zip(found, ctx.dtypes, strict=True)), None, None, None


def _counted(tags: Tensor, sums: ChainSums, shares: Tensor) -> Tensor:
    """How often each transition is on the right paths, summed by the sentences' shares, (tags, tags)."""
    num_tags = len(sums.between)
    pairs = (tags[:, :-1] * num_tags + tags[:, 1:]).flatten()
    weights = torch.where(sums.within[:, 1:, 0], shares[:, None], 0.0).flatten()
    counted = weights.new_zeros(num_tags * num_tags).scatter_add_(0, pairs, weights)
    return counted.view(num_tags, num_tags)
