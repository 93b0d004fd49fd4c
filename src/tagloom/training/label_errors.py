"""The spans and bare stretches of a dataset that are most probably mislabelled, by models that never saw them."""

import json
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from tagloom.data.dataset import Dataset
from tagloom.inference.predictor import load
from tagloom.text import Sentence, Span
from tagloom.tokenize import sentences
from tagloom.training.confident_learning import KINDS, MISSING, SelfConfidence, Suspect, suspects
from tagloom.training.folds import Fold, Folds, Watching, unwatched
from tagloom.training.readings import Place, Reader, Reading


@dataclass(frozen=True, slots=True)
class LabelError:
    """One label, or lack of one, that is probably wrong.

    Args:
        source: the file that its document came from; empty where it came from none.
        document: name of the document.
        sentence: the text of the sentence.
        sentence_start: code point of the document at which the sentence begins.
        given: what is labelled; None where nothing is.
        suggested: what should be; None where nothing should.
        kind: one of `confident_learning.KINDS`.
        given_probability: of exactly what is given, by a model that never saw it.
        suggested_probability: of exactly what is suggested.
        score: higher is worse, in nats; see `confident_learning.Suspect`.
        is_confident: whether it counts as an error in the estimate for its label.
    """

    source: str
    document: str
    sentence: str
    sentence_start: int
    given: Span | None
    suggested: Span | None
    kind: str
    given_probability: float
    suggested_probability: float
    score: float
    is_confident: bool

    @property
    def span(self) -> Span:
        """Where it is: the given span, of a bare stretch the suggested one."""
        span = self.given or self.suggested
        assert span is not None
        return span

    def text(self, span: Span) -> str:
        """The text of one of its spans."""
        return self.sentence[span.start - self.sentence_start : span.end - self.sentence_start]


@dataclass(frozen=True, slots=True)
class LabelEstimate:
    """What is to be expected of one label.

    Args:
        num_spans: how many were judged.
        threshold: mean self-confidence of its spans.
        errors: how many are confidently wrong, by kind; `missing` ones are those that should have this label.
    """

    num_spans: int
    threshold: float
    errors: Mapping[str, int]

    @property
    def num_errors(self) -> int:
        """Of all kinds."""
        return sum(self.errors.values())

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "spans": self.num_spans,
            "threshold": round(self.threshold, 4),
            "estimated_errors": self.num_errors,
            **self.errors,
        }


@dataclass(frozen=True, slots=True)
class LabelErrors:
    """What was found in a dataset.

    Args:
        errors: the most probable first.
        labels: the estimate of each label, the most frequent first.
        bare_threshold: mean self-confidence of the words that nobody has labelled.
        num_sentences: sentences that were judged.
        not_judged: spans whose label no other fold has, by label; their model could not know it.
        out_of_fold_f1: mean strict micro F1 of the folds' models on what they never saw, by the labels as they are.
    """

    errors: tuple[LabelError, ...]
    labels: Mapping[str, LabelEstimate]
    bare_threshold: float
    num_sentences: int
    not_judged: Mapping[str, int]
    out_of_fold_f1: float


def find_label_errors(folds: Folds, watching: Watching = unwatched) -> LabelErrors:
    """Trains the folds, as far as that is still to be done, and ranks what their models find.

    Args:
        folds: of the dataset.
        watching: what shows each training.

    Raises:
        TrainingError: a training was stopped by a signal, or a fold cannot be learned from.
    """
    folds.train(watching)
    return _Judgement(folds).label_errors()


class _Judgement:
    """Every sentence by the model that never saw it.

    Args:
        folds: all trained.
    """

    def __init__(self, folds: Folds) -> None:
        self._confidence = SelfConfidence()
        self._not_judged: Counter[str] = Counter()
        self._sentences: list[Sentence] = []
        self._sources: list[str] = []  # of each sentence
        sources = _source_of_each(folds.dataset)
        self._scores = [json.loads(fold.run.report.read_text("utf-8"))["micro"]["f1"] for fold in folds]
        self._places = [place for fold in folds for place in self._places_of(fold, sources, folds.config.threads)]

    def label_errors(self) -> LabelErrors:
        """All places, ranked and counted."""
        thresholds = self._confidence.thresholds()
        found = suspects(self._places, thresholds)
        labels = sorted(filter(None, thresholds), key=lambda label: (-self._confidence.count(label), label))
        return LabelErrors(
            errors=tuple(map(self._label_error, found)),
            labels={label: self._estimate(label, thresholds[label], found) for label in labels},
            bare_threshold=thresholds.get(None, 1.0),
            num_sentences=len(self._sentences),
            not_judged=dict(self._not_judged),
            out_of_fold_f1=statistics.mean(self._scores),
        )

    def _places_of(self, fold: Fold, sources: Sequence[str], threads: int) -> Iterator[Place]:
        """The places of the sentences that the fold held back."""
        predictor = load(fold.run.path, threads=threads)
        reader = Reader(predictor.tags)
        first = len(self._sentences)
        for document, index in zip(fold.data.test.documents, fold.documents, strict=True):
            own = sentences(document)
            self._sentences += own
            self._sources += [sources[index]] * len(own)
        held_back = self._sentences[first:]
        for numbers, lattice in predictor.lattices([sentence.words for sentence in held_back]):
            sums = predictor.posterior(lattice)
            for row, number in enumerate(numbers):
                gold = held_back[number].chunks()
                self._confidence.add(None, *reader.bare_confidence(sums, row, gold))
                for place in reader.places(first + number, sums, row, gold):
                    if self._is_judged(place, reader):
                        yield place

    def _is_judged(self, place: Place, reader: Reader) -> bool:
        label = place.given.label
        if label is None:
            return True
        if label not in reader.labels:
            self._not_judged[label] += 1
            return False
        self._confidence.add(label, place.given.probability)
        return True

    def _label_error(self, suspect: Suspect) -> LabelError:
        sentence = self._sentences[suspect.sentence]
        start, end = sentence.tokens[0].start, sentence.tokens[-1].end
        return LabelError(
            source=self._sources[suspect.sentence],
            document=sentence.document_id,
            sentence=sentence.text[start:end],
            sentence_start=start,
            given=_span(sentence, suspect.given),
            suggested=_span(sentence, suspect.suggested),
            kind=suspect.kind,
            given_probability=suspect.given.probability,
            suggested_probability=suspect.suggested.probability,
            score=suspect.score,
            is_confident=suspect.is_confident,
        )

    def _estimate(self, label: str, threshold: float, found: Sequence[Suspect]) -> LabelEstimate:
        kinds = Counter(one.kind for one in found if one.is_confident and _counts_for(one) == label)
        return LabelEstimate(self._confidence.count(label), threshold, {kind: kinds[kind] for kind in KINDS})


def _counts_for(suspect: Suspect) -> str | None:
    return suspect.suggested.label if suspect.kind == MISSING else suspect.given.label


def _span(sentence: Sentence, reading: Reading) -> Span | None:
    if reading.chunk is None:
        return None
    first, last, label = reading.chunk
    return Span(*sentence.edges(first, last), label)


def _source_of_each(dataset: Dataset) -> list[str]:
    """The file of each document; nothing where the sources do not account for every document."""
    files = [(source.files[0].path if source.files else "", source.num_documents) for source in dataset.sources]
    if sum(number for _, number in files) != len(dataset):
        return [""] * len(dataset)
    return list(chain.from_iterable(repeat(path, number) for path, number in files))
