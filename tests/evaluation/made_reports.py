"""Reports that no model earned: hand-made values for pages and tables."""

import random
from collections.abc import Sequence

from tagloom.evaluation.breakdowns import Breakdown, Slice
from tagloom.evaluation.calibration import Bin, Calibration, Reliability, Threshold, Wanted
from tagloom.evaluation.confusion import OUTCOMES, Confusion
from tagloom.evaluation.details import Details
from tagloom.evaluation.diagnosis.diagnosis import Action, Diagnosis
from tagloom.evaluation.failures import Failure
from tagloom.evaluation.history import EpochRecord
from tagloom.evaluation.intervals import Interval, Intervals
from tagloom.evaluation.learning_curve import LearningCurve, LearningPoint
from tagloom.evaluation.report import Report
from tagloom.evaluation.scores import Score, Scores
from tagloom.evaluation.surfaces import WrongSurface
from tagloom.evaluation.tokens import TokenAccuracy
from tagloom.text import Span

LABELS = ("PNAME", "PFEATURE", "BRAND", "LENS")
WORDS = "the new camera has a fine grip but its menu is slow and the battery of this D90 lasts for two days".split()


def score(f1: float, support: int = 100) -> Score:
    return Score(min(1.0, f1 + 0.03), max(0.0, f1 - 0.03), f1, support)


def scores(labels: Sequence[str], best: float) -> Scores:
    own = {label: score(max(0.05, best - 0.06 * (place % 12)), 400 - place) for place, label in enumerate(labels)}
    return Scores(own, score(best - 0.05, 1510), score(best - 0.1, 1510), score(best - 0.06, 1510))


def report(labels: Sequence[str] = LABELS, *, details: Details | None = None, best: float = 0.9) -> Report:
    own = scores(labels, best)
    return Report(
        mode="strict",
        labels=own.labels,
        micro=own.micro,
        macro=own.macro,
        weighted=own.weighted,
        tokens=TokenAccuracy(0.97, 24_310),
        sentences=1_204,
        details=details,
    )


def intervals(score: Score) -> Intervals:
    """An interval about each figure."""
    figures = {figure: getattr(score, figure) for figure in ("precision", "recall", "f1")}
    return {name: Interval(max(0.0, figure - 0.04), min(1.0, figure + 0.02)) for name, figure in figures.items()}


def details(labels: Sequence[str] = LABELS, failures: Sequence[Failure] = (), *, is_calibrated: bool = True) -> Details:
    strict = scores(labels, 0.9)
    modes = {"strict": strict, "conlleval": scores(labels, 0.91), "partial": scores(labels, 0.94)}
    averages = {"micro": strict.micro, "macro": strict.macro, "weighted": strict.weighted}
    accuracy = {"accuracy": Interval(0.961, 0.978)}
    slices = [Slice(name, score(f1), 90) for name, f1 in (("seen in training", 0.93), ("new", 0.71))]
    lengths = [Slice(f"{number} words", score(0.95 - number / 10), 120) for number in range(1, 5)]
    return Details(
        modes=modes,
        intervals={**{name: intervals(own) for name, own in averages.items()}, "tokens": accuracy},
        label_intervals={label: intervals(own) for label, own in strict.labels.items()},
        confusion=confusion(labels),
        breakdowns=[
            Breakdown("seen", "Entities seen in training", slices),
            Breakdown("entity_length", "By length of the entity", lengths),
        ],
        surfaces=[
            WrongSurface("D90", "missed", "PNAME", None, 14, 41),
            WrongSurface("battery life of the older one", "wrong_edge", "PFEATURE", "PFEATURE", 9, 9),
            WrongSurface("Nikon", "wrong_label", "BRAND", "PNAME", 7, 80),
            WrongSurface("grip", "invented", None, "PFEATURE", 3, 0),
        ],
        calibration=calibration() if is_calibrated else None,
        failures=failures,
    )


