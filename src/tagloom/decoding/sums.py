"""Sums over all paths, and the probabilities that follow from them: scaled (Rabiner 1989), or in log space."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tagloom.decoding.lattice import Floats, Integers, Lattice

_UNDERFLOW = 1e-200  # a scaled sum below this has lost digits: such sentences are done again in log space


@dataclass(frozen=True, slots=True)
class Posterior:
    """Sums over all paths of a batch of lattices, as logarithms.

    Args:
        lattice: what was summed, in double precision.
        forward: log of the summed paths that end in a tag at a word, emission included, (batch, length, tags).
        backward: log of the summed continuations from a tag at a word, (batch, length, tags).
        log_partition: log of the sum over all paths, (batch,), in nats.
    """

    lattice: Lattice
    forward: Floats
    backward: Floats
    log_partition: Floats

    def marginals(self) -> Floats:
        """Probability of each tag at each word, (batch, length, tags); 0 past a sentence's end."""
        with np.errstate(invalid="ignore"):
            logarithms = self.forward + self.backward - self.log_partition[:, None, None]
        return np.where(_within(self.lattice)[:, :, None], np.exp(logarithms), 0.0)

    def path_probability(
        self, sentence: int, first: int, tags: Integers, *, continuations: Sequence[int] = ()
    ) -> float:
        """Probability, over all paths, of exactly these tags from word `first` on, and of none of some behind them.

        With the tags of a chunk, and those with which it would go on behind them, this is the score of a span: it
        begins there, ends there, and does not go on. In BIOES no tag goes on with a chunk that has ended.

        Args:
            sentence: within the batch.
            first: word that the first tag is of.
            tags: numbers, one a word.
            continuations: numbers of the tags that may not be those of the word behind.
        """
        num_tags = len(self.lattice.transitions)
        goes_on = np.zeros((num_tags, num_tags), np.bool_)
        goes_on[tags[-1], list(continuations)] = True
        found = self.path_probabilities(np.array([sentence]), np.array([first]), [tags], goes_on=goes_on)
        return float(found[0])

    def path_probabilities(
        self, sentences: Integers, firsts: Integers, paths: Sequence[Integers], *, goes_on: NDArray[np.bool_]
    ) -> Floats:
        """What `path_probability` gives for each of many stretches, at once.

        Args:
            sentences: of each, within the batch, (stretches,).
            firsts: word that the first tag of each is of, (stretches,).
            paths: the tags of each, numbers, one a word, at least one.
            goes_on: whether the tag of the word behind would go on with what a last tag belongs to, (tags, tags),
                `[from, to]`.

        Returns:
            (stretches,), between 0 and 1.
        """
        lattice, tags = self.lattice, np.concatenate(paths)  # (words of all stretches,)
        lengths = np.array([len(path) for path in paths])
        starts = np.cumsum(lengths) - lengths
        positions = np.arange(len(tags)) + np.repeat(firsts - starts, lengths)
        scores = lattice.emissions[np.repeat(sentences, lengths), positions, tags]
        scores[1:] += lattice.transitions[tags[:-1], tags[1:]]
        scores[starts] = self.forward[sentences, firsts, tags[starts]]
        lasts, ends = firsts + lengths - 1, tags[starts + lengths - 1]
        scores = np.add.reduceat(scores, starts) + self._behind(sentences, lasts, ends, goes_on)
        return np.minimum(1.0, np.exp(scores - self.log_partition[sentences]))

    def _behind(self, sentences: Integers, lasts: Integers, ends: Integers, goes_on: NDArray[np.bool_]) -> Floats:
        """Log of the summed continuations from each last tag that do not go on with it, (stretches,)."""
        behind = self.backward[sentences, lasts, ends]
        some = np.asarray(goes_on.any(axis=1))[ends] & (lasts + 1 < self.lattice.lengths[sentences])
        if some.any():
            rows, nexts, tags = sentences[some], lasts[some] + 1, ends[some]
            after = self.lattice.transitions[tags] + self.lattice.emissions[rows, nexts] + self.backward[rows, nexts]
            after[goes_on[tags]] = -np.inf  # left out rather than subtracted, which would lose digits
            behind[some] = np.logaddexp.reduce(after, axis=1)
        return behind


