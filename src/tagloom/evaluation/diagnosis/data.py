"""Whether the data is enough, right and of one kind."""

from collections.abc import Iterator

from tagloom.data.quality.checks.parts import LEAST_CHANCE, MOST_DISTANCE, MOST_UNKNOWN
from tagloom.data.quality.drift import drift
from tagloom.evaluation.diagnosis import actions
from tagloom.evaluation.diagnosis.diagnosis import DIVIDE, INFO, LABEL, WARNING, Action, Diagnosis
from tagloom.evaluation.diagnosis.evidence import Evidence, Part
from tagloom.evaluation.diagnosis.fit import LEARNED
from tagloom.evaluation.diagnosis.mislabelled import is_mislabelled
from tagloom.wording import bare, between, per_cent, points

ENOUGH_PER_LABEL = 50
"""Entities of a label from which it begins to be learned (Azure's and spaCy's advice)."""

GOOD = 0.9
"""F1 from which on a label needs no more entities, however few it has."""

STEEP, FLAT = 0.01, 0.005
"""F1 that twice the data brings: from the first on labelling pays, below the second it does not."""

FEW_SENTENCES = 200
"""Below so many sentences to learn from, more of them nearly always help."""

WIDE = 0.05
"""F1 on each side of a score, from which on two models are hard to tell apart by it."""

FEW_ENTITIES = 50
"""Below so many entities to judge by, an interval of sentences drawn anew is too narrow to be believed."""

STRANGER, TWICE = 0.08, 2.0
"""By how much, and how many times, a part may have more unknown words than dev before it is of another kind."""

_MOST_NAMED = 10  # labels


def too_little_data(evidence: Evidence) -> Diagnosis | None:
    """More sentences would help: by the learning curve where there is one, else by their number."""
    curve, known = evidence.learning_curve, evidence.known
    if curve is not None:
        first, last = curve.points[0], curve.points[-1]
        told = (
            f"From {first.num_sentences:,} to {last.num_sentences:,} sentences F1 on the same part went from "
            f"{bare(first.f1)} to {bare(last.f1)}; at its end the curve gives {points(curve.slope)} for twice the data."
        )
        if curve.slope < FLAT:
            if evidence.learned is not None and evidence.learned[0] < LEARNED:
                return None  # a network that learns nothing from anything says nothing of data
            title = "More of the same data would bring little"
            return Diagnosis("enough_data", INFO, title, told, (actions.pretrained_embedding(evidence),))
        if curve.slope < STEEP:
            return None
    elif known is None or known.num_sentences >= FEW_SENTENCES:
        return None
    else:
        told = f"It learned from {known.num_sentences:,} sentences with {sum(known.labels.values()):,} entities."
    remedies = [
        Action("Label more sentences like those that the model will meet.", kind=LABEL),
        actions.pretrained_embedding(evidence),
    ]
    if curve is None:
        remedies.append(actions.learning_curve(evidence))
    return Diagnosis("too_little_data", WARNING, "More data would help", told, remedies)


def starved_labels(evidence: Evidence) -> Diagnosis | None:
    """Labels with too few entities to be learned."""
    known, report = evidence.known, evidence.report
    if known is None:
        return None
    starved = [label for label in report.labels if known.labels.get(label, 0) < ENOUGH_PER_LABEL]
    starved = [label for label in starved if report.labels[label].support and report.labels[label].f1 < GOOD]
    if not starved:
        return None
    starved.sort(key=lambda label: (-report.labels[label].support, label))
    named = starved[:_MOST_NAMED]
    told = "; ".join(
        f"{label}: {known.labels.get(label, 0):,} to learn from, F1 {bare(report.labels[label].f1)}" for label in named
    )
    if len(starved) > len(named):
        told += f"; {len(starved) - len(named):,} more labels"
    return Diagnosis(
        "starved_labels",
        WARNING,
        "Too few entities of some labels",
        f"{told}. A label begins to be learned from {ENOUGH_PER_LABEL} entities on.",
        (
            Action(f"Label more sentences with {', '.join(named)}.", kind=LABEL),
            Action(
                "Find them by a list of names that you have, and correct what it proposes.",
                "tagloom data prelabel MORE.txt more.jsonl --from text --gazetteer NAMES.tsv",
            ),
            Action("Or give rare labels that mean nearly the same one name."),
        ),
    )


