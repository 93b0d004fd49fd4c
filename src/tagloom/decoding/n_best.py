"""The n best paths of each sentence."""

import numpy as np

from tagloom.decoding.lattice import Floats, Integers, Lattice


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
