"""The CRF as people use it in Keras."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from chains import MadeChain
from crf_models import LENGTH, TAGS, model, sentences
from differentiation import compiled
from keras_taggers import numbers

from tagloom.errors import ConfigError, SchemeError
from tagloom.keras import CRF
from tagloom.schemes import BIO

TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}


def built(crf: CRF, seed: int = 0) -> CRF:
    """The layer with random scores."""
    crf.build((None, None, crf.num_tags))
    random = np.random.default_rng(seed)
    crf.set_weights([random.standard_normal(weight.shape) for weight in crf.weights])
    return crf


def emissions(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def outputs_of(crf: CRF, scores: np.ndarray, within: np.ndarray | None = None) -> Any:
    return compiled(lambda given: crf(given, mask=within))(scores)


def log_likelihood(crf: CRF, right: np.ndarray, outputs: Any) -> np.ndarray:
    return numbers(compiled(lambda given: crf.log_likelihood(right, given))(outputs))


def loss_of(crf: CRF, right: np.ndarray, outputs: Any, **options: Any) -> float:
    return float(numbers(compiled(lambda given: crf.loss(right, given, **options))(outputs)))


def by_brute_force(crf: CRF, scores: np.ndarray, within: np.ndarray, tags: np.ndarray) -> MadeChain:
    transitions = crf.constrained_transitions(-np.inf)
    arrays = tuple(numbers(own) for own in (transitions.between, transitions.start, transitions.end))
    return MadeChain(scores, arrays, within, tags)


SAME_ON_EVERY_BACKEND = pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="the same on every backend, and JAX compiles for long"
)

WITHIN = np.array([[True, True, True, True], [False, True, True, False], [True, False, False, False]])
RIGHT = np.array([[0, 1, 2, 2], [0, 1, 3, 0], [3, 0, 0, 0]], np.int32)


@pytest.mark.parametrize("scheme", [None, "BIO"])
def test_output_loss_and_marginals_are_those_over_every_path(scheme: str | None) -> None:
    crf, scores = built(CRF(TAGS, scheme=scheme)), emissions(3, 4, 4)
    expected = by_brute_force(crf, scores, WITHIN, RIGHT)
    outputs = outputs_of(crf, scores, WITHIN)
    np.testing.assert_array_equal(numbers(outputs).argmax(axis=2), expected.best_paths())
    np.testing.assert_allclose(numbers(compiled(crf.marginals)(outputs)), expected.marginals(), **TOLERANCE)
    found = log_likelihood(crf, RIGHT, outputs)
    np.testing.assert_allclose(found, -expected.negative_log_likelihood(), **TOLERANCE)
    loss = loss_of(crf, RIGHT, outputs)
    assert loss == pytest.approx(expected.negative_log_likelihood().mean(), rel=1e-5)


def test_only_the_best_path_is_positive_and_padding_is_zero() -> None:
    outputs = numbers(built(CRF(4))(emissions(3, 4, 4), mask=WITHIN))
    assert ((outputs > 0).sum(axis=2) == WITHIN).all()
    assert ((outputs == 0).all(axis=2) == ~WITHIN).all()


def test_without_a_mask_every_place_is_a_word() -> None:
    crf, scores = built(CRF(4)), emissions(2, 3, 4)
    np.testing.assert_array_equal(numbers(crf(scores)), numbers(outputs_of(crf, scores, np.ones((2, 3), bool))))


@pytest.mark.parametrize(("before", "behind"), [(0, 3), (3, 0), (2, 1)])
def test_padding_changes_nothing(before: int, behind: int) -> None:
    crf, scores = built(CRF(TAGS, scheme="BIO")), emissions(2, 4, 4)
    padded = np.pad(scores, ((0, 0), (before, behind), (0, 0)), constant_values=7.0)
    mask = np.pad(np.ones((2, 4), bool), ((0, 0), (before, behind)))
    outputs, alone = outputs_of(crf, padded, mask), outputs_of(crf, scores)
    np.testing.assert_allclose(numbers(outputs)[:, before : before + 4], numbers(alone), **TOLERANCE)
    right = np.pad(RIGHT[:2], ((0, 0), (before, behind)), constant_values=3)
    found, expected = log_likelihood(crf, right, outputs), log_likelihood(crf, RIGHT[:2], alone)
    np.testing.assert_allclose(found, expected, **TOLERANCE)


def test_tags_given_one_hot_or_with_an_axis_more_are_the_same() -> None:
    crf = built(CRF(4))
    outputs = outputs_of(crf, emissions(3, 4, 4), WITHIN)
    losses = [loss_of(crf, right, outputs) for right in (RIGHT, RIGHT[:, :, None], np.eye(4)[RIGHT])]
    assert losses[0] == losses[1] == losses[2]
    assert _accuracy(crf, RIGHT, outputs) == _accuracy(crf, np.eye(4)[RIGHT], outputs)


def _accuracy(crf: CRF, right: np.ndarray, outputs: Any) -> float:
    metric = crf.accuracy
    metric.update_state(right, outputs)
    return float(metric.result())


def test_accuracy_is_the_share_of_words_that_are_right() -> None:
    crf = built(CRF(4))
    outputs = outputs_of(crf, emissions(3, 4, 4), WITHIN)
    right = numbers(outputs).argmax(axis=2) == RIGHT
    assert _accuracy(crf, RIGHT, outputs) == pytest.approx(right[WITHIN].mean())


def test_sentences_weigh_as_they_are_told_to() -> None:
    crf = built(CRF(4))
    outputs = outputs_of(crf, emissions(3, 4, 4), WITHIN)
    each = -log_likelihood(crf, RIGHT, outputs)
    found = loss_of(crf, RIGHT, outputs, sample_weight=np.array([1.0, 0.0, 2.0]))
    assert found == pytest.approx((each[0] + 2 * each[2]) / 3, rel=1e-5)


def test_weights_of_words_are_refused() -> None:
    crf = built(CRF(4))
    with pytest.raises(ConfigError, match=r"one weight a sentence, \(batch,\), received \(3, 4\)"):
        crf.loss(RIGHT, -emissions(3, 4, 4), sample_weight=np.ones((3, 4)))


def test_right_tags_of_another_form_are_refused() -> None:
    crf = built(CRF(4))
    for shape in ((3, 4, 5), (3, 7), (3, 2), (1, 4), (3, 4, 4, 1)):
        with pytest.raises(ConfigError, match=rf"\(3, 4\) or one-hot \(3, 4, 4\), received {re.escape(str(shape))}"):
            crf.loss(np.zeros(shape), emissions(3, 4, 4))


@pytest.mark.parametrize("functional", [False, True])
def test_a_model_learns_by_fit_with_callbacks_and_a_validation_split(tmp_path: Path, functional: bool) -> None:
    words, tags = sentences(64)
    made = model(functional=functional)
    kept = tmp_path / "best.keras"
    callbacks = [
        keras.callbacks.ModelCheckpoint(filepath=str(kept), monitor="val_loss", save_best_only=True, mode="min"),
        keras.callbacks.EarlyStopping(monitor="val_accuracy", mode="max", patience=30),
    ]
    history = made.fit(words, tags, validation_split=0.25, epochs=12, batch_size=16, verbose=0, callbacks=callbacks)
    assert history.history["val_loss"][-1] < 0.25 * history.history["val_loss"][0]
    assert history.history["val_accuracy"][-1] > 0.95
    best = keras.models.load_model(kept)
    loss, _ = best.evaluate(words[48:], tags[48:], verbose=0)
    assert loss == pytest.approx(min(history.history["val_loss"]), rel=1e-4)


def test_evaluation_says_the_mean_loss_of_a_sentence() -> None:
    words, tags = sentences(5)
    made = model()
    loss, accuracy = made.evaluate(words, tags, batch_size=5, verbose=0)
    outputs, crf = made.predict(words, verbose=0), made.layers[-1]
    assert loss == pytest.approx(-log_likelihood(crf, tags, outputs).mean(), rel=1e-5)
    assert accuracy == pytest.approx((outputs.argmax(axis=2) == tags)[words > 0].mean(), rel=1e-5)


@SAME_ON_EVERY_BACKEND
def test_eager_and_compiled_training_come_to_the_same() -> None:
    words, tags = sentences(16)
    losses = []
    for options in ({"run_eagerly": True}, {"jit_compile": keras.backend.backend() == "tensorflow"}):
        made = model(**options)
        made.fit(words, tags, epochs=1, batch_size=16, shuffle=False, verbose=0)
        losses.append(made.evaluate(words, tags, verbose=0)[0])
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_no_path_breaks_the_scheme_however_bad_the_scores() -> None:
    crf = built(CRF(TAGS, scheme="BIO"))
    outputs = outputs_of(crf, 50 * emissions(40, 7, 4))
    for path in numbers(outputs).argmax(axis=2):
        assert not BIO.violations([TAGS[tag] for tag in path])
    marginals = numbers(compiled(crf.marginals)(outputs))
    assert (marginals[:, 0, 2] == 0).all()  # no sentence begins with I-X


def test_right_tags_that_break_the_scheme_cost_much() -> None:
    crf = built(CRF(TAGS, scheme="BIO"))
    loss = loss_of(crf, np.array([[0, 2, 2, 0]]), outputs_of(crf, emissions(1, 4, 4)))
    assert 1e4 < loss < 1e6


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16"])
def test_with_less_precise_layers_before_it_the_crf_keeps_single_precision(policy: str) -> None:
    crf = CRF(4, dtype=policy)
    low = emissions(3, 4, 4).astype(np.float16)
    outputs = outputs_of(built(crf), low, WITHIN)
    assert keras.backend.standardize_dtype(outputs.dtype) == "float32"
    single = built(CRF(4))
    expected = log_likelihood(single, RIGHT, outputs_of(single, low.astype(np.float32), WITHIN))
    np.testing.assert_allclose(log_likelihood(crf, RIGHT, outputs), expected, **TOLERANCE)


def test_a_model_of_mixed_precision_trains() -> None:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        words, tags = sentences()
        made = model()
        losses = made.fit(words, tags, epochs=4, batch_size=16, verbose=0).history["loss"]
    finally:
        keras.config.set_dtype_policy(before)
    assert losses[-1] < losses[0] / 2


FRESH = """
import json, sys
import keras, numpy as np
import tagloom.keras
sys.path.insert(0, {tests!r})
from crf_models import sentences
model = keras.models.load_model({path!r})
words, tags = sentences()
found = model.predict(words, verbose=0)
before = model.evaluate(words, tags, verbose=0)
scores = np.asarray(model.layers[-1].get_weights()[0])
model.fit(words, tags, epochs=1, verbose=0)
moved = float(np.abs(np.asarray(model.layers[-1].get_weights()[0]) - scores).max())
json.dump({{"outputs": found.tolist(), "evaluated": before, "moved": moved}}, open({answer!r}, "w"))
"""


def test_a_saved_model_predicts_the_same_in_a_fresh_process_and_trains_on(tmp_path: Path) -> None:
    words, tags = sentences()
    made = model()
    made.fit(words, tags, epochs=2, batch_size=16, verbose=0)
    path, answer = tmp_path / "tagger.keras", tmp_path / "answer.json"
    made.save(path)
    code = FRESH.format(tests=str(Path(__file__).parent), path=str(path), answer=str(answer))
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300, capture_output=True)
    told = json.loads(answer.read_text())
    np.testing.assert_array_equal(np.array(told["outputs"], np.float32), made.predict(words, verbose=0))
    assert told["evaluated"] == made.evaluate(words, tags, verbose=0)
    assert told["moved"] > 1e-4  # the loss reaches the scores of the layer that was loaded


@SAME_ON_EVERY_BACKEND
def test_models_that_are_loaded_beside_one_another_keep_to_their_own_layer(tmp_path: Path) -> None:
    words, tags = sentences()
    losses = []
    for seed in (1, 2):
        made = model(CRF(TAGS, scheme="BIO", name="crf", initializer="random_normal"), seed=seed)
        crf = made.layers[-1]
        made.compile(optimizer="sgd", loss=crf.loss, metrics=[crf.accuracy])  # Adam would need to be trained first
        losses.append(float(made.evaluate(words, tags, verbose=0)[0]))
        made.save(tmp_path / f"{seed}.keras")
    loaded = [keras.models.load_model(tmp_path / f"{seed}.keras") for seed in (1, 2)]
    assert [float(one.evaluate(words, tags, verbose=0)[0]) for one in loaded] == losses
    assert losses[0] != losses[1]


def test_a_loss_without_its_layer_is_refused() -> None:
    loss = built(CRF(4, name="gone")).loss
    with pytest.raises(ConfigError, match="expected its layer 'gone' to be loaded before it, found none"):
        keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(loss))


@SAME_ON_EVERY_BACKEND
def test_two_models_in_one_keep_to_their_own_layer_when_they_are_loaded(tmp_path: Path) -> None:
    words, tags = sentences(8)
    for seed in (1, 2):
        made = model(CRF(TAGS, name="crf", initializer="random_normal"), seed=seed)
        made.compile(optimizer=keras.optimizers.SGD(), loss=made.layers[-1].loss)  # Keras loads no other inside a model
        made.save(tmp_path / f"{seed}.keras")
    parts = [keras.models.load_model(tmp_path / f"{seed}.keras") for seed in (1, 2)]
    losses = [part.evaluate(words, tags, verbose=0) for part in parts]
    inputs = keras.Input((None,), dtype="int32")
    keras.Model(inputs, [part(inputs) for part in parts]).save(tmp_path / "both.keras")
    again = keras.models.load_model(tmp_path / "both.keras")
    inner = [layer for layer in again.layers if isinstance(layer, keras.Sequential)]
    assert [part.evaluate(words, tags, verbose=0) for part in inner] == pytest.approx(losses, rel=1e-6)
    assert losses[0] != losses[1]


def test_minus_infinity_forbids_a_tag_and_leaves_the_loss_finite() -> None:
    crf, scores = built(CRF(4)), emissions(3, 4, 4)
    scores[:, :, 2] = -np.inf
    outputs = outputs_of(crf, scores, WITHIN)
    assert not (numbers(outputs).argmax(axis=2) == 2).any()
    assert np.isfinite(log_likelihood(crf, np.where(RIGHT == 2, 0, RIGHT), outputs)).all()
    assert (numbers(compiled(crf.marginals)(outputs))[:, :, 2] == 0).all()


@pytest.mark.parametrize("shape", [(0, 4, 4), (3, 0, 4)])
def test_nothing_gives_nothing(shape: tuple[int, ...]) -> None:
    assert numbers(built(CRF(4))(np.zeros(shape, np.float32))).shape == shape


def test_a_layer_made_anew_has_the_same_options() -> None:
    crf = CRF(TAGS, scheme="IOB2", initializer="glorot_uniform", regularizer="l2", name="last", trainable=False)
    again = CRF.from_config(crf.get_config())
    assert again.get_config() == crf.get_config()
    assert (again.tags, again.scheme, again.name, again.trainable) == (tuple(TAGS), "BIO", "last", False)


def test_a_summary_names_the_layer_and_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    model().summary()
    shown = capsys.readouterr().out
    assert "(CRF)" in shown
    assert "(None, None, 4)" in shown


def test_a_model_is_exported_where_the_backend_can(tmp_path: Path) -> None:
    words = sentences()[0]
    made = model()
    expected = made.predict(words, verbose=0)
    backend = keras.backend.backend()
    if backend == "jax":
        pytest.skip("Keras exports from JAX by way of TensorFlow alone")
    if backend == "tensorflow":
        import tensorflow as tf

        made.export(tmp_path / "saved", verbose=False)
        saved = tf.saved_model.load(str(tmp_path / "saved"))
        found = numbers(saved.serve(words))
    else:
        import torch

        signature = [keras.InputSpec(shape=words.shape, dtype="int32")]
        made.export(tmp_path / "saved.pt2", format="torch", verbose=False, input_signature=signature)
        found = numbers(torch.export.load(tmp_path / "saved.pt2").module()(torch.from_numpy(words)))
    np.testing.assert_allclose(found, expected, **TOLERANCE)


def test_tensorboard_is_told(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason="Keras writes for TensorBoard by way of TensorFlow")
    pytest.importorskip("tensorboard", reason="which TensorFlow needs for that")
    words, tags = sentences()
    model().fit(words, tags, verbose=0, callbacks=[keras.callbacks.TensorBoard(str(tmp_path))])
    assert list(tmp_path.rglob("events.out.tfevents.*"))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"tags": 0}, ConfigError, "expected a number of tags, or a list of different names, received 0"),
        ({"tags": True}, ConfigError, "received True"),
        ({"tags": "BIO"}, ConfigError, "received 'BIO'"),
        ({"tags": {0: "O"}}, ConfigError, "received {0: 'O'}"),
        ({"tags": ["O", "O"]}, ConfigError, "different names, received"),
        ({"tags": 4, "scheme": "BIO"}, ConfigError, "a scheme needs the tags' names, O among them, received 4"),
        ({"tags": ["B-X", "I-X"], "scheme": "BIO"}, ConfigError, "received B-X, I-X"),
        ({"tags": ["O", "PAD"], "scheme": "BIO"}, ConfigError, "'PAD' is no tag. Padding needs none"),
        ({"tags": ["O", "S-X"], "scheme": "BIO"}, ConfigError, "'S-X' is no tag of the scheme BIO"),
        ({"tags": ["O", "B-X"], "scheme": "BILBO"}, SchemeError, "received 'BILBO', expected one of"),
    ],
)
def test_tags_that_are_none_are_refused(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        CRF(**options)


def test_a_number_of_tags_may_be_numpys() -> None:
    assert CRF(np.array([3, 0]).max() + 1).num_tags == 4


def test_an_input_of_another_width_is_refused_with_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"\(batch, length, 4\), received \(None, 6, 9\). Put Dense\(4\) before it"):
        keras.Sequential([keras.Input((LENGTH, 9)), CRF(4, name="crf")])
