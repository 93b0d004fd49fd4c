"""Why a sentence is tagged as it is: the scores that met, the best paths through them, and how probable they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.decoding import Floats
from tagloom.inference.named_lattice import NamedLattice


@dataclass(frozen=True, slots=True)
class ExplainedChunk:
    """An entity on a path.

    Args:
        start: number of its first word, from 0.
        end: number of the word after its last.
        label: what it is.
        score: the probability, over all paths, of exactly this; 0 to 1.
    """

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class ExplainedPath:
    """One way to tag the sentence.

    Args:
        tags: one a word.
        score: sum of the raw scores on it.
        probability: its share of all paths, 0 to 1.
        chunks: the entities that the tags spell.
    """

    tags: tuple[str, ...]
    score: float
    probability: float
    chunks: tuple[ExplainedChunk, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One score on a path.

    Args:
        score: raw.
        is_transition: whether it is that of going from one tag to the next, and not that of a tag at a word.
    """

    score: float
    is_transition: bool


@dataclass(frozen=True, eq=False)
class Explanation:
    """The lattice of a sentence and its best paths. Scores are raw; probabilities are calibrated.

    Args:
        given: words, tags, scores and temperature. A score of minus infinity forbids.
        marginals: probability of each tag at each word, (words, tags).
        paths: the best ones, best first; fewer than were asked for where no more are allowed.
    """

    given: NamedLattice
    marginals: Floats
    paths: tuple[ExplainedPath, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the sentence."""
        return self.given.words

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags, in the order of the scores."""
        return self.given.tags

    @property
    def temperature(self) -> float:
        """What scores are divided by before they become probabilities."""
        return self.given.temperature

    @property
    def emissions(self) -> Floats:
        """Score of each tag at each word, (words, tags)."""
        return np.asarray(self.given.lattice.emissions[0])

    @property
    def transitions(self) -> Floats:
        """Score of going from one tag to the next, (tags, tags) `[from, to]`."""
        return self.given.lattice.transitions

    @property
    def start_transitions(self) -> Floats:
        """Score of beginning with a tag, (tags,)."""
        return self.given.lattice.start_transitions

    @property
    def end_transitions(self) -> Floats:
        """Score of ending with a tag, (tags,)."""
        return self.given.lattice.end_transitions

    @property
    def forbidden(self) -> NDArray[np.bool_]:
        """Which transitions are forbidden, (tags, tags) `[from, to]`."""
        return np.isneginf(self.transitions)

    @property
    def best(self) -> ExplainedPath:
        """The path that wins."""
        return self.paths[0]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each tag in the scores."""
        return {tag: number for number, tag in enumerate(self.tags)}

    def terms(self, path: ExplainedPath) -> list[Term]:
        """What the score of a path is the sum of, in order; without starts or ends where none of them has a score."""
        numbers = [self.numbers[tag] for tag in path.tags]
        terms = [Term(float(self.start_transitions[numbers[0]]), True)] if self.start_transitions.any() else []
        terms.append(Term(float(self.emissions[0, numbers[0]]), False))
        for position, (before, after) in enumerate(pairwise(numbers), start=1):
            terms.append(Term(float(self.transitions[before, after]), True))
            terms.append(Term(float(self.emissions[position, after]), False))
        if self.end_transitions.any():
            terms.append(Term(float(self.end_transitions[numbers[-1]]), True))
        return terms

    def telling_tags(self, most: int) -> list[str]:
        """The tags that tell most: those on the paths, from the best on, then those that are probable somewhere.

        Args:
            most: how many at most.

        Returns:
            Them in the order of the scores.
        """
        on_paths = dict.fromkeys(tag for path in self.paths for tag in path.tags)
        peaks = self.marginals.max(axis=0)
        others = sorted(set(self.tags) - on_paths.keys(), key=lambda tag: (-peaks[self.numbers[tag]], tag))
        chosen = set([*on_paths, *others][:most])
        return [tag for tag in self.tags if tag in chosen]

    def to_json(self) -> dict[str, Any]:
        """As JSON, where null forbids; `named_lattice.lattice_from_json` takes it again."""
        return {
            "words": list(self.words),
            "tags": list(self.tags),
            "emissions": [_scores(row) for row in self.emissions],
            "transitions": [_scores(row) for row in self.transitions],
            "start_transitions": _scores(self.start_transitions),
            "end_transitions": _scores(self.end_transitions),
            "temperature": self.temperature,
            "marginals": self.marginals.tolist(),
            "paths": [_path_to_json(path) for path in self.paths],
        }


def _scores(row: Floats) -> list[float | None]:
    return [float(score) if np.isfinite(score) else None for score in row]


def _path_to_json(path: ExplainedPath) -> dict[str, Any]:
    return {
        "score": path.score,
        "probability": path.probability,
        "tags": list(path.tags),
        "chunks": [_chunk_to_json(chunk) for chunk in path.chunks],
    }


def _chunk_to_json(chunk: ExplainedChunk) -> dict[str, Any]:
    return {"start": chunk.start, "end": chunk.end, "label": chunk.label, "score": chunk.score}


def differences(best: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches of words that two paths tag differently: first word and word after the last of each.

    Example:
        >>> differences(["O", "A", "A", "O"], ["O", "B", "O", "O"])
        [(1, 3)]
    """
    apart = [False, *(one != two for one, two in zip(best, other, strict=True)), False]
    edges = [place for place, (before, after) in enumerate(pairwise(apart)) if before != after]
    return list(zip(edges[::2], edges[1::2], strict=True))


def told_share(probability: float) -> str:
    """A probability in per cent; what is not quite all or nothing does not look so.

    Example:
        >>> told_share(0.12345), told_share(0.99999), told_share(1.0)
        ('12.3%', '>99.9%', '100.0%')
    """
    if 0 < probability < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= probability < 1 else f"{probability:.1%}"
