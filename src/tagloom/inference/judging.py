"""A model judged on labelled sentences: the figures of what will be used, not of what was trained."""

from collections.abc import Sequence

from tagloom.evaluation.reading import count_ill_formed, read_chunks, reading
from tagloom.evaluation.report import IllFormed, Report, evaluate_chunks
from tagloom.inference.predictor import BATCH_SIZE, Predictor
from tagloom.schemes import BIO, SCHEMES, Scheme, detect
from tagloom.text import Chunk, Sentence


def judge(
    predictor: Predictor, sentences: Sequence[Sentence], *, mode: str = "strict", batch_size: int = BATCH_SIZE
) -> Report:
    """How the model does on these sentences.

    Args:
        predictor: the model.
        sentences: with their right spans; where they kept the tags of their source, these are read in the mode.
        mode: `strict` or `conlleval`.
        batch_size: sentences that the network reads at once, at least 1.

    Returns:
        The report; its ill-formed tags are those that the sentences kept.

    Raises:
        ConfigError: there is no such mode, or the batch size is less than 1.
        DataError: a span does not begin and end at a word's edge.
        SchemeError: a kept tag is not of the form that any scheme has.
    """
    reading(mode)
    gold, ill_formed = _read_gold(sentences, mode)
    words = [sentence.words for sentence in sentences]
    found = [[chunk[:3] for chunk in chunks] for chunks in predictor.chunks(words, batch_size=batch_size)]
    lengths = [len(own) for own in words]
    return evaluate_chunks(gold, found, lengths, mode=mode, ill_formed=IllFormed(gold=ill_formed))


def _read_gold(sentences: Sequence[Sentence], mode: str) -> tuple[list[list[Chunk]], int]:
    """The right chunks of each sentence, and how many of the tags that were kept are ill-formed."""
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
