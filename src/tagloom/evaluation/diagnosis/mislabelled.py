"""Whether so many labels are probably wrong that other figures mean little."""

from tagloom.evaluation.diagnosis.evidence import Evidence

MANY, LEAST = 0.1, 10
"""Share and number of spans outside the training part that the model confidently reads with another label."""


def is_mislabelled(evidence: Evidence) -> bool:
    """Whether the suspicion is more than single cases."""
    suspicion = evidence.suspicion
    return suspicion is not None and suspicion.num_wrong >= LEAST and suspicion.share >= MANY
