"""Which labels and edges a model cannot tell, and whether it is too shy or too bold."""

from tagloom.evaluation.diagnosis import actions
from tagloom.evaluation.diagnosis.diagnosis import INFO, LABEL, WARNING, Action, Diagnosis
from tagloom.evaluation.diagnosis.evidence import Evidence
from tagloom.wording import per_cent

OFTEN, LEAST = 0.1, 5
"""Share and number of a label's entities that are taken for another one label."""

MANY_EDGES = 0.15
"""Share of all entities that are found with the right label, but with other edges."""

LOPSIDED = 0.15
"""By how much precision lies above recall, or below it, where it is told."""

DISHONEST, ENOUGH = 0.1, 100
"""How far the mean score may lie from the share that is right, and the number of spans from which on it counts."""

_MOST_PAIRS = 5


def finds_nothing(evidence: Evidence) -> Diagnosis | None:
    """Not one entity."""
    details, micro = evidence.report.details, evidence.report.micro
    if details is None or details.calibration is not None or not micro.support:
        return None
    return Diagnosis(
        "finds_nothing",
        WARNING,
        "It finds nothing",
        f"Not one entity was found where {micro.support:,} are right.",
        (
            actions.more_epochs(evidence),
            actions.higher_learning_rate(evidence),
            actions.weigh_outside_less(evidence),
            Action(
                "Label more sentences with entities, and look whether these have the labels that it learned.",
                kind=LABEL,
            ),
        ),
    )


def confused_labels(evidence: Evidence) -> Diagnosis | None:
    """Labels that are often taken for one another."""
    details = evidence.report.details
    if details is None:
        return None
    confusion = details.confusion
    pairs = []
    for row, gold in enumerate(confusion.labels):
        for column, predicted in enumerate(confusion.labels):
            count = confusion.same_edges[row][column] + confusion.other_edges[row][column]
            support = evidence.report.labels[gold].support if gold in evidence.report.labels else 0
            if row != column and count >= LEAST and count >= OFTEN * support:
                pairs.append((count / support, f"{count:,} of {support:,} {gold} as {predicted}", gold, predicted))
    if not pairs:
        return None
    pairs.sort(reverse=True)
    _, _, gold, predicted = pairs[0]
    return Diagnosis(
        "confused_labels",
        WARNING,
        "Labels are taken for one another",
        f"{'; '.join(told for _, told, _, _ in pairs[:_MOST_PAIRS])}.",
        (
            actions.look_at_errors(evidence, f"what is taken for {predicted} and is {gold}"),
            Action(f"Write down what tells {gold} from {predicted}, and label more of both by it.", kind=LABEL),
            Action("Or give both one name, if nobody needs the difference."),
            actions.label_errors(evidence),
        ),
    )


def uncertain_edges(evidence: Evidence) -> Diagnosis | None:
    """Entities that are found, but begin or end elsewhere."""
    details = evidence.report.details
    if details is None:
        return None
    confusion = details.confusion
    moved = sum(confusion.other_edges[place][place] for place in range(len(confusion.labels)))
    support = evidence.report.micro.support
    if moved < LEAST or moved < MANY_EDGES * support:
        return None
    return Diagnosis(
        "uncertain_edges",
        WARNING,
        "Entities begin or end in the wrong place",
        f"{moved:,} of {support:,} entities ({per_cent(moved / support)}) were found with the right label, but begin "
        "or end elsewhere.",
        actions.present(
            actions.look_at_errors(evidence, "the wrong edges"),
            Action(
                "Write down where an entity begins and ends (article, brand, unit, plural s), and label by it.",
                kind=LABEL,
            ),
            actions.other_algorithm(evidence),
        ),
    )


def lopsided(evidence: Evidence) -> Diagnosis | None:
    """It finds too little, or too much."""
    micro = evidence.report.micro
    told = f"Precision is {per_cent(micro.precision)}, recall {per_cent(micro.recall)}."
    if micro.precision - micro.recall >= LOPSIDED:
        remedies = (actions.weigh_outside_less(evidence), actions.look_at_errors(evidence, "what is missed"))
        return Diagnosis("misses_much", INFO, "It misses more than it invents", told, remedies)
    if micro.recall - micro.precision >= LOPSIDED:
        return Diagnosis("invents_much", INFO, "It invents more than it misses", told, _stricter(evidence))
    return None


def dishonest_scores(evidence: Evidence) -> Diagnosis | None:
    """Its probabilities say too much or too little."""
    calibration = evidence.report.details.calibration if evidence.report.details is not None else None
    if calibration is None:
        return None
    count = sum(one.count for one in calibration.after.bins)
    if count < ENOUGH:
        return None
    mean, right = (
        sum(getattr(one, figure) * one.count for one in calibration.after.bins) / count
        for figure in ("confidence", "precision")
    )
    if abs(mean - right) < DISHONEST:
        return None
    return Diagnosis(
        "dishonest_scores",
        INFO,
        "Its scores promise too much" if mean > right else "Its scores promise too little",
        f"The mean score of what it finds is {mean:.2f}, and {per_cent(right)} of it is right (expected calibration "
        f"error {calibration.after.expected_error:.3f}).",
        (Action("Read scores as an order rather than as probabilities, or give it a dev part more like this one."),),
    )


def _stricter(evidence: Evidence) -> tuple[Action, ...]:
    """A threshold that makes up for it, where there is one."""
    calibration = evidence.report.details.calibration if evidence.report.details is not None else None
    best = max(calibration.thresholds, key=lambda one: one.f1, default=None) if calibration is not None else None
    look = actions.look_at_errors(evidence, "what is invented")
    if best is None or best.threshold <= 0:
        return (look,)
    told = f"precision {per_cent(best.precision)}, recall {per_cent(best.recall)}"
    command = f'tagloom predict {evidence.model} --threshold {best.threshold:.2f} "Some text"'
    return (Action(f"Leave out what scores below {best.threshold:.2f}: {told}.", command), look)
