"""Confident learning (Northcutt et al. 2021): which labels are probably wrong, by models that never saw them.

A label's threshold is its mean self-confidence: how probable, on average, a model that did not learn from it finds what
is labelled so. A reading that passes its label's threshold is a confident one. What is given is held against what is
suggested on the scale of log-odds, each measured from its label's threshold, so that a label of which models are seldom
sure is not accused more often than others.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tagloom.text import Chunk
from tagloom.training.readings import Place, Reading, overlap

WRONG_LABEL, WRONG_BOUNDS, EXTRA, MISSING = "wrong_label", "wrong_bounds", "extra", "missing"
KINDS: Mapping[str, str] = {
    WRONG_LABEL: "labelled, but as something else",
    WRONG_BOUNDS: "labelled rightly, but from or to the wrong word",
    EXTRA: "labelled, but should be bare",
    MISSING: "bare, but should be labelled",
}
"""Each kind of error, and what it means."""

_SURE = 1e-6  # no probability is taken to be nearer to 0 or 1 than this


class SelfConfidence:
    """The mean self-confidence of each label, `None` for bare words, as places come in."""

    def __init__(self) -> None:
        self._sums: defaultdict[str | None, float] = defaultdict(float)
        self._counts: defaultdict[str | None, int] = defaultdict(int)

    def add(self, label: str | None, probability: float, count: int = 1) -> None:
        """Notes how probable the model finds what is given.

        Args:
            label: as given; None for bare words.
            probability: of one place, or the sum over several.
            count: how many places these are.
        """
        self._sums[label] += probability
        self._counts[label] += count

    def count(self, label: str | None) -> int:
        """Places that were noted."""
        return self._counts[label]

    def thresholds(self) -> dict[str | None, float]:
        """The mean of each label.

        Example:
            >>> confidence = SelfConfidence()
            >>> confidence.add("PNAME", 0.9)
            >>> confidence.add("PNAME", 0.5)
            >>> confidence.thresholds()
            {'PNAME': 0.7}
        """
        return {label: self._sums[label] / count for label, count in self._counts.items() if count}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A place that is probably labelled wrongly.

    Args:
        sentence: index of the sentence.
        given: as it is labelled.
        suggested: the most probable of the other readings.
        score: by how much the log-odds of what is suggested exceed those of what is given, each measured from its
            label's threshold, in nats.
        is_confident: whether what is suggested passes its label's threshold, and is more probable than what is given.
    """

    sentence: int
    given: Reading
    suggested: Reading
    score: float
    is_confident: bool

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        if self.given.label is None:
            return MISSING
        if self.suggested.label is None:
            return EXTRA
        return WRONG_BOUNDS if self.suggested.label == self.given.label else WRONG_LABEL


def suspects(places: Iterable[Place], thresholds: Mapping[str | None, float]) -> list[Suspect]:
    """The places whose score is above 0, the most suspicious first; of those that suggest one stretch only the first.

    Args:
        places: with at least one rival each.
        thresholds: of each label, `None` for bare words.
    """
    found = [suspect for place in places if (suspect := _suspect(place, thresholds)).score > 0]
    found.sort(key=lambda suspect: (-suspect.score, suspect.sentence, suspect.given.chunk or suspect.suggested.chunk))
    taken: defaultdict[int, list[Chunk]] = defaultdict(list)
    kept = []
    for suspect in found:
        chunk = suspect.suggested.chunk
        if chunk is not None and any(overlap(chunk, other) for other in taken[suspect.sentence]):
            continue
        taken[suspect.sentence] += [one.chunk for one in (suspect.given, suspect.suggested) if one.chunk is not None]
        kept.append(suspect)
    return kept


def _suspect(place: Place, thresholds: Mapping[str | None, float]) -> Suspect:
    given, suggested = place.given, place.rivals[0]
    passes = suggested.probability >= thresholds.get(suggested.label, 1.0)
    return Suspect(
        sentence=place.sentence,
        given=given,
        suggested=suggested,
        score=_excess(suggested, thresholds) - _excess(given, thresholds),
        is_confident=passes and suggested.probability > given.probability,
    )


def _excess(reading: Reading, thresholds: Mapping[str | None, float]) -> float:
    """How far its log-odds lie above those of its label's threshold."""
    return _log_odds(reading.probability) - _log_odds(thresholds.get(reading.label, 0.5))


def _log_odds(probability: float) -> float:
    kept = min(max(probability, _SURE), 1 - _SURE)
    return math.log(kept / (1 - kept))