def confusion(labels: Sequence[str]) -> Confusion:
    chance = random.Random(3)
    size = len(labels)
    same = [
        [1_350 - 90 * row if row == column < size else chance.choice((0, 0, 2, 5, 17)) for column in range(size + 1)]
        for row in range(size + 1)
    ]
    same[size][size] = 0
    other = [
        [chance.choice((0, 1, 4, 8)) if max(row, column) < size else 0 for column in range(size + 1)]
        for row in range(size + 1)
    ]
    outcomes = {label: {outcome: chance.randrange(40) for outcome in OUTCOMES} for label in labels}
    return Confusion(labels, [[max(0, each) for each in row] for row in same], other, outcomes)


def calibration() -> Calibration:
    def bins(off: float) -> list[Bin]:
        middles = [(place + 0.5) / 10 for place in range(10)]
        return [
            Bin(middle - 0.05, middle + 0.05, 0 if place == 1 else 10 + place**3, middle, max(0.0, middle - off))
            for place, middle in enumerate(middles)
        ]

    thresholds = [
        Threshold(place / 100, 0.8 + place / 500, 0.9 - (place / 100) ** 4 * 0.8, 0.85 - (place / 100) ** 4 / 2, 1500)
        for place in range(101)
    ]
    wanted = [Wanted(0.9, thresholds[50]), Wanted(0.99, None)]
    return Calibration(Reliability(0.112, bins(0.15)), Reliability(0.021, bins(0.03)), thresholds, wanted)


def failure(number: int, *, num_words: int = 25, labels: Sequence[str] = LABELS) -> Failure:
    """A sentence of our own words whose first two entities are wrong in one of the ways, and whose third is right."""
    chance = random.Random(number)
    words = [chance.choice(WORDS) for _ in range(num_words)]
    text = " ".join(words)
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)

    def span(first: int, last: int, label: str, sure: float | None = None) -> Span:
        return Span(starts[first], starts[last] - 1, label, sure)

    label, other = chance.sample(list(labels), 2)
    right = span(12, 13, label)
    found = span(12, 13, label, 0.98)
    cases = {
        "missed": ([span(1, 3, label)], []),
        "invented": ([], [span(1, 2, label, 0.61)]),
        "wrong_edge": ([span(1, 3, label)], [span(2, 3, label, 0.55)]),
        "wrong_label": ([span(1, 3, label)], [span(1, 3, other, 0.72)]),
        "wrong_both": ([span(1, 3, label)], [span(2, 4, other, 0.4)]),
    }
    fault = list(cases)[number % len(cases)]
    gold, predicted = cases[fault]
    return Failure(
        number,
        f"review-{number // 7}",
        text,
        [*gold, right],
        [*predicted, found],
        [*([fault] * len(gold)), "correct"],
        [*([fault] * len(predicted)), "correct"],
    )


def history(epochs: int = 12) -> list[EpochRecord]:
    return [
        EpochRecord(
            epoch,
            100 * (epoch + 1),
            8 / (epoch + 1),
            {"precision": 0.9 - 0.5 / (epoch + 1), "recall": 0.85 - 0.5 / (epoch + 1), "f1": 0.87 - 0.5 / (epoch + 1)}
            | {"loss": 6 / (epoch + 1) + epoch / 10},
            1.5,
            20_000.0,
            0.001,
            {"f1": 0.98 - 0.5 / (epoch + 1), "loss": 7 / (epoch + 1)},
        )
        for epoch in range(epochs)
    ]


def learning_curve() -> LearningCurve:
    points = [
        LearningPoint(share, int(4_000 * share), int(9_000 * share), f1, Interval(f1 - 0.03, f1 + 0.02))
        for share, f1 in ((0.25, 0.71), (0.5, 0.79), (0.75, 0.82), (1.0, 0.84))
    ]
    return LearningCurve(points)


def diagnosis() -> list[Diagnosis]:
    return [
        Diagnosis(
            "overfit",
            "warning",
            "The model learns its training part by heart",
            "At epoch 9 F1 is 97.1 % on a sample of train and 85.3 % on dev, 11.8 points less; the loss on dev rises.",
            [
                Action("More dropout.", "tagloom train reviews.json --set dropout=0.6 -o runs/reviews-dropout"),
                Action("A smaller LSTM.", "tagloom train reviews.json --set units=50 -o runs/reviews-units-50"),
                Action("More sentences like those of dev."),
            ],
        ),
        Diagnosis("still_improving", "info", "It was still getting better", "F1 rose in the last epochs.", []),
    ]
