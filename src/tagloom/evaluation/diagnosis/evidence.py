"""What a training left behind for its diagnosis."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tagloom.evaluation.history import EpochRecord
from tagloom.evaluation.known import Known
from tagloom.evaluation.learning_curve import LearningCurve
from tagloom.evaluation.report import Report
from tagloom.text import Sentence

_NUM_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How many labels are probably wrong in parts that the model did not learn from.

    Args:
        num_spans: that were looked at.
        num_wrong: how many of them the model confidently reads with another label.
        examples: a few of them, each in a line.
    """

    num_spans: int
    num_wrong: int
    examples: Sequence[str] = ()

    @property
    def share(self) -> float:
        """Of the spans that are probably wrong, 0 to 1."""
        return self.num_wrong / self.num_spans if self.num_spans else 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the data as the model meets it.

    Args:
        labels: how many entities each label has.
        unknown_words: the share of its words that the training part never has, 0 to 1.
        frequent_unknown_words: a few of these, the most frequent first.
    """

    labels: Mapping[str, int]
    unknown_words: float
    frequent_unknown_words: Sequence[str] = ()

    @classmethod
    def of(cls, sentences: Sequence[Sentence], known: Known) -> "Part":
        """These sentences, held against what the training part teaches."""
        words = Counter(word for sentence in sentences for word in sentence.words)
        unknown = Counter({word: count for word, count in words.items() if word not in known.words})
        return cls(
            labels=Counter(span.label for sentence in sentences for span in sentence.spans),
            unknown_words=unknown.total() / max(1, words.total()),
            frequent_unknown_words=[word for word, _ in unknown.most_common(_NUM_EXAMPLES)],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What is known of a model and its training; what is not known is None or empty.

    Args:
        report: of the part that judges the model, with its details.
        part: name of that part; empty where it has none.
        dev: the model on the dev part.
        train: the model on a sample of its training part.
        history: the epochs.
        options: of the training, by name.
        known: what the training part teaches.
        parts: the data that it is held against, by name.
        learning_curve: the score against the number of sentences.
        suspicion: of labels outside the training part.
        model: as it is called on the command line.
        page: the report's page; empty where there is none yet.
        again: the command that trains anew with the same data and options, to which others are added; empty where
            Tagloom did not train the model.
        data: the training part, as it is called on the command line.
        pretrained: embeddings that know more words than a training part, as `--embedding` takes them; none where the
            model has one.
    """

    report: Report
    part: str = ""
    dev: Report | None = None
    train: Report | None = None
    history: Sequence[EpochRecord] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    known: Known | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)
    learning_curve: LearningCurve | None = None
    suspicion: Suspicion | None = None
    model: str = "MODEL"
    page: str = ""
    again: str = "tagloom train DATA"
    data: str = "DATA"
    pretrained: Sequence[str] = ()

    @property
    def learned(self) -> tuple[float, float] | None:
        """F1 on what it learned from and on dev, after the last epoch; else those of the model; None if not known."""
        last = self.history[-1] if self.history else None
        if last is not None and "f1" in last.train and "f1" in last.dev:
            return last.train["f1"], last.dev["f1"]
        return (self.train.micro.f1, self.dev.micro.f1) if self.train and self.dev else None
