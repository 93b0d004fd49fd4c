"""A model judged: the same figures as evaluation gives for what it predicts."""

import pytest

from tagloom.evaluation.report import evaluate_chunks, evaluate_tags
from tagloom.inference.judging import judge
from tagloom.inference.predictor import Predictor
from tagloom.schemes import BIOES
from tagloom.text import Document, Span
from tagloom.tokenize import sentences
from tiny import tiny_bundle

TEXTS = ["My Nikon D90 has a bright viewfinder.", "Superb!", "The EOS-5D is 日本. Go on", "", "24-70mm 👍"]


def labelled() -> list[Document]:
    """Texts whose spans are what the model finds, but for the second of each."""
    predictor = Predictor(tiny_bundle())
    documents = predictor.documents([Document(text) for text in TEXTS])
    return [Document(one.text, (*one.spans[:1], *one.spans[2:], Span(0, 0, "X"))[:-1]) for one in documents]


@pytest.mark.parametrize("mode", ["strict", "conlleval"])
def test_a_model_is_judged_as_evaluation_judges_what_it_predicts(mode: str) -> None:
    predictor = Predictor(tiny_bundle())
    parts = [sentence for document in labelled() for sentence in sentences(document)]
    report = judge(predictor, parts, mode=mode, batch_size=2)
    words = [sentence.words for sentence in parts]
    found = [[chunk[:3] for chunk in chunks] for chunks in predictor.chunks(words)]
    gold = [sentence.chunks() for sentence in parts]
    assert report == evaluate_chunks(gold, found, [len(own) for own in words], mode=mode)
    gold_tags = [sentence.tags(BIOES) for sentence in parts]
    by_tags = evaluate_tags(gold_tags, predictor.tag(words), scheme=BIOES, mode=mode)
    assert (report.micro, report.labels) == (by_tags.micro, by_tags.labels)
    assert 0 < report.micro.precision < 1
    assert report.micro.recall == 1