def posterior(lattice: Lattice) -> Posterior:
    """Forward and backward sums of every sentence: scaled (Rabiner 1989), in log space where that would underflow."""
    lattice = Lattice(
        lattice.emissions.astype(np.float64),
        lattice.transitions.astype(np.float64),
        lattice.start_transitions.astype(np.float64),
        lattice.end_transitions.astype(np.float64),
        np.asarray(lattice.lengths),
    )
    result, lossy = _scaled(lattice)
    if not lossy.any():
        return result
    again = _in_log_space(replace(lattice, emissions=lattice.emissions[lossy], lengths=lattice.lengths[lossy]))
    result.forward[lossy], result.backward[lossy] = again.forward, again.backward
    result.log_partition[lossy] = again.log_partition
    return result


def log_partition(lattice: Lattice) -> Floats:
    """Log of the summed exponentiated scores of all paths, (batch,), in nats."""
    return posterior(lattice).log_partition


def _within(lattice: Lattice) -> NDArray[np.bool_]:
    return np.arange(lattice.emissions.shape[1])[None, :] < lattice.lengths[:, None]  # (batch, length)


def _scaled(lattice: Lattice) -> tuple[Posterior, NDArray[np.bool_]]:
    """Sums as probabilities, divided by their total at each word; also which sentences lost digits in that."""
    lengths, within = lattice.lengths, _within(lattice)
    emissions = np.where(within[:, :, None], lattice.emissions, 0.0)
    peaks = emissions.max(axis=2)  # (batch, length)
    weights = np.exp(emissions - peaks[:, :, None])  # (batch, length, tags), at most 1
    top = max(0.0, float(lattice.transitions.max()))
    between = np.exp(lattice.transitions - top)  # (from, to)
    starts = np.exp(lattice.start_transitions - lattice.start_transitions.max())
    ends = np.exp(lattice.end_transitions - lattice.end_transitions.max())
    rows, turned = np.arange(len(lengths))[:, None], mirrored(lengths, within)
    with np.errstate(divide="ignore", invalid="ignore"):  # such sentences are lossy
        arriving, leaving, totals = scaled_both_ways(
            np.stack([weights, weights[rows, turned]]), np.stack([between, between.T]), np.stack([starts, ends])
        )
        forward, backward = leaving[0], arriving[1][rows, turned]  # (batch, length, tags) each
        final = forward[rows[:, 0], lengths - 1] @ ends
        both = np.where(within, (forward * backward).sum(axis=2), 1.0)  # (batch, length)
        totals = np.where(within, totals[0], 1.0)
        lossy = ~(np.minimum(totals, both).min(axis=1) > _UNDERFLOW) | ~(final > _UNDERFLOW)
        lossy |= _vanished(lattice, forward, backward, within)
        steps = np.log(totals) + peaks + top * (np.arange(totals.shape[1]) > 0)
        divided_out = np.cumsum(np.where(within, steps, 0.0), axis=1) + lattice.start_transitions.max()
        whole = divided_out[:, -1] + np.log(final) + lattice.end_transitions.max()
        log_forward = np.log(forward) + divided_out[:, :, None]
        # at each word the two sums together give the partition: that fixes the scale of the backward one
        log_backward = np.log(backward) + (whole[:, None] - np.log(both) - divided_out)[:, :, None]
    return Posterior(lattice, log_forward, log_backward, whole), lossy


