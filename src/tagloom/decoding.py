"""What a lattice of scores says: best path, marginals, the n best paths. NumPy, over a whole batch at once.

A lattice is emissions (batch, length, tags), transitions (tags, tags) `[from, to]`, start and end transitions (tags,)
and lengths (batch,). A forbidden transition is minus infinity. Lafferty et al. 2001, section 3; scaling: Rabiner 1989.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

_CACHED = 50_000  # numbers that stay in the processor's cache between two passes
_FEW_ORIGINS = 4
_UNDERFLOW = 1e-200  # a scaled sum below this has lost digits: such sentences are done again in log space


@dataclass(frozen=True, slots=True)
class Lattice:
    """The scores of every path of a batch of sentences.

    Args:
        emissions: score of each tag for each word, (batch, length, tags); what lies past a sentence's end is not read.
        transitions: score of going from one tag to the next, (tags, tags), `[from, to]`; minus infinity forbids.
        start_transitions: score of beginning with a tag, (tags,).
        end_transitions: score of ending with a tag, (tags,).
        lengths: number of words of each sentence, (batch,), at least 1.
    """

    emissions: Floats
    transitions: Floats
    start_transitions: Floats
    end_transitions: Floats
    lengths: Integers

    def sentence(self, index: int) -> "Lattice":
        """The lattice of one sentence alone."""
        one = slice(index, index + 1)
        length = int(self.lengths[index])
        return replace(self, emissions=self.emissions[one, :length], lengths=self.lengths[one])

    def tempered(self, temperature: float) -> "Lattice":
        """The same with every score divided by a temperature above 0; paths keep their order."""
        if temperature == 1.0:
            return self
        return replace(
            self,
            emissions=self.emissions / temperature,
            transitions=self.transitions / temperature,
            start_transitions=self.start_transitions / temperature,
            end_transitions=self.end_transitions / temperature,
        )


def viterbi(lattice: Lattice) -> list[Integers]:
    """The best path of each sentence: tag numbers, (length,) each; of equal paths the one with the lower tags.

    Scores are kept with the batch innermost, so that each step is two passes over contiguous memory that stays in the
    processor's cache; forbidden transitions are passed over; the way back is found anew along the best path alone.
    """
    emissions = np.ascontiguousarray(lattice.emissions.transpose(1, 2, 0))  # (length, tags, batch)
    length, _, batch = emissions.shape
    entries = list(_entries(lattice.transitions.astype(emissions.dtype, copy=False), batch))
    active, shortest = np.asarray(lattice.lengths)[None, :], int(min(lattice.lengths))
    best = np.full_like(emissions, -np.inf)
    best[0] = emissions[0] + lattice.start_transitions[:, None]
    for position in range(1, length):
        before, here = best[position - 1], best[position]
        for entry in entries:
            np.add(before[entry.origins], entry.scores, out=entry.reached)
            here[entry.tags] = np.maximum.reduce(entry.reached, axis=1)
        here += emissions[position]
        if position >= shortest:
            np.copyto(here, before, where=position >= active)
    return _trace_back(best, lattice)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Some tags that can be reached from equally many.

    Args:
        tags: which, (tags,); a slice where it is all.
        origins: from which each can be reached, (1 or tags, origins), one row where they are the same; likewise.
        scores: of going there, (tags, origins, 1).
        reached: room for the scores of the paths there, (tags, origins, batch).
    """

    tags: Integers | slice
    origins: Integers | slice
    scores: Floats
    reached: Floats


