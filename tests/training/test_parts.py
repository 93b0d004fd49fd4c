"""Data that is odd: learned from sensibly, or refused with what is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest
from tiny_training import config, dataset, events, labelled, report, reviews

from tagloom.data.division.feature_set import FeatureSet
from tagloom.errors import DataError, TrainingError
from tagloom.text import Document, Sentence, Span, Token
from tagloom.training.parts import Parts
from tagloom.training.train import train

NIKON = labelled("My Nikon D90 works", (1, 3, "PNAME"))
MENU = labelled("The menu is odd", (1, 2, "PFEATURE"))
NOTHING = labelled("Nothing to see here")


def parts(train: list[Document], dev: list[Document]) -> Parts:
    return Parts.of(dataset(train).sentences(), dataset(dev).sentences())


def test_a_label_that_only_dev_has_counts_as_missed(tmp_path: Path) -> None:
    unlabelled = labelled("The menu is odd")
    feature_set = FeatureSet(train=dataset([NIKON, unlabelled] * 2), dev=dataset([NIKON, MENU]), test=dataset([MENU]))
    run = train(feature_set, tmp_path / "run", config(epochs=30, learning_rate=0.1, dropout=0))
    last = events(run, "epoch")[-1]["dev"]
    assert (last["precision"], last["recall"]) == (1.0, 0.5)
    judged = report(run)
    assert judged["parts"]["dev"]["labels"]["PFEATURE"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1}
    assert judged["micro"]["support"] == 1


def test_one_sentence_is_enough_to_learn_from_where_there_is_a_dev_part(tmp_path: Path) -> None:
    feature_set = FeatureSet(train=dataset([NIKON]), dev=dataset([NIKON]))
    run = train(feature_set, tmp_path / "run", config(epochs=40, learning_rate=0.1, dropout=0))
    assert report(run)["micro"]["f1"] == 1.0


def test_one_sentence_is_too_little_to_take_a_dev_part_from(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="dev: expected 10% of 1 documents, received none"):
        train(FeatureSet(train=dataset([NIKON])), tmp_path / "run", config())


def test_a_training_part_without_entities_is_refused() -> None:
    message = "train part: expected labelled spans, received 2 sentences without one. Label some first."
    with pytest.raises(TrainingError, match=message):
        parts([NOTHING, NOTHING], [NIKON])


@pytest.mark.parametrize("name", ["train", "dev"])
def test_a_part_without_sentences_is_refused(name: str) -> None:
    empty = {"train": [NIKON], "dev": [NIKON]} | {name: [Document(" \n ")]}
    with pytest.raises(TrainingError, match=f"{name} part: expected sentences, received none"):
        parts(**empty)


def test_a_span_inside_a_word_is_refused() -> None:
    with pytest.raises(DataError, match=r"span 3-6 PNAME .* does not begin and end at the edge"):
        parts([Document("My D90s", (Span(3, 6, "PNAME"),), tokens=(Token(0, 2), Token(3, 7)))], [NIKON])


def test_of_spans_that_overlap_the_longest_is_learned_and_the_others_are_counted() -> None:
    found = parts([labelled("The D90 grip", (1, 2, "PNAME"), (1, 3, "PFEATURE"))], [NIKON])
    assert found.overlaps == 1
    assert found.labels == ("PFEATURE",)
    assert found.train.chunks == [[(1, 3, "PFEATURE")]]


def test_the_most_frequent_label_comes_first_and_equal_ones_by_name() -> None:
    assert parts([NIKON, MENU, MENU], [NIKON]).labels == ("PFEATURE", "PNAME")
    assert parts([NIKON, MENU], [NIKON]).labels == ("PFEATURE", "PNAME")
    assert parts([NIKON, NIKON, MENU], [NIKON]).labels == ("PNAME", "PFEATURE")


def test_the_digest_changes_with_any_word_tag_or_part() -> None:
    texts = [NIKON, labelled("My Nikon D90 worked", (1, 3, "PNAME")), labelled("My Nikon D90 works", (2, 3, "PNAME"))]
    digests = {parts([text], [NIKON]).digest for text in texts}
    digests |= {parts([text], [text]).digest for text in texts}
    digests.add(parts([NIKON, NIKON], [NIKON]).digest)
    assert len(digests) == 2 * len(texts)
    assert parts([NIKON], [NIKON]).digest == parts([NIKON], [NIKON]).digest


def test_words_that_are_half_a_surrogate_pair_have_a_digest() -> None:
    odd = Sentence("\ud800 D90", (Token(0, 1), Token(2, 5)), (Span(2, 5, "PNAME"),))
    assert Parts.of([odd], [odd]).labels == ("PNAME",)


def test_a_dev_part_is_taken_from_train_where_there_is_none(tmp_path: Path) -> None:
    without_dev = replace(reviews(), dev=dataset([]))
    (start,) = events(train(without_dev, tmp_path / "run", config(epochs=1, validation_split=0.25)), "start")
    assert start["sentences"]["train"] + start["sentences"]["dev"] == 12
    assert start["sentences"]["dev"] in (3, 4)


def test_more_labels_than_a_model_may_have_are_refused_before_training() -> None:
    documents = [labelled("The menu is odd", (1, 2, f"LABEL{number}")) for number in range(257)]
    with pytest.raises(TrainingError, match="expected at most 256 labels, received 257"):
        parts(documents, documents[:1])
