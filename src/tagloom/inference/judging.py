"""A model judged on labelled sentences: the figures of what will be used, not of what was trained."""

from collections.abc import Sequence

import numpy as np

from tagloom.decoding import Lattice
from tagloom.evaluation.diagnosis.evidence import Evidence, Part
from tagloom.evaluation.evaluating import evaluate
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.known import Known
from tagloom.evaluation.reading import count_ill_formed, read_chunks, reading
from tagloom.evaluation.report import Report
from tagloom.evaluation.temperature import Floats, fit_temperature
from tagloom.features.sampling import spread
from tagloom.inference.predictor import BATCH_SIZE, Predictor
from tagloom.schemes import BIO, SCHEMES, Scheme, detect
from tagloom.text import Chunk, Sentence

_JUDGED = "judged"  # a part without a name of its own
_MOST_CALIBRATED_ON = 4_000  # sentences: more hardly move the temperature


def judge(
    predictor: Predictor,
    sentences: Sequence[Sentence],
    known: Known | None = None,
    *,
    mode: str = "strict",
    batch_size: int = BATCH_SIZE,
) -> Report:
    """How the model does on these sentences.

    Args:
        predictor: the model.
        sentences: with their right spans; where they kept the tags of their source, these are read in the mode.
        known: what the model could know from its training part; None where nobody can say.
        mode: one of `reading.MODES`.
        batch_size: sentences that the network reads at once, at least 1.

    Returns:
        The report; its ill-formed tags are those that the sentences kept.

    Raises:
        ConfigError: there is no such mode, or the batch size is less than 1.
        DataError: a span does not begin and end at a word's edge.
        SchemeError: a kept tag is not of the form that any scheme has.
    """
    return evaluate(judged(predictor, sentences, mode=mode, batch_size=batch_size), known, mode=mode)


def judged(
    predictor: Predictor,
    sentences: Sequence[Sentence],
    *,
    mode: str = "strict",
    batch_size: int = BATCH_SIZE,
) -> Judged:
    """What the model finds in these sentences, beside what is right; arguments and errors as of `judge`."""
    gold, ill_formed = _read_gold(sentences, mode)
    predicted: list[list[Chunk]] = [[] for _ in sentences]
    scores: list[list[float]] = [[] for _ in sentences]
    raw_scores: list[list[float]] = [[] for _ in sentences]
    for numbers, lattice in predictor.lattices([sentence.words for sentence in sentences], batch_size):
        chunks = predictor.best_chunks(lattice)
        calibrated = predictor.scores(lattice, chunks)
        raw = calibrated if predictor.temperature == 1.0 else predictor.scores(lattice, chunks, temperature=1.0)
        for place, number in enumerate(numbers):
            predicted[number], scores[number], raw_scores[number] = chunks[place], calibrated[place], raw[place]
    return Judged(sentences, gold, predicted, scores, raw_scores, ill_formed)


def evidence_of(
    predictor: Predictor, report: Report, sentences: Sequence[Sentence], known: Known | None, *, model: str, again: str
) -> Evidence:
    """What a judgement alone tells for a diagnosis: nothing of how the model was trained.

    Args:
        predictor: the model.
        report: of it.
        sentences: that it was judged on.
        known: what the model could know from its training part, if that is at hand.
        model: as it is called on the command line.
        again: the command that trains it anew; not taken where something other than Tagloom trained it.
    """
    parts = {} if known is None else {_JUDGED: Part.of(sentences, known)}
    return Evidence(
        report=report,
        part=_JUDGED,
        options=predictor.bundle.training,
        known=known,
        parts=parts,
        model=model,
        again=again if predictor.bundle.trained_with is None else "",
    )


def calibrated_temperature(predictor: Predictor, sentences: Sequence[Sentence]) -> float:
    """The temperature at which the model's scores of what it finds in these sentences are right as often as they say.

    Args:
        predictor: the model.
        sentences: with their right spans, which it did not learn from.
    """
    some = [sentences[place] for place in spread(len(sentences), _MOST_CALIBRATED_ON)]
    batches: list[tuple[Lattice, list[list[Chunk]]]] = []
    right: list[bool] = []
    for numbers, lattice in predictor.lattices([sentence.words for sentence in some]):
        chunks = predictor.best_chunks(lattice)
        batches.append((lattice, chunks))
        for number, own in zip(numbers, chunks, strict=True):
            gold = {*some[number].chunks()} if own else ()
            right += [chunk in gold for chunk in own]

    def probabilities(temperature: float) -> Floats:
        scores = (predictor.scores(lattice, chunks, temperature=temperature) for lattice, chunks in batches)
        return np.array([score for batch in scores for own in batch for score in own])

    return fit_temperature(probabilities, np.array(right, np.bool_))


def _read_gold(sentences: Sequence[Sentence], mode: str) -> tuple[list[list[Chunk]], int]:
    """The right chunks of each sentence, and how many of the tags that were kept are ill-formed."""
    reading(mode)
    documents: dict[str, list[tuple[str, ...]]] = {}
    for sentence in sentences:
        if sentence.source_tags is not None:
            documents.setdefault(sentence.document_id, []).append(sentence.source_tags)
    if not documents:
        return [sentence.chunks() for sentence in sentences], 0
    tags = [one for own in documents.values() for one in own]
    scheme = _recognise(list(documents.values()))
    gold = [
        sentence.chunks()
        if sentence.source_tags is None
        else read_chunks([sentence.source_tags], scheme=scheme, mode=mode, side="gold")[0]
        for sentence in sentences
    ]
    return gold, count_ill_formed(tags, scheme)


def _recognise(documents: Sequence[Sequence[Sequence[str]]]) -> Scheme:
    """The scheme of kept tags. A document keeps tags where they break their scheme: what some document obeys is not it.

    Args:
        documents: the tags of each sentence of each document.
    """
    tags = [one for own in documents for one in own]
    detected = detect(tags)
    broken = [one for one in SCHEMES.values() if all(map(one.count_violations, documents))]
    return min(broken, key=lambda one: (one.count_violations(tags), one is not BIO), default=detected)