def _vanished(lattice: Lattice, forward: Floats, backward: Floats, within: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which sentences have a sum that is next to nothing though a step from one that is more leads to it, (batch,).

    What vanishes at one word could be most of all paths in the end, since scores of later words may favour it.
    """
    allowed = (lattice.transitions > -np.inf).astype(np.float32)
    possible = lattice.emissions > -np.inf  # (batch, length, tags)
    there, left = forward > _UNDERFLOW, backward > _UNDERFLOW
    reached, continued = np.empty_like(there), np.zeros_like(left)
    reached[:, 0] = lattice.start_transitions > -np.inf
    reached[:, 1:] = there[:, :-1].astype(np.float32) @ allowed > 0
    continued[:, :-1] = (left & possible)[:, 1:].astype(np.float32) @ allowed.T > 0
    continued[np.arange(len(within)), lattice.lengths - 1] = lattice.end_transitions > -np.inf
    lost = (reached & possible & ~there) | (continued & ~left)
    return np.asarray((lost & within[:, :, None]).any(axis=(1, 2)))


def mirrored(lengths: Integers, within: NDArray[np.bool_]) -> Integers:
    """For each word the one that is as far from the sentence's other end, (batch, length); behind its end any."""
    return np.asarray(np.where(within, lengths[:, None] - 1 - np.arange(within.shape[1]), 0))


def scaled_both_ways(weights: Floats, between: Floats, begin: Floats) -> tuple[Floats, Floats, Floats]:
    """Sums from both ends of each sentence at once, since they are the same walk: go on, then weigh.

    Args:
        weights: of each tag at each word, forwards and mirrored, (2, batch, length, tags).
        between: of going from one tag to the next, and back, (2, tags, tags).
        begin: of the first tags, and of the last, (2, tags).

    Returns:
        Sums of the paths that arrive at each tag, of those that leave it, scaled to a total of 1 at each word, both
        (2, batch, length, tags), and the totals that were divided out, (2, batch, length).
    """
    by_word = np.ascontiguousarray(weights.transpose(2, 0, 1, 3))  # (length, 2, batch, tags)
    arriving, leaving = np.empty_like(by_word), np.empty_like(by_word)
    totals = np.empty((*by_word.shape[:3], 1))
    arriving[0] = begin[:, None]
    for position in range(len(by_word)):
        here, total = leaving[position], totals[position]
        if position:
            np.matmul(leaving[position - 1], between, out=arriving[position])
        np.multiply(arriving[position], by_word[position], out=here)
        np.add.reduce(here, axis=2, keepdims=True, out=total)
        here /= total
    return arriving.transpose(1, 2, 0, 3), leaving.transpose(1, 2, 0, 3), totals[..., 0].transpose(1, 2, 0)


def _in_log_space(lattice: Lattice) -> Posterior:
    within = _within(lattice)
    forward = _log_forward(lattice, within)
    whole = _log_sum(forward[:, -1] + lattice.end_transitions, axis=1)
    return Posterior(lattice, forward, _log_backward(lattice, within), whole)


def _log_forward(lattice: Lattice, within: NDArray[np.bool_]) -> Floats:
    forward = np.empty_like(lattice.emissions)
    forward[:, 0] = lattice.emissions[:, 0] + lattice.start_transitions
    for position in range(1, forward.shape[1]):
        before = forward[:, position - 1]  # (batch, tags)
        stepped = _log_sum(before[:, :, None] + lattice.transitions, axis=1) + lattice.emissions[:, position]
        forward[:, position] = np.where(within[:, position, None], stepped, before)
    return forward


def _log_backward(lattice: Lattice, within: NDArray[np.bool_]) -> Floats:
    backward = np.empty_like(lattice.emissions)
    backward[:, -1] = lattice.end_transitions
    for position in range(backward.shape[1] - 1, 0, -1):
        after = backward[:, position]  # (batch, tags)
        stepped = _log_sum(lattice.transitions + (lattice.emissions[:, position] + after)[:, None, :], axis=2)
        backward[:, position - 1] = np.where(within[:, position, None], stepped, after)
    return backward


def _log_sum(values: Floats, axis: int) -> Floats:
    peak = values.max(axis=axis, keepdims=True)
    peak = np.where(np.isfinite(peak), peak, 0.0)
    with np.errstate(divide="ignore", under="ignore"):
        return np.asarray(np.log(np.exp(values - peak).sum(axis=axis)) + peak.squeeze(axis))
