"""Whether a network learned too little, too much by heart, too briefly or too wildly."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import mean

from tagloom.evaluation.diagnosis import actions
from tagloom.evaluation.diagnosis.diagnosis import WARNING, Diagnosis
from tagloom.evaluation.diagnosis.evidence import Evidence
from tagloom.evaluation.diagnosis.mislabelled import is_mislabelled
from tagloom.wording import bare, points

LEARNED = 0.85
"""F1 on its own training part that a network which is large enough reaches."""

SMALL_GAP, LARGE_GAP = 0.15, 0.25
"""F1 by which training may lie above dev: up to the first little was learned by heart, from the second on much."""

RISEN = 1.1
"""The loss on dev, as a multiple of its lowest, from which on it is told."""

SMALL = 50
"""Units per direction below which a network is small whatever it learns."""

STILL_RISING = 0.01
"""F1 that the last quarter of the epochs brings in the mean, over the quarter before it."""

WILD = 0.05
"""Mean change of F1 on dev from epoch to epoch, in the second half."""

_LEAST_EPOCHS = 6  # below, a second half tells nothing


def underfit(evidence: Evidence) -> Diagnosis | None:
    """It does poorly even on what it learned from, and has stopped getting better, or is small."""
    if evidence.learned is None:
        return None
    train, dev = evidence.learned
    if train >= LEARNED or train - dev > SMALL_GAP:
        return None
    units = evidence.options.get("units", SMALL)
    if is_mislabelled(evidence) or (units >= SMALL and _is_rising(evidence)):
        return None
    return Diagnosis(
        "underfit",
        WARNING,
        "The network learns too little",
        f"With {units} units per direction F1 is {bare(train)} even on its own training part (dev {bare(dev)}). "
        f"A network that is large enough reaches {bare(LEARNED)} or more there.",
        actions.present(
            actions.larger_network(evidence),
            actions.higher_learning_rate(evidence),
            actions.other_algorithm(evidence),
            actions.less_dropout(evidence),
            actions.more_epochs(evidence),
        ),
    )


def overfit(evidence: Evidence) -> Diagnosis | None:
    """It knows what it learned from by heart, and other sentences far less well."""
    if evidence.learned is None:
        return None
    train, dev = evidence.learned
    if train < LEARNED or train - dev < LARGE_GAP:
        return None
    return Diagnosis(
        "overfit",
        WARNING,
        "The network learns by heart",
        f"After the last epoch F1 is {bare(train)} on its own training part and {bare(dev)} on dev, "
        f"{points(train - dev)} less.{_told_of_loss(_losses(evidence))}",
        actions.present(
            actions.pretrained_embedding(evidence),
            actions.more_dropout(evidence),
            actions.smaller_network(evidence),
            actions.learning_curve(evidence) if evidence.learning_curve is None else None,
        ),
    )


def still_improving(evidence: Evidence) -> Diagnosis | None:
    """It was better with every epoch, and ended too soon."""
    if not _is_rising(evidence):
        return None
    return Diagnosis(
        "still_improving",
        WARNING,
        "It was still getting better when it ended",
        _told_of_rise(evidence),
        (actions.more_epochs(evidence), actions.higher_learning_rate(evidence)),
    )


def unstable(evidence: Evidence) -> Diagnosis | None:
    """Its score jumps from epoch to epoch."""
    scores = _scores(evidence)
    if len(scores) < _LEAST_EPOCHS:
        return None
    second_half = scores[len(scores) // 2 :]
    change = mean(abs(after - before) for before, after in pairwise(second_half))
    if change < WILD:
        return None
    return Diagnosis(
        "unstable",
        WARNING,
        "The training is unstable",
        f"From epoch to epoch F1 on dev changes by {points(change)} in the mean of its second half (between "
        f"{bare(min(second_half))} and {bare(max(second_half))}), so that the best epoch is partly luck.",
        (actions.lower_learning_rate(evidence), actions.larger_batches(evidence), actions.more_seeds(evidence)),
    )


def _told_of_rise(evidence: Evidence) -> str:
    """What the last epochs brought."""
    if len(evidence.history) == 1 and evidence.learned is not None:
        return f"After its only epoch F1 is {bare(evidence.learned[0])} even on its own training part."
    scores, losses = _scores(evidence), _losses(evidence)
    told = []
    if len(scores) > 1:
        told.append(f"F1 on dev went from {bare(scores[-2])} to {bare(scores[-1])}")
    if len(scores) >= _LEAST_EPOCHS:
        told.append(f"the last quarter of the training lies {points(_rise(evidence))} above the quarter before it")
    elif len(losses) > 1:
        told.append(f"the loss on dev went from {losses[-2]:.2f} to {losses[-1]:.2f}")
    return f"With the last of {len(evidence.history)} epochs {'; '.join(told)}."


def _is_rising(evidence: Evidence) -> bool:
    """Whether more epochs would bring more: by F1 on dev, of a few epochs also by the loss there.

    One epoch shows no rise: then it is whether it has still much to learn of its own training part.
    """
    if len(evidence.history) == 1:
        return evidence.learned is not None and evidence.learned[0] < LEARNED
    losses = _losses(evidence)
    if 2 <= len(losses) < _LEAST_EPOCHS and losses[-1] <= min(losses):
        return True
    return _rise(evidence) >= STILL_RISING


def _rise(evidence: Evidence) -> float:
    """By how much the last quarter of the epochs lies above the quarter before it, in F1 on dev.

    It is 0 where the last epoch is below the mean of that quarter, so that a single jump does not count.
    """
    scores = _scores(evidence)
    if len(scores) < 2:
        return 0.0
    quarter = max(1, len(scores) // 4)
    before, last = scores[-2 * quarter : -quarter], scores[-quarter:]
    return mean(last) - mean(before) if scores[-1] >= mean(last) else 0.0


def _told_of_loss(losses: Sequence[float]) -> str:
    """That the loss on dev has risen, if it has."""
    if not losses or losses[-1] < RISEN * min(losses):
        return ""
    lowest = losses.index(min(losses)) + 1
    return f" The loss on dev was lowest after epoch {lowest} ({min(losses):.2f}) and ended at {losses[-1]:.2f}."


def _losses(evidence: Evidence) -> Sequence[float]:
    return [record.dev["loss"] for record in evidence.history if "loss" in record.dev]


def _scores(evidence: Evidence) -> Sequence[float]:
    return [record.dev["f1"] for record in evidence.history if "f1" in record.dev]
