from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tagloom.errors import ConfigError, SchemeError
from tagloom.evaluation.evaluating import evaluate_tags
from tagloom.keras.crf import CRF
from tagloom.keras.entity_f1 import EntityF1
from tagloom.schemes import SCHEMES, Scheme

EVERY_TAG = ("O", *(f"{prefix}-{label}" for label in "XY" for prefix in "BIES"))
LENGTH = 9

few = settings(max_examples=40, deadline=None)
several_tags = st.lists(st.sampled_from(EVERY_TAG), min_size=1, max_size=LENGTH)


@st.composite
def judged_tags(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """The right tags of a sentence, well-formed or not, and predicted ones that are like them here and there."""
    gold = draw(several_tags)
    return gold, [tag if draw(st.booleans()) else draw(st.sampled_from(EVERY_TAG)) for tag in gold]


def scores_of(tags: NDArray[Any], num_tags: int) -> NDArray[np.float32]:
    """A softmax's output of which these are the best tags."""
    return np.where(np.arange(num_tags) == tags[..., None], 0.5, 0.5 / num_tags).astype(np.float32)


def placed(
    sentences: Sequence[Sequence[str]], num_before: Sequence[int], names: Sequence[str]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Numbers of tags in rows of one length, words behind so many places of padding, and where words stand.

    Padding holds tags too, which nobody should look at.
    """
    rows, within = np.full((len(sentences), LENGTH), 1), np.zeros((len(sentences), LENGTH), bool)
    for row, own, tags, before in zip(rows, within, sentences, num_before, strict=True):
        row[before : before + len(tags)] = [names.index(tag) for tag in tags]
        own[before : before + len(tags)] = True
    return rows, within


def written_in(scheme: Scheme, tags: Sequence[str]) -> list[str]:
    """Other tags, of which the scheme has each; ill-formed ones as before."""
    names = scheme.tags("XY")
    return [names[EVERY_TAG.index(tag) % len(names)] for tag in tags]


def counts_of(metric: EntityF1) -> list[float]:
    return [float(keras.ops.convert_to_numpy(variable)) for variable in metric.variables]


def expected_counts(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], scheme: Scheme) -> list[int]:
    pairs = [(set(scheme.decode(one)), set(scheme.decode(other))) for one, other in zip(gold, predicted, strict=True)]
    return [sum(len(one & other) for one, other in pairs), *(sum(len(pair[side]) for pair in pairs) for side in (1, 0))]


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.name)
@few
@given(
    pairs=st.lists(judged_tags(), min_size=3, max_size=3), num_before=st.tuples(*[st.integers(0, LENGTH)] * 3), how=...
)
def test_what_is_counted_is_what_the_walker_reads_wherever_padding_is(
    scheme: Scheme, pairs: list[tuple[list[str], list[str]]], num_before: tuple[int, ...], how: bool
) -> None:
    gold, predicted = ([written_in(scheme, pair[side]) for pair in pairs] for side in (0, 1))
    starts = [min(before, LENGTH - len(tags)) for before, tags in zip(num_before, gold, strict=True)]
    names = scheme.tags("XY")
    right, within = placed(gold, starts, names)
    scores = scores_of(placed(predicted, starts, names)[0], len(names))
    metric = EntityF1(names, scheme=scheme.name)
    if how:
        metric.update_state(right, scores, sample_weight=within)
    else:
        metric.update_state(right, np.where(within[..., None], scores - 1, 0))  # as the CRF layer gives them
    assert counts_of(metric) == expected_counts(gold, predicted, scheme)
    report = evaluate_tags(gold, predicted, scheme=scheme)
    assert float(metric.result()) == pytest.approx(report.micro.f1, abs=1e-6)


@pytest.mark.parametrize("length", [1, 2, 7, 8, 9, 64, 65, 130])
def test_an_entity_of_any_length_begins_where_it_began(length: int) -> None:
    right = np.array([[1] + [2] * (length - 1)] * 2)
    found = right.copy()
    found[1, :1] = 0  # a word late, where there is another
    found[1, 1:2] = 1
    metric = EntityF1(["O", "B-X", "I-X"])
    metric.update_state(right, scores_of(found, 3))
    assert counts_of(metric) == [1, 1 + (length > 1), 2]


def test_batches_add_up_until_the_state_is_reset() -> None:
    metric = EntityF1(["O", "B-X", "I-X"])
    right, scores = np.array([[1, 2, 0, 1]]), scores_of(np.array([[1, 2, 1, 0]]), 3)
    for _ in range(3):
        metric.update_state(right, scores)
    assert counts_of(metric) == [3, 6, 6]
    assert float(metric.result()) == pytest.approx(0.5)
    metric.reset_state()
    assert counts_of(metric) == [0, 0, 0]
    assert float(metric.result()) == 0


def test_right_tags_may_be_one_hot_or_have_an_axis_of_one() -> None:
    right, scores = np.array([[1, 2, 0, 1]]), scores_of(np.array([[1, 2, 0, 0]]), 3)
    for given_tags in (right, right[..., None], np.eye(3)[right], right.astype(np.float32)):
        metric = EntityF1(["O", "B-X", "I-X"])
        metric.update_state(given_tags, scores)
        assert counts_of(metric) == [1, 1, 2]


def test_a_sentence_or_a_word_of_weight_0_and_a_right_number_below_0_do_not_count() -> None:
    right = np.array([[1, 0, 1], [1, 0, 1], [1, -1, 1]])
    scores = scores_of(np.array([[1, 1, 1], [1, 1, 1], [1, 1, 1]]), 2)
    for weights in (np.array([0.0, 1.0, 0.5]), np.array([[0.0], [1.0], [2.0]])):
        metric = EntityF1(["O", "B-X"])
        metric.update_state(right, scores, sample_weight=weights)
        assert counts_of(metric) == [4, 5, 4]
    metric = EntityF1(["O", "B-X"])
    metric.update_state(right, scores, sample_weight=np.array([[1, 1, 1], [0, 1, 1], [1, 1, 0]]))
    assert counts_of(metric) == [4, 6, 4]


def test_tags_that_do_not_fit_are_refused_with_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"expected scores of 2 tags, received \(1, 2, 3\)"):
        EntityF1(["O", "B-X"]).update_state(np.zeros((1, 2)), np.ones((1, 2, 3)))
    with pytest.raises(ConfigError, match="different tags"):
        EntityF1(["O", "B-X", "B-X"])
    with pytest.raises(ConfigError, match="received none"):
        EntityF1([])
    with pytest.raises(ConfigError, match="entity_f1: 'PAD' is no tag"):
        EntityF1(["O", "PAD"])
    with pytest.raises(ConfigError, match="'E-X' is no tag of the scheme BIO"):
        EntityF1(["O", "B-X", "I-X", "E-X", "S-X"])
    with pytest.raises(SchemeError, match="'nothing'"):
        EntityF1(["O"], scheme="nothing")


@pytest.mark.parametrize(("kind", "length"), [("mask", LENGTH), ("weights", None), ("CRF", None)])
def test_compiled_into_fit_and_evaluate_it_counts_words_alone(kind: str, length: int | None, tmp_path: Path) -> None:
    random, tags = np.random.default_rng(5), ("O", "B-X", "I-X")
    words = random.integers(1, 30, (20, LENGTH))
    words[np.arange(LENGTH) >= random.integers(1, LENGTH + 1, 20)[:, None]] = 0
    gold = np.where(words, random.integers(0, 3, words.shape), 1)
    keras.utils.set_random_seed(1)
    inputs = keras.Input((length,), dtype="int32")
    vectors = keras.layers.Embedding(30, 8, mask_zero=True, embeddings_initializer="normal")(inputs)
    layer = CRF(tags, scheme="BIO") if kind == "CRF" else keras.layers.Activation("softmax")
    model = keras.Model(inputs, layer(keras.layers.TimeDistributed(keras.layers.Dense(3))(vectors)))
    metrics = {"weighted_metrics" if kind == "weights" else "metrics": [EntityF1(tags)]}
    loss = layer.loss if kind == "CRF" else "sparse_categorical_crossentropy"
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss=loss, **metrics)
    data = (words, gold, (words > 0).astype("float32")) if kind == "weights" else (words, gold)
    history = model.fit(*data[:2], 20, 1, verbose=0, validation_data=data, sample_weight=(*data, None)[2]).history

    best, lengths = model.predict(words, verbose=0).argmax(axis=2), (words > 0).sum(axis=1)
    names = [
        [[tags[number] for number in row[:length]] for row, length in zip(numbers, lengths, strict=True)]
        for numbers in (gold, best)
    ]
    expected = evaluate_tags(*names, scheme=SCHEMES["BIO"]).micro.f1
    assert 0.05 < expected < 0.95
    assert history["val_entity_f1"][-1] == pytest.approx(expected, abs=1e-6)
    if kind != "mask":  # which Keras loses in training on JAX
        assert history["entity_f1"][-1] == pytest.approx(expected, abs=1e-6)

    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.evaluate(*data[:2], sample_weight=(*data, None)[2], verbose=0)[1] == pytest.approx(expected, abs=1e-6)


def test_it_is_made_again_of_its_config() -> None:
    metric = EntityF1(EVERY_TAG, scheme="IOBES", name="found")
    again = EntityF1.from_config(metric.get_config())
    assert (again.tags, again.scheme, again.name) == (EVERY_TAG, "BIOES", "found")


def test_an_empty_batch_and_a_word_without_neighbours_are_read() -> None:
    metric = EntityF1(["O", "S-X"], scheme="BIOES")
    metric.update_state(np.zeros((0, 4), np.int32), np.zeros((0, 4, 2), np.float32))
    assert float(metric.result()) == 0
    metric.update_state(np.array([[1]]), scores_of(np.array([[1]]), 2))
    assert float(metric.result()) == 1
