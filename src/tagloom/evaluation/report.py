"""A report: every figure of one evaluation, and its JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tagloom.evaluation.details import Details
from tagloom.evaluation.fields import Fields
from tagloom.evaluation.notebook import failures_to_displacy, scores_html
from tagloom.evaluation.scores import Score, Scores, weighted_mean
from tagloom.evaluation.tokens import TokenAccuracy
from tagloom.wording import counted, per_cent


@dataclass(frozen=True, slots=True)
class IllFormed:
    """Number of tags that break their scheme's rules, on each side."""

    gold: int = 0
    predicted: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Every figure of one evaluation.

    Args:
        mode: how chunks were read and compared, a key of `reading.MODES`.
        labels: the score of each label that is gold or predicted, in order.
        micro: the score over all chunks; its F1 is the headline in mode `strict`.
        macro: the mean over labels.
        weighted: the mean over labels, each weighed by its gold chunks.
        tokens: how often a word's tag is right.
        sentences: number of sentences.
        ill_formed: number of tags that break their scheme's rules.
        details: where the model fails, and how sure all this is; None where only tags or chunks were judged, and in a
            report that was read from JSON.

    Example:
        >>> one = Score(precision=0.5, recall=1.0, f1=2 / 3, support=1)
        >>> report = Report("strict", {"PNAME": one}, one, one, one, TokenAccuracy(0.75, 4), sentences=1)
        >>> Report.from_json(report.to_json()) == report
        True
    """

    mode: str
    labels: Mapping[str, Score]
    micro: Score
    macro: Score
    weighted: Score
    tokens: TokenAccuracy
    sentences: int
    ill_formed: IllFormed = IllFormed()
    details: Details | None = field(default=None, compare=False, repr=False)

    def rows(self) -> list[tuple[str, Score]]:
        """What a table shows, a name and its score a row: the labels in order, then the averages."""
        return self._scores().rows()

    def to_displacy(self) -> list[dict[str, Any]]:
        """Every sentence with an error, what is right and what was found, as displaCy's manual mode takes them."""
        return failures_to_displacy(self.details.failures if self.details is not None else ())

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object; a key is a field, all the way down. The details' fields stand beside its own."""
        content = asdict(replace(self, details=None))
        del content["details"]
        return content | (self.details.to_json() if self.details else {})

    def _repr_html_(self) -> str:
        accuracy = per_cent(self.tokens.accuracy)
        size = f"{counted(self.sentences, 'sentence')}, {counted(self.tokens.count, 'word')}"
        told = f"{size}, {accuracy} of them with the right tag"
        return scores_html(self._scores(), self.details, mode=self.mode, told=told)

    def _scores(self) -> Scores:
        return Scores(self.labels, self.micro, self.macro, self.weighted)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Report":
        """The report that `to_json` gave, without its details; keys that it does not know are left out.

        A report from before there was `weighted` is read too.

        Raises:
            DataError: a field is missing, or is not a figure of its kind.
        """
        fields = Fields(content, "report")
        tokens, ill_formed, scores = fields.object("tokens"), fields.object("ill_formed"), fields.object("labels")
        labels = {label: _score(scores, label) for label in scores.content}
        return cls(
            mode=fields.text("mode"),
            labels=labels,
            micro=_score(fields, "micro"),
            macro=_score(fields, "macro"),
            weighted=_score(fields, "weighted") if "weighted" in content else weighted_mean(labels.values()),
            tokens=TokenAccuracy(tokens.share("accuracy"), tokens.number("count")),
            sentences=fields.number("sentences"),
            ill_formed=IllFormed(ill_formed.number("gold"), ill_formed.number("predicted")),
        )


def _score(fields: Fields, key: str) -> Score:
    figures = fields.object(key)
    precision, recall, f1 = (figures.share(name) for name in ("precision", "recall", "f1"))
    return Score(precision, recall, f1, figures.number("support"))
