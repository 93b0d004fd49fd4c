"""A model judged: the same figures as evaluation gives for what it predicts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from plain import plain_bundle
from tagloom.bundle.bundle import Bundle
from tagloom.data.reading import read
from tagloom.evaluation.evaluating import evaluate_chunks, evaluate_tags
from tagloom.evaluation.report import IllFormed, Report
from tagloom.inference.judging import judge
from tagloom.inference.predictor import Predictor
from tagloom.schemes import BIO
from tagloom.text import Document, Sentence, Span
from tagloom.tokenize import sentences
from tiny import tiny_bundle

TEXTS = ["My Nikon D90 has a bright viewfinder.", "Superb!", "The EOS-5D is 日本. Go on", "", "24-70mm 👍"]


every_bundle = pytest.mark.parametrize("made", [tiny_bundle, plain_bundle])


def labelled(predictor: Predictor) -> list[Document]:
    """Texts whose spans are what the model finds, but for the second of each."""
    documents = predictor.documents([Document(text) for text in TEXTS])
    return [Document(one.text, (*one.spans[:1], *one.spans[2:], Span(0, 0, "X"))[:-1]) for one in documents]


@every_bundle
@pytest.mark.parametrize("mode", ["strict", "conlleval"])
def test_a_model_is_judged_as_evaluation_judges_what_it_predicts(mode: str, made: Callable[[], Bundle]) -> None:
    predictor = Predictor(made())
    parts = [sentence for document in labelled(predictor) for sentence in sentences(document)]
    report = judge(predictor, parts, mode=mode, batch_size=2)
    words = [sentence.words for sentence in parts]
    found = [[chunk[:3] for chunk in chunks] for chunks in predictor.chunks(words)]
    gold = [sentence.chunks() for sentence in parts]
    assert report == evaluate_chunks(gold, found, [len(own) for own in words], mode=mode)
    gold_tags = [sentence.tags(predictor.scheme) for sentence in parts]
    by_tags = evaluate_tags(gold_tags, predictor.tag(words), scheme=predictor.scheme, mode=mode)
    assert (report.micro, report.labels) == (by_tags.micro, by_tags.labels)
    assert 0 < report.micro.precision < 1
    assert report.micro.recall == 1


ORPHANS = ["O I-PNAME I-PNAME O", "I-PFEATURE", "B-PNAME O I-PNAME"]
GOLD = [*ORPHANS, "B-PNAME I-PNAME", "B-PNAME I-PNAME O B-PFEATURE", "O B-PFEATURE"]


def of_tags(tags: str) -> str:
    return "".join(f"Nikon\t{tag}\n" for tag in tags.split()) + "\n"


def judged_by_tags(predictor: Predictor, parts: list[Sentence], mode: str) -> Report:
    found = predictor.chunks([sentence.words for sentence in parts])
    predicted = [
        BIO.encode([chunk[:3] for chunk in own], len(one.tokens)) for own, one in zip(found, parts, strict=True)
    ]
    return evaluate_tags([tags.split() for tags in GOLD], predicted, scheme=BIO, mode=mode)


@every_bundle
@pytest.mark.parametrize("as_one_document", [False, True])
def test_ill_formed_gold_is_read_in_the_mode_that_is_asked_for(
    tmp_path: Path, as_one_document: bool, made: Callable[[], Bundle]
) -> None:
    beginning = "-DOCSTART-\tO\n\n" if as_one_document else ""
    (tmp_path / "gold.conll").write_text(beginning + "".join(map(of_tags, GOLD)))
    dataset = read(tmp_path / "gold.conll", scheme="BIO")
    assert len(dataset) == (1 if as_one_document else len(GOLD))
    predictor, parts = Predictor(made()), dataset.sentences()
    strict, lenient = (judge(predictor, parts, mode=mode) for mode in ("strict", "conlleval"))
    assert (strict.micro.support, lenient.micro.support) == (5, 8)
    assert strict.ill_formed == lenient.ill_formed == IllFormed(gold=3)
    for report in (strict, lenient):
        by_tags = judged_by_tags(predictor, parts, report.mode)
        assert (report.micro, report.labels, report.ill_formed) == (by_tags.micro, by_tags.labels, by_tags.ill_formed)
