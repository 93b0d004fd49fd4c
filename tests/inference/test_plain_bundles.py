"""A model that Tagloom did not train, in BIO and with words as they are written: all that a user does with a model."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from plain import plain_bundle, without_tag
from tagloom.bundle.architecture import ALGORITHMS
from tagloom.bundle.bundle import Bundle
from tagloom.bundle.write import pack, write_bundle
from tagloom.evaluation.diagnosis.diagnose import diagnose
from tagloom.features.word_index import FORMS
from tagloom.inference.explaining import explain, explain_sentence
from tagloom.inference.explanation_page import explanation_page
from tagloom.inference.judging import calibrated_temperature, evidence_of, judge, judged
from tagloom.inference.predictor import Predictor, load
from tagloom.text import Document, Sentence, Span
from tagloom.tokenize import sentences
from tiny import SENTENCES, tiny_bundle

TEXT = "My Nikon D90 has a bright viewfinder. 日本👍 The 24-70mm is superb! It never hunts, though slow at first."
SCHEMES = ("BIO", "BIOES")

every_scheme = pytest.mark.parametrize("scheme", SCHEMES)


def labelled(predictor: Predictor, *, every: int = 2) -> list[Sentence]:
    """Sentences whose spans are what the model finds, but for the first of every so many."""
    (found,) = predictor.documents([Document(TEXT)])
    kept = [span for place, span in enumerate(found.spans) if place % every]
    return list(sentences(Document(TEXT, tuple(kept))))


def emissions(predictor: Predictor, word: str) -> NDArray[np.floating]:
    ((_, lattice),) = predictor.lattices([[word]])
    return np.asarray(lattice.emissions[0, 0])


@every_scheme
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_folder_and_zip_predict_what_the_arrays_do(tmp_path: Path, algorithm: str, form: str, scheme: str) -> None:
    bundle = plain_bundle(algorithm, scheme=scheme, form=form, layers=2)
    write_bundle(bundle, tmp_path / "model")
    pack(tmp_path / "model", tmp_path / "model.loom")
    spans = Predictor(bundle)(TEXT)
    assert spans
    assert spans == load(tmp_path / "model")(TEXT) == load(tmp_path / "model.loom")(TEXT)
    assert all(0 < (span.score or 0) <= 1 for span in spans)


@pytest.mark.parametrize(
    ("form", "same_as_nikon"), [("folded", {"nikon", "NIKON"}), ("lower", {"nikon", "NIKON"}), ("surface", set())]
)
def test_words_are_looked_up_under_the_form_of_the_model(form: str, same_as_nikon: set[str]) -> None:
    predictor = Predictor(plain_bundle("bilstm-crf", form=form))
    known, unknown = emissions(predictor, "Nikon"), emissions(predictor, "never met")
    assert not np.allclose(known, unknown, atol=1e-3)
    for word in ("nikon", "NIKON"):
        np.testing.assert_allclose(
            emissions(predictor, word), known if word in same_as_nikon else unknown, atol=1e-5, rtol=0
        )
    found = emissions(predictor, "D91")
    expected = emissions(predictor, "D90") if form == "folded" else unknown
    np.testing.assert_allclose(found, expected, atol=1e-5, rtol=0)


@every_scheme
def test_gold_that_is_what_the_model_finds_is_judged_as_right(scheme: str) -> None:
    predictor = Predictor(plain_bundle(scheme=scheme))
    (found,) = predictor.documents([Document(TEXT)])
    report = judge(predictor, list(sentences(found)))
    assert report.micro.support == len(found.spans) > 1
    assert (report.micro.f1, report.tokens.accuracy) == (1, 1)
    assert judge(predictor, labelled(predictor)).micro.recall == 1


@every_scheme
def test_judging_keeps_the_scores_of_prediction(scheme: str) -> None:
    predictor = Predictor(replace(plain_bundle(scheme=scheme), temperature=1.7))
    parts = labelled(predictor)
    found = judged(predictor, parts)
    chunks = predictor.chunks([part.words for part in parts])
    for own, scores, expected in zip(found.predicted, found.scores, chunks, strict=True):
        assert own == [chunk[:3] for chunk in expected]
        assert scores == pytest.approx([chunk[3] for chunk in expected], abs=1e-6)


@every_scheme
@pytest.mark.parametrize("every", [2, 5])
def test_at_the_calibrated_temperature_outcomes_surprise_least(scheme: str, every: int) -> None:
    predictor = Predictor(plain_bundle(scheme=scheme, spread=1.2))
    parts = 50 * labelled(predictor, every=every)  # so many that what is believed before them hardly counts
    temperature = calibrated_temperature(predictor, parts)

    def surprise(bundle: Bundle) -> float:
        """Mean negative logarithm of what was promised of each span that was found, right or wrong."""
        found = judged(Predictor(bundle), parts)
        promised = [
            score if chunk in gold else 1 - score
            for gold, own, scores in zip(found.gold, found.predicted, found.scores, strict=True)
            for chunk, score in zip(own, scores, strict=True)
        ]
        return -sum(math.log(max(one, 1e-12)) for one in promised) / len(promised)

    own, warmer, colder = (
        surprise(replace(predictor.bundle, temperature=each))
        for each in (temperature, 1.3 * temperature, temperature / 1.3)
    )
    assert own <= min(warmer, colder) + 1e-6
    assert own <= surprise(predictor.bundle) + 1e-6


@every_scheme
@pytest.mark.parametrize("words", SENTENCES, ids=len)
def test_a_plain_model_is_explained_as_it_predicts(words: list[str], scheme: str) -> None:
    predictor = Predictor(replace(plain_bundle(scheme=scheme), temperature=1.7))
    best = explain_sentence(predictor, words).best
    assert [list(best.tags)] == predictor.tag([words])
    found = [(one.start, one.end, one.label, pytest.approx(one.score, abs=1e-6)) for one in best.chunks]
    assert found == predictor.chunks([words])[0]


def test_the_page_of_an_explanation_shows_a_model_in_bio(tmp_path: Path) -> None:
    explanation = explain(Predictor(plain_bundle()), TEXT)
    explanation_page(explanation, "model").write(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert all(tag in page for tag in ("B-PNAME", "I-PNAME"))
    assert not any(tag in page for tag in ("E-PNAME", "S-PNAME"))
    assert json.loads(json.dumps(explanation.to_json()))["tags"] == list(explanation.tags)


@pytest.mark.parametrize("tag", ["O", "I-PNAME", "B-PFEATURE"])
def test_a_tag_that_a_model_does_not_have_is_never_found_and_disturbs_nothing(tmp_path: Path, tag: str) -> None:
    write_bundle(without_tag(plain_bundle(), tag), tmp_path / "model")
    predictor = load(tmp_path / "model")
    tags = predictor.tag(SENTENCES)
    assert tag not in {one for own in tags for one in own}
    place = predictor.tags.index(tag)
    for _, lattice in predictor.lattices(SENTENCES):
        assert not predictor.posterior(lattice).marginals()[:, :, place].any()
    for own in predictor.chunks(SENTENCES):
        assert all(0 < score <= 1 for *_, score in own)
    assert 0 < calibrated_temperature(predictor, labelled(predictor)) < math.inf
    explanation = explain(predictor, TEXT)
    assert explanation.best.probability > 0
    explanation_page(explanation, "model").write(tmp_path / "page.html")


@pytest.mark.parametrize("is_ours", [True, False])
def test_what_something_else_trained_is_not_offered_to_be_trained_again(is_ours: bool) -> None:
    bundle = tiny_bundle() if is_ours else plain_bundle()
    silent = Predictor(without_all_but_outside(bundle))
    parts = list(sentences(Document("Nikon D90", (Span(0, 9, "PNAME"),))))
    report = judge(silent, parts)
    (nothing, *_) = diagnose(evidence_of(silent, report, parts, None, model="m", again="tagloom train DATA"))
    assert nothing.kind == "finds_nothing"
    offered = [action.command for action in nothing.actions if "tagloom train" in action.command]
    assert bool(offered) == is_ours
    assert all(action.text for action in nothing.actions)
    if not is_ours:
        assert [action.text for action in nothing.actions[:2]] == ["Train longer.", "A higher learning rate."]


def without_all_but_outside(bundle: Bundle) -> Bundle:
    """A model that finds nothing."""
    for tag in Predictor(bundle).tags[1:]:
        bundle = without_tag(bundle, tag)
    return bundle
