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
    sums = ChainSums.of(emissions.detach(), transitions.detach(), start.detach(), end.detach(), lengths)
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


class _LogPartition(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        emissions: Tensor,  # noqa: ARG004  # torch's form: the inputs are named for their gradients
        transitions: Tensor,  # noqa: ARG004
        start: Tensor,  # noqa: ARG004
        end: Tensor,  # noqa: ARG004
        sums: ChainSums,
    ) -> Tensor:
        ctx.sums = sums
        return sums.log_partition

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, None]:
        (shares,) = gradients  # (batch,)
        sums: ChainSums = ctx.sums
        marginals = sums.marginals() * shares[:, None, None]  # (batch, length, tags)
        return (
            marginals,
            sums.expected_transitions(shares),
            marginals[:, 0].sum(dim=0),
            sums.last(marginals).sum(dim=0),
            None,
        )
