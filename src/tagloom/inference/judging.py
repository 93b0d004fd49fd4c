"""A model judged on labelled sentences: the figures of what will be used, not of what was trained."""

from collections.abc import Sequence

from tagloom.evaluation.report import Report, evaluate_chunks
from tagloom.inference.predictor import BATCH_SIZE, Predictor
from tagloom.text import Sentence


def judge(
    predictor: Predictor, sentences: Sequence[Sentence], *, mode: str = "strict", batch_size: int = BATCH_SIZE
) -> Report:
    """How the model does on these sentences.

    Args:
        predictor: the model.
        sentences: with their right spans.
        mode: `strict` or `conlleval`.
        batch_size: sentences that the network reads at once.
    """
    words = [sentence.words for sentence in sentences]
    found = [[chunk[:3] for chunk in chunks] for chunks in predictor.chunks(words, batch_size=batch_size)]
    gold = [sentence.chunks() for sentence in sentences]
    return evaluate_chunks(gold, found, [len(own) for own in words], mode=mode)
