"""Every rule over the evidence of one model."""

from collections.abc import Callable

from tagloom.evaluation.diagnosis.data import (
    different_mix,
    label_errors,
    starved_labels,
    too_little_data,
    uncertain_score,
    unknown_words,
)
from tagloom.evaluation.diagnosis.diagnosis import WARNING, Diagnosis
from tagloom.evaluation.diagnosis.evidence import Evidence
from tagloom.evaluation.diagnosis.fit import overfit, still_improving, underfit, unstable
from tagloom.evaluation.diagnosis.labels import (
    confused_labels,
    dishonest_scores,
    finds_nothing,
    lopsided,
    uncertain_edges,
)

Rule = Callable[[Evidence], Diagnosis | None]

RULES: tuple[Rule, ...] = (
    finds_nothing,
    label_errors,
    different_mix,
    still_improving,
    underfit,
    overfit,
    unstable,
    too_little_data,
    unknown_words,
    starved_labels,
    confused_labels,
    uncertain_edges,
    lopsided,
    dishonest_scores,
    uncertain_score,
)
"""In the order in which they should be acted on: first what makes other figures mean little."""


def diagnose(evidence: Evidence) -> tuple[Diagnosis, ...]:
    """What stands out, warnings first; nothing where nothing does."""
    found = [diagnosis for rule in RULES if (diagnosis := rule(evidence)) is not None]
    return tuple(sorted(found, key=lambda diagnosis: diagnosis.severity != WARNING))