def _entries(transitions: Floats, batch: int) -> Iterator[_Entry]:
    """What transitions (tags, tags), `[from, to]`, allow: tags with the same origins together, or with as many of them.

    In BIOES nearly all go from the end of anything to its beginning: a quarter of all pairs. Where there are few pairs
    at all, passing over some would take longer.
    """
    num_tags = len(transitions)
    if num_tags**2 * batch <= _CACHED:
        scores = np.ascontiguousarray(transitions.T)[:, :, None]
        yield _Entry(slice(None), slice(None), scores, np.empty((num_tags, num_tags, batch), transitions.dtype))
        return
    allowed = transitions > -np.inf
    alike: dict[bytes, list[int]] = {}
    for tag, column in enumerate(np.packbits(allowed, axis=0).T):
        alike.setdefault(column.tobytes(), []).append(tag)
    few: dict[int, list[int]] = {}  # by the number of their origins: tags that share them with few others
    for tags in alike.values():
        origins = np.flatnonzero(allowed[:, tags[0]])
        if len(origins) > _FEW_ORIGINS or len(origins) == len(allowed):
            at_once = max(1, _CACHED // (len(origins) * batch))
            for first in range(0, len(tags), at_once):
                yield _entry(transitions, np.array(tags[first : first + at_once]), origins[None], batch)
        elif len(origins):
            few.setdefault(len(origins), []).extend(tags)
    for tags in few.values():
        yield _entry(transitions, np.array(tags), np.array([np.flatnonzero(allowed[:, tag]) for tag in tags]), batch)


def _entry(transitions: Floats, tags: Integers, origins: Integers, batch: int) -> _Entry:
    scores = np.ascontiguousarray(transitions[origins, tags[:, None]])[:, :, None]
    return _Entry(tags, origins, scores, np.empty((*scores.shape[:2], batch), transitions.dtype))


def _trace_back(best: Floats, lattice: Lattice) -> list[Integers]:
    length, _, batch = best.shape
    paths = np.empty((length, batch), np.intp)
    tag = np.argmax(best[-1] + lattice.end_transitions[:, None], axis=0)  # (batch,)
    into = np.ascontiguousarray(lattice.transitions.T).astype(best.dtype)  # (to, from)
    shortest = int(min(lattice.lengths))
    for position in range(length - 1, 0, -1):
        paths[position] = tag
        before = (best[position - 1].T + into[tag]).argmax(axis=1)  # (batch,)
        tag = before if position < shortest else np.where(position < lattice.lengths, before, tag)
    paths[0] = tag
    return [paths[:end, row] for row, end in enumerate(lattice.lengths)]


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
        steps = np.log(totals) + peaks + top * (np.arange(totals.shape[1]) > 0)
        divided_out = np.cumsum(np.where(within, steps, 0.0), axis=1) + lattice.start_transitions.max()
        whole = divided_out[:, -1] + np.log(final) + lattice.end_transitions.max()
        log_forward = np.log(forward) + divided_out[:, :, None]
        # at each word the two sums together give the partition: that fixes the scale of the backward one
        log_backward = np.log(backward) + (whole[:, None] - np.log(both) - divided_out)[:, :, None]
    return Posterior(lattice, log_forward, log_backward, whole), lossy


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


def best_paths(lattice: Lattice, num_paths: int) -> list[list[tuple[Integers, float]]]:
    """The `num_paths` best paths of each sentence with their scores, best first; fewer where no more are allowed.

    List Viterbi (Seshadri & Sundberg 1994): each tag keeps its best partial paths.
    """
    return [_best_paths_of_one(lattice.sentence(index), num_paths) for index in range(len(lattice.lengths))]


def _best_paths_of_one(lattice: Lattice, num_paths: int) -> list[tuple[Integers, float]]:
    emissions = lattice.emissions[0].astype(np.float64)
    length, num_tags = emissions.shape
    scores = np.full((num_tags, num_paths), -np.inf)  # of the partial paths that end in each tag, best first
    scores[:, 0] = emissions[0] + lattice.start_transitions
    origins = np.zeros((length, num_tags, num_paths), np.intp)  # tag before * num_paths + its rank
    for position in range(1, length):
        scores, origins[position] = _merged(scores, lattice.transitions)
        scores += emissions[position][:, None]
    finals = (scores + lattice.end_transitions[:, None]).ravel()
    order = np.argsort(-finals, kind="stable")[:num_paths]
    return [(_follow(origins, int(last)), float(finals[last])) for last in order if np.isfinite(finals[last])]


def _merged(scores: Floats, transitions: Floats) -> tuple[Floats, Integers]:
    """The best partial paths that go on to each tag, of those that end in each, best first.

    Every tag offers its best one; whichever is taken, its tag offers the next. Of equal ones the lower tag goes first.

    Args:
        scores: of the partial paths that end in each tag, best first, (tags, num_paths).
        transitions: (tags, tags), `[from, to]`.

    Returns:
        Scores without emissions, and origins as tag before times `num_paths` plus its rank, (tags, num_paths) each.
    """
    num_tags, num_paths = scores.shape
    left = np.pad(scores, ((0, 0), (0, 1)), constant_values=-np.inf)
    offered = scores[:, :1] + transitions  # (from, to)
    ranks = np.zeros((num_tags, num_tags), np.intp)  # of what is offered
    taken, origins, to = np.empty_like(scores), np.empty(scores.shape, np.intp), np.arange(num_tags)
    for place in range(num_paths):
        best = offered.argmax(axis=0)  # (to,)
        taken[:, place] = offered[best, to]
        origins[:, place] = best * num_paths + ranks[best, to]
        ranks[best, to] += 1
        offered[best, to] = left[best, ranks[best, to]] + transitions[best, to]
    return taken, origins


def _follow(origins: Integers, last: int) -> Integers:
    length, _, num_paths = origins.shape
    path = np.empty(length, np.intp)
    for position in range(length - 1, -1, -1):
        path[position] = last // num_paths
        last = int(origins[position].reshape(-1)[last])
    return path