def different_mix(evidence: Evidence) -> Diagnosis | None:
    """The judged part is of another kind than what was learned from."""
    part, known = evidence.parts.get(evidence.part), evidence.known
    if part is None or known is None:
        return None
    told = list(_differences(evidence, part))
    if not told:
        return None
    return Diagnosis(
        "different_mix",
        WARNING,
        f"The {evidence.part} part is of another kind than the training part",
        f"{' '.join(told)} The score says how the model does on text unlike what it learned from.",
        (
            Action(
                f"Label some sentences like those of the {evidence.part} part, and learn from them too.", kind=LABEL
            ),
            Action(
                "Or divide all sentences anew, if the model is to be used on both kinds.",
                f"tagloom data split {evidence.data} feature-set/",
                DIVIDE,
            ),
            actions.pretrained_embedding(evidence),
        ),
    )


def label_errors(evidence: Evidence) -> Diagnosis | None:
    """So many labels look wrong that they are probably not the model's errors."""
    suspicion = evidence.suspicion
    if suspicion is None or not is_mislabelled(evidence):
        return None
    examples = f", such as {'; '.join(suspicion.examples)}" if suspicion.examples else ""
    return Diagnosis(
        "label_errors",
        WARNING,
        "Many labels are probably wrong",
        f"Of {suspicion.num_spans:,} spans outside the training part the model confidently reads "
        f"{suspicion.num_wrong:,} ({per_cent(suspicion.share)}) with another label{examples}.",
        (actions.label_errors(evidence), actions.train_anew(evidence)),
    )


def unknown_words(evidence: Evidence) -> Diagnosis | None:
    """The judged part has many words that training never met."""
    part = evidence.parts.get(evidence.part)
    if part is None or part.unknown_words <= MOST_UNKNOWN:
        return None
    examples = f", such as {', '.join(part.frequent_unknown_words)}" if part.frequent_unknown_words else ""
    return Diagnosis(
        "unknown_words",
        WARNING,
        "Too many unknown words",
        f"The training part lacks {per_cent(part.unknown_words)} of the words of the {evidence.part} part{examples}."
        f"{_unseen_entities(evidence)}",
        actions.present(
            actions.pretrained_embedding(evidence),
            actions.other_algorithm(evidence),
            Action("Label more sentences like those that the model will meet.", kind=LABEL),
        ),
    )


def uncertain_score(evidence: Evidence) -> Diagnosis | None:
    """The judged part is so small that its score says little."""
    details, micro = evidence.report.details, evidence.report.micro
    interval = details.intervals["micro"]["f1"] if details is not None else None
    if interval is None or (interval.high - interval.low < 2 * WIDE and micro.support >= FEW_ENTITIES):
        return None
    return Diagnosis(
        "uncertain_score",
        INFO,
        "The score is uncertain",
        f"With {micro.support:,} entities to judge by, F1 {bare(micro.f1)} could as well be anything from "
        f"{between(*interval)} (95 %). Smaller differences between two models mean nothing here.",
        (Action("Label more sentences to judge by, and compare models by several seeds (--seeds 3).", kind=LABEL),),
    )


def _differences(evidence: Evidence, part: Part) -> Iterator[str]:
    known, dev = evidence.known, evidence.parts.get("dev")
    assert known is not None
    apart = drift(known.labels, part.labels)
    if apart.distance > MOST_DISTANCE and apart.chance < LEAST_CHANCE:
        train, own = (max(1, sum(labels.values())) for labels in (known.labels, part.labels))
        shares = {
            label: (part.labels.get(label, 0) / own, known.labels.get(label, 0) / train)
            for label in {**known.labels, **part.labels}
        }
        most = sorted(shares, key=lambda label: (-abs(shares[label][0] - shares[label][1]), label))[:3]
        told = ", ".join(
            f"{label} {per_cent(shares[label][0])} rather than {per_cent(shares[label][1])}" for label in most
        )
        yield f"Its labels have another mix: {told}."
    if dev is None or evidence.part == "dev":
        return
    if part.unknown_words > max(dev.unknown_words + STRANGER, TWICE * dev.unknown_words):
        yield (
            f"The training part lacks {per_cent(part.unknown_words)} of its words, of those of dev "
            f"{per_cent(dev.unknown_words)}."
        )


def _unseen_entities(evidence: Evidence) -> str:
    """How seen and unseen entities fare, where that is known."""
    breakdowns = evidence.report.details.breakdowns if evidence.report.details is not None else ()
    for breakdown in breakdowns:
        if breakdown.name == "seen" and len(breakdown.slices) > 1:
            told = ", ".join(f"{one.name} {per_cent(one.score.recall)}" for one in breakdown.slices)
            return f" Of the entities it finds: {told}."
    return ""
