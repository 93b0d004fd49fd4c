"""The best path of each sentence of a batch (Viterbi 1967)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tagloom.decoding.lattice import Floats, Integers, Lattice

_CACHED = 50_000  # numbers that stay in the processor's cache between two passes
_FEW_ORIGINS = 4  # with so few, tags are taken together whose origins differ, though rows are copied for it


def viterbi(lattice: Lattice) -> list[Integers]:
    """The best path of each sentence: tag numbers, (length,) each; of equal paths the one with the lower tags.

    Scores are kept with the batch innermost, so that each step is two passes over contiguous memory that stays in the
    processor's cache; forbidden transitions are passed over; the way back is found anew along the best path alone.
    """
    emissions = np.ascontiguousarray(lattice.emissions.transpose(1, 2, 0))  # (length, tags, batch)
    length, _, batch = emissions.shape
    entries = list(_entries(lattice.transitions.astype(emissions.dtype, copy=False), batch))
    room = np.empty(max(entry.scores.size for entry in entries) * batch, emissions.dtype)
    active, shortest = np.asarray(lattice.lengths)[None, :], int(min(lattice.lengths))
    best = np.full_like(emissions, -np.inf)
    best[0] = emissions[0] + lattice.start_transitions[:, None]
    for position in range(1, length):
        before, here = best[position - 1], best[position]
        for entry in entries:
            reached = room[: entry.scores.size * batch].reshape(*entry.scores.shape[:2], batch)
            np.add(before[entry.origins], entry.scores, out=reached)
            here[entry.tags] = np.maximum.reduce(reached, axis=1)
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
    """

    tags: Integers | slice
    origins: Integers | slice
    scores: Floats


def _entries(transitions: Floats, batch: int) -> Iterator[_Entry]:
    """What transitions (tags, tags), `[from, to]`, allow: tags with the same origins together, or with as many of them.

    In BIOES nearly all go from the end of anything to its beginning: a quarter of all pairs. Where there are few pairs
    at all, passing over some would take longer.
    """
    num_tags = len(transitions)
    if num_tags**2 * batch <= _CACHED:
        yield _Entry(slice(None), slice(None), np.ascontiguousarray(transitions.T)[:, :, None])
        return
    allowed = transitions > -np.inf
    alike: dict[bytes, list[int]] = {}
    for tag, column in enumerate(np.packbits(allowed, axis=0).T):
        alike.setdefault(column.tobytes(), []).append(tag)
    few: dict[int, list[int]] = {}  # by the number of their origins: tags that share them with few others
    for tags in alike.values():
        origins = np.flatnonzero(allowed[:, tags[0]])
        if len(origins) > _FEW_ORIGINS:
            at_once = max(1, _CACHED // (len(origins) * batch))
            for first in range(0, len(tags), at_once):
                yield _entry(transitions, np.array(tags[first : first + at_once]), origins[None])
        elif len(origins):
            few.setdefault(len(origins), []).extend(tags)
    for tags in few.values():
        yield _entry(transitions, np.array(tags), np.array([np.flatnonzero(allowed[:, tag]) for tag in tags]))


def _entry(transitions: Floats, tags: Integers, origins: Integers) -> _Entry:
    return _Entry(tags, origins, np.ascontiguousarray(transitions[origins, tags[:, None]])[:, :, None])


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
