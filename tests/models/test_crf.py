"""The CRF's likelihood against every path, and its gradient against differences."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tagloom.models.chain_sums import ChainSums
from tagloom.models.crf import log_partition_in_log_space, negative_log_likelihood, path_score

Scores = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


def scores_of(seed: int, lengths: list[int], num_tags: int, scale: float, *, forbid: bool = False) -> Scores:
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64) * scale

    transitions = normal(num_tags, num_tags)
    if forbid and num_tags > 1:
        transitions[-1, 1:] = float("-inf")  # the way to tag 0 stays open
    return (
        normal(len(lengths), max(lengths), num_tags),
        transitions,
        normal(num_tags),
        normal(num_tags),
        torch.tensor(lengths),
    )


def every_path(scores: Scores, sentence: int) -> dict[tuple[int, ...], float]:
    emissions, transitions, start, end, lengths = scores
    found = {}
    for path in itertools.product(range(len(transitions)), repeat=int(lengths[sentence])):
        score = start[path[0]] + end[path[-1]] + sum(emissions[sentence, at, tag] for at, tag in enumerate(path))
        found[path] = float(score + sum(transitions[pair] for pair in itertools.pairwise(path)))
    return found


batches = {
    "seed": st.integers(0, 10**6),
    "lengths": st.lists(st.integers(1, 4), min_size=1, max_size=3),
    "num_tags": st.integers(1, 4),
    "scale": st.sampled_from([0.1, 1.0, 20.0, 400.0]),
    "forbid": st.booleans(),
}


@given(**batches)
def test_log_partition_is_the_sum_over_every_path(
    seed: int, lengths: list[int], num_tags: int, scale: float, forbid: bool
) -> None:
    scores = scores_of(seed, lengths, num_tags, scale, forbid=forbid)
    by_hand = [
        torch.tensor(list(every_path(scores, sentence).values()), dtype=torch.float64).logsumexp(0)
        for sentence in range(len(lengths))
    ]
    sums = ChainSums.of(*scores)
    assert scale > 1 or not sums.underflowed
    if not sums.underflowed:
        torch.testing.assert_close(sums.log_partition, torch.stack(by_hand), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(log_partition_in_log_space(*scores), torch.stack(by_hand), rtol=1e-9, atol=1e-9)


@given(**batches)
def test_path_score_adds_up_what_lies_on_the_path(
    seed: int, lengths: list[int], num_tags: int, scale: float, forbid: bool
) -> None:
    scores = scores_of(seed, lengths, num_tags, scale, forbid=forbid)
    tags = torch.zeros(len(lengths), max(lengths), dtype=torch.int64)
    tags[:, -1] = num_tags - 1
    found = path_score(*scores, tags)
    for sentence, length in enumerate(lengths):
        path = tuple(int(tag) for tag in tags[sentence, :length])
        assert float(found[sentence]) == pytest.approx(every_path(scores, sentence)[path], rel=1e-9, abs=1e-9)


def by_graph(
    emissions: Tensor, transitions: Tensor, start: Tensor, end: Tensor, lengths: Tensor, tags: Tensor
) -> Tensor:
    """The likelihood whose gradient torch works out itself."""
    whole = log_partition_in_log_space(emissions, transitions, start, end, lengths)
    return whole - path_score(emissions, transitions, start, end, lengths, tags)


def random_tags(lengths: list[int], num_tags: int) -> Tensor:
    return torch.randint(num_tags, (len(lengths), max(lengths)), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("scale", [1.0, 500.0])
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_loss_and_gradient_in_closed_form_are_those_of_the_sum(scale: float, seed: int) -> None:
    losses, gradients = [], []
    for function in (negative_log_likelihood, by_graph):
        *scores, lengths = scores_of(seed, [3, 1, 5], 4, scale)
        leaves = [score.requires_grad_() for score in scores]
        losses.append(function(*leaves, lengths, random_tags([3, 1, 5], 4)))
        (losses[-1] * torch.tensor([1.0, -2.0, 0.5])).sum().backward()
        gradients.append([leaf.grad for leaf in leaves])
    torch.testing.assert_close(*losses, rtol=1e-9, atol=1e-9)
    for closed, found in zip(*gradients, strict=True):
        torch.testing.assert_close(closed, found, rtol=1e-7, atol=1e-9)


@given(**batches)
def test_a_scan_gives_what_a_walk_gives(
    seed: int, lengths: list[int], num_tags: int, scale: float, forbid: bool
) -> None:
    scores = scores_of(seed, [*lengths, 7], num_tags, scale, forbid=forbid)
    shares = torch.linspace(-1.0, 2.0, len(lengths) + 1, dtype=torch.float64)
    walked, scanned = (ChainSums.of(*scores, by_scan=by_scan) for by_scan in (False, True))
    if walked.underflowed or scanned.underflowed:
        assert scale > 1
        return
    torch.testing.assert_close(scanned.log_partition, walked.log_partition, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(scanned.marginals(), walked.marginals(), rtol=1e-8, atol=1e-10)
    expected = [sums.expected_transitions(shares) for sums in (scanned, walked)]
    torch.testing.assert_close(*expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("by_scan", [False, True])
def test_what_is_too_small_is_told(by_scan: bool) -> None:
    emissions, transitions, start, end, lengths = scores_of(1, [3], 2, 1.0)
    transitions[0, 0] = transitions[1, 0] = -1e4
    end[1] = -1e6
    assert ChainSums.of(emissions, transitions, start, end, lengths, by_scan=by_scan).underflowed


def test_gradcheck_passes() -> None:
    *scores, lengths = scores_of(5, [2, 4, 1], 3, 1.0)
    leaves = [score.requires_grad_() for score in scores]
    tags = random_tags([2, 4, 1], 3)
    assert torch.autograd.gradcheck(lambda *leaves: negative_log_likelihood(*leaves, lengths, tags), leaves)


def test_a_forbidden_transition_has_no_gradient_and_no_probability() -> None:
    emissions, transitions, start, end, lengths = scores_of(3, [4, 2], 3, 1.0, forbid=True)
    transitions.requires_grad_()
    tags = torch.zeros(2, 4, dtype=torch.int64)
    loss = negative_log_likelihood(emissions, transitions, start, end, lengths, tags)
    loss.sum().backward()
    assert torch.isfinite(loss).all()
    assert transitions.grad is not None
    assert not transitions.grad[-1, 1:].any()


def test_float32_scores_of_hundreds_give_a_finite_loss_and_gradient() -> None:
    emissions, transitions, start, end, lengths = scores_of(3, [6, 2], 5, 300.0)
    single = emissions.float().requires_grad_()
    tags = torch.zeros(2, 6, dtype=torch.int64)
    loss = negative_log_likelihood(single, transitions.float(), start.float(), end.float(), lengths, tags)
    loss.sum().backward()
    assert torch.isfinite(loss).all()
    assert single.grad is not None
    assert torch.isfinite(single.grad).all()
