"""Each rule by the figures that it reads: what sets it off, what does not, and that what it proposes is a command."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from typer.main import get_command

from tagloom.cli.main import app
from tagloom.evaluation.diagnosis.diagnose import diagnose
from tagloom.evaluation.diagnosis.diagnosis import TRAIN, Diagnosis
from tagloom.evaluation.diagnosis.evidence import Evidence, Part, Suspicion
from tagloom.evaluation.evaluating import evaluate
from tagloom.evaluation.history import EpochRecord
from tagloom.evaluation.intervals import Interval
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.known import Known
from tagloom.evaluation.learning_curve import LearningCurve, LearningPoint
from tagloom.evaluation.report import Report
from tagloom.runs.config import TrainingConfig
from tagloom.text import Chunk, Sentence, Span, Token

WORDS = 6
KNOWN = Known(surfaces={}, labels={"PNAME": 400, "PFEATURE": 600}, words={}, num_sentences=900)


def sentence() -> Sentence:
    text = " ".join("word" for _ in range(WORDS))
    return Sentence(text, tuple(Token(5 * place, 5 * place + 4) for place in range(WORDS)), (Span(0, 4, "PNAME"),))


def judged(pairs: Sequence[tuple[Chunk | None, Chunk | None, int]], score: float = 0.9) -> Report:
    """The report of sentences with one gold and one predicted chunk or none, each so many times."""
    gold, predicted = (
        [[pair[side]] if pair[side] is not None else [] for pair in pairs for _ in range(pair[2])] for side in (0, 1)
    )
    scores = [[score] * len(own) for own in predicted]
    sentences = [sentence() for _ in gold]
    return evaluate(Judged(sentences, gold, predicted, scores, scores), KNOWN)


NAME, FEATURE, LONGER = (0, 1, "PNAME"), (0, 1, "PFEATURE"), (0, 2, "PNAME")
SOUND = judged([(NAME, NAME, 450), (FEATURE, FEATURE, 450), (NAME, None, 5), (None, FEATURE, 5)], score=0.98)


def epochs(train: Sequence[float], dev: Sequence[float], losses: Sequence[float] | None = None) -> list[EpochRecord]:
    told = losses or [1.0] * len(dev)
    return [
        EpochRecord(place, place, 1.0, {"f1": own, "loss": loss}, 1.0, 1.0, 0.001, {"f1": seen, "loss": 1.0})
        for place, (seen, own, loss) in enumerate(zip(train, dev, told, strict=True))
    ]


STEADY = epochs([0.5, 0.8, 0.9, *[0.99] * 9], [0.5, 0.8, *[0.9] * 10])


def evidence(**known: Any) -> Evidence:
    given: dict[str, Any] = {
        "report": SOUND,
        "part": "test",
        "history": STEADY,
        "options": TrainingConfig().to_options(),
        "known": KNOWN,
        "parts": {"dev": part(0.05), "test": part(0.06)},
        "model": "runs/camera",
        "again": "tagloom train --config runs/camera/config.toml",
        "data": "reviews.conll",
    }
    return Evidence(**{**given, **known})


def part(unknown_words: float, labels: Mapping[str, int] | None = None) -> Part:
    return Part(labels or {"PNAME": 40, "PFEATURE": 60}, unknown_words, ("OM-5",))


def kinds(**known: Any) -> list[str]:
    return [diagnosis.kind for diagnosis in diagnose(evidence(**known))]


def found(kind: str, **known: Any) -> Diagnosis:
    (diagnosis,) = (one for one in diagnose(evidence(**known)) if one.kind == kind)
    return diagnosis


def options(**changed: Any) -> dict[str, Any]:
    return TrainingConfig(**changed).to_options()


def curve(*scores: float) -> LearningCurve:
    shares = (0.25, 0.5, 0.75, 1.0)[-len(scores) :]
    points = [
        LearningPoint(share, int(400 * share), int(600 * share), f1, Interval(0, 1))
        for share, f1 in zip(shares, scores, strict=True)
    ]
    return LearningCurve(points)


def test_nothing_stands_out_of_a_sound_training() -> None:
    assert kinds() == []


POOR = epochs([0.5, *[0.7] * 11], [0.5, *[0.65] * 11])
RISING = epochs([0.05 * place for place in range(12)], [0.05 * place for place in range(12)])
CASES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "poor on its own training part": ("underfit", {"history": POOR}),
    "poor, rising and small": ("underfit", {"history": RISING, "options": options(units=4)}),
    "perfect on training, poor on dev": ("overfit", {"history": epochs([1.0] * 12, [0.5] * 12)}),
    "rising to the end": ("still_improving", {"history": RISING}),
    "two epochs whose loss falls": ("still_improving", {"history": epochs([0, 0], [0, 0], [7.4, 6.1])}),
    "a single epoch": ("still_improving", {"history": epochs([0.4], [0.4])}),
    "jumps": ("unstable", {"history": epochs([0.9] * 12, [0.8, 0.7] * 6)}),
    "few sentences": ("too_little_data", {"known": replace(KNOWN, num_sentences=60)}),
    "a steep learning curve": ("too_little_data", {"learning_curve": curve(0.5, 0.6, 0.7, 0.75)}),
    "a flat learning curve": ("enough_data", {"learning_curve": curve(0.7, 0.9, 0.9, 0.901)}),
    "a rare label": (
        "starved_labels",
        {
            "known": replace(KNOWN, labels={"PNAME": 400, "PFEATURE": 12}),
            "report": judged([(NAME, NAME, 400), (FEATURE, None, 30), (FEATURE, FEATURE, 90)]),
        },
    ),
    "another mix of labels": ("different_mix", {"parts": {"test": part(0.05, {"PNAME": 900, "PFEATURE": 100})}}),
    "other words than dev": ("different_mix", {"parts": {"dev": part(0.05), "test": part(0.19)}}),
    "labels that the model doubts": ("label_errors", {"suspicion": Suspicion(100, 20, ["'D90' as PFEATURE"])}),
    "many unknown words": ("unknown_words", {"parts": {"dev": part(0.2), "test": part(0.25)}}),
    "labels taken for one another": (
        "confused_labels",
        {"report": judged([(NAME, NAME, 400), (NAME, FEATURE, 60), (FEATURE, FEATURE, 400)])},
    ),
    "moved edges": ("uncertain_edges", {"report": judged([(NAME, NAME, 400), (NAME, LONGER, 100)])}),
    "precision far above recall": ("misses_much", {"report": judged([(NAME, NAME, 300), (NAME, None, 200)])}),
    "recall far above precision": ("invents_much", {"report": judged([(NAME, NAME, 300), (None, NAME, 200)])}),
    "scores that promise too much": (
        "dishonest_scores",
        {"report": judged([(NAME, NAME, 300), (None, NAME, 100)], 0.95)},
    ),
    "nothing is found": ("finds_nothing", {"report": judged([(NAME, None, 90)])}),
    "a handful to judge by, all of it missed": (
        "uncertain_score",
        {"report": judged([(NAME, None, 5), (None, NAME, 5)])},
    ),
    "a small part to judge by": ("uncertain_score", {"report": judged([(NAME, NAME, 20), (NAME, None, 9)])}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_planted_is_named(case: str) -> None:
    kind, known = CASES[case]
    assert kind in kinds(**known)
    assert found(kind, **known).actions


NEIGHBOURS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "large, poor and rising needs more epochs": ("underfit", {"history": RISING}),
    "poor after a single epoch": ("underfit", {"history": epochs([0.4], [0.4])}),
    "a single epoch that was enough": ("still_improving", {"history": epochs([0.9], [0.88])}),
    "poor where the labels are wrong": ("underfit", {"history": POOR, "suspicion": Suspicion(100, 20)}),
    "a gap of less than 25 points": ("overfit", {"history": epochs([1.0] * 12, [0.8] * 12)}),
    "a last epoch that falls back": (
        "still_improving",
        {"history": epochs([0.9] * 12, [0.5] * 6 + [0.6, 0.7, 0.8, 0.9, 0.95, 0.6])},
    ),
    "a mix that chance explains": ("different_mix", {"parts": {"test": part(0.05, {"PNAME": 9, "PFEATURE": 8})}}),
    "as many unknown words as dev": ("different_mix", {"parts": {"dev": part(0.18), "test": part(0.19)}}),
    "a few doubts": ("label_errors", {"suspicion": Suspicion(1000, 40)}),
    "doubts about a handful": ("label_errors", {"suspicion": Suspicion(20, 5)}),
    "a rare label that is learned": (
        "starved_labels",
        {"known": replace(KNOWN, labels={"PNAME": 12, "PFEATURE": 600})},
    ),
    "a flat learning curve of a network that learns nothing": (
        "enough_data",
        {"learning_curve": curve(0.0, 0.0, 0.0), "history": epochs([0.0] * 8, [0.0] * 8)},
    ),
    "a moderate learning curve": ("too_little_data", {"learning_curve": curve(0.7, 0.886, 0.89, 0.894)}),
}


@pytest.mark.parametrize("case", NEIGHBOURS)
def test_what_only_looks_like_it_is_not_named(case: str) -> None:
    kind, known = NEIGHBOURS[case]
    assert kind not in kinds(**known)


def without_f1(history: Sequence[EpochRecord]) -> list[EpochRecord]:
    return [replace(record, dev={"loss": record.dev["loss"]}, train={"loss": 1.0}) for record in history]


def test_a_training_that_measured_the_loss_alone_is_judged_by_it() -> None:
    falling = without_f1(epochs([0] * 3, [0] * 3, [7.4, 6.1, 5.0]))
    told = found("still_improving", history=falling).evidence
    assert told == "With the last of 3 epochs the loss on dev went from 6.10 to 5.00."
    assert kinds(history=without_f1(STEADY)) == []
    assert kinds(history=falling[:1]) == []
    assert kinds(history=()) == []


def test_of_very_many_rare_labels_the_most_frequent_are_named() -> None:
    labels = [f"L{number:03}" for number in range(30)]
    pairs = [((0, 1, label), None, number + 1) for number, label in enumerate(labels)]
    starved = found("starved_labels", known=replace(KNOWN, labels={}), report=judged(pairs))
    assert starved.evidence.count("to learn from") == 10
    assert "L029" in starved.evidence
    assert "L019" not in starved.evidence
    assert "; 20 more labels." in starved.evidence


def test_labels_that_are_wrong_come_first_and_warnings_before_the_rest() -> None:
    several = diagnose(
        evidence(
            suspicion=Suspicion(100, 30),
            history=epochs([1.0] * 12, [0.5] * 12),
            report=judged([(NAME, NAME, 20), (NAME, None, 9)]),
        )
    )
    assert several[0].kind == "label_errors"
    severities = [diagnosis.severity for diagnosis in several]
    assert severities == sorted(severities, key=lambda severity: severity != "warning")


def test_figures_that_are_not_known_set_nothing_off() -> None:
    nothing = Evidence(report=SOUND)
    assert diagnose(nothing) == ()


def test_the_figures_that_led_to_it_are_told() -> None:
    assert found("overfit", **CASES["perfect on training, poor on dev"][1]).evidence.startswith(
        "After the last epoch F1 is 100.0 on its own training part and 50.0 on dev, 50.0 points less."
    )
    assert (
        found("confused_labels", **CASES["labels taken for one another"][1]).evidence == "60 of 460 PNAME as PFEATURE."
    )


@pytest.mark.parametrize("case", CASES)
def test_every_command_that_is_proposed_is_one(case: str) -> None:
    kind, known = CASES[case]
    commands = [action.command for action in found(kind, **known).actions if action.command]
    for command in commands:
        name, *arguments = shlex.split(command)
        assert name == "tagloom"
        parser, path = get_command(app), ["tagloom"]
        while hasattr(parser, "commands"):
            parser, path = parser.commands[arguments[0]], [*path, arguments.pop(0)]
        context = parser.make_context(" ".join(path), arguments, resilient_parsing=False)
        for pair in context.params.get("set_option") or ():
            option, _, value = pair.partition("=")
            TrainingConfig().with_options({option: value})


@pytest.mark.parametrize("case", CASES)
def test_what_an_action_changes_is_what_its_command_says(case: str) -> None:
    kind, known = CASES[case]
    for action in found(kind, **known).actions:
        assert action.kind == TRAIN or not action.options
        words = shlex.split(action.command)
        pairs = [words[place + 1] for place, word in enumerate(words) if word == "--set"]
        seeds = [words[place + 1] for place, word in enumerate(words) if word == "--seeds"]
        told = dict(pair.split("=", 1) for pair in pairs) | ({"seeds": seeds[0]} if seeds else {})
        assert {name: str(value) for name, value in action.options.items()} == told


def test_another_algorithm_is_proposed_where_a_part_lacks() -> None:
    known = {**CASES["poor on its own training part"][1], "options": options(algorithm="bilstm-softmax")}
    assert any("--set algorithm=bilstm-cnn-crf" in action.command for action in found("underfit", **known).actions)


def test_pretrained_embeddings_are_proposed_by_name_where_there_are_some() -> None:
    known = CASES["many unknown words"][1]
    (text,) = (action for action in found("unknown_words", **known).actions if "embedding" in action.text)
    assert text.command == ""
    (text,) = (
        action
        for action in found("unknown_words", **known, pretrained=["vectors:glove.txt"]).actions
        if "embedding" in action.text
    )
    assert text.command.endswith("--embedding vectors:glove.txt -o runs/camera-pretrained")
    assert text.options == {"embeddings": "vectors:glove.txt"}
