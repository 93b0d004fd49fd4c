from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.errors import ConfigError, DataError
from tagloom.evaluation.evaluating import evaluate_chunks, evaluate_tags
from tagloom.keras.crf import CRF
from tagloom.keras.encoder import Encoder
from tagloom.keras.entity_scores import EntityScores
from tagloom.schemes import BIOES
from tagloom.text import Document, Sentence, Span

NAMES = ("D90", "D80", "EOS-5D")
TRAIN = [
    *(Document(f"the {name} works well .", (Span(4, 4 + len(name), "PNAME"),)) for name in NAMES),
    Document("great focus", (Span(6, 11, "PFEATURE"),)),
]
DEV = Document("the D90 hunts", (Span(4, 7, "PNAME"),)), Document("great works", (Span(6, 11, "PFEATURE"),))
FEATURES = FeatureSet(Dataset(tuple(TRAIN)), Dataset(DEV))
ENCODER = Encoder.of(FEATURES, scheme="BIOES")
TAGS = list(ENCODER.tag2idx)


def model_of(*, crf: bool = False, characters: bool = False) -> Any:
    keras.utils.set_random_seed(3)
    words = keras.Input((ENCODER.length,), dtype="int32")
    inputs, vectors = [words], keras.layers.Embedding(ENCODER.num_words, 8, mask_zero=True)(words)
    if characters:
        inputs.append(keras.Input((ENCODER.length, ENCODER.word_length), dtype="int32"))
        spelled = keras.layers.Embedding(ENCODER.num_characters, 4)(inputs[1])
        pooled = keras.layers.Lambda(lambda each: keras.ops.max(each, axis=2))(spelled)
        vectors = keras.layers.Concatenate()([vectors, pooled])
    layer = CRF(TAGS, scheme="BIOES") if crf else keras.layers.Activation("softmax")
    scored = keras.layers.Dense(len(TAGS))(vectors)
    model = keras.Model(inputs if characters else words, layer(scored))
    loss = layer.loss if crf else "sparse_categorical_crossentropy"
    model.compile(optimizer=keras.optimizers.Adam(0.1), loss=loss)
    return model


def fitted(model: Any, callbacks: list[Any], *, epochs: int = 5) -> Any:
    own = FEATURES.train.sentences()
    x = [ENCODER.words(own), ENCODER.characters(own)][: len(model.inputs)]
    return model.fit(
        x if len(x) > 1 else x[0], ENCODER.tags(own), epochs=epochs, verbose=0, callbacks=callbacks, shuffle=False
    )


@pytest.mark.parametrize(("crf", "characters"), [(True, False), (False, False), (True, True)])
def test_each_epoch_has_the_scores_that_its_model_gives(crf: bool, characters: bool) -> None:
    model, own = model_of(crf=crf, characters=characters), FEATURES.dev.sentences()
    scores = EntityScores(ENCODER, own)
    history = fitted(model, [scores]).history
    x = [ENCODER.words(own), ENCODER.characters(own)]
    predicted = ENCODER.tag_names(model.predict(x if characters else x[0], verbose=0), own)
    expected = evaluate_tags([sentence.tags(BIOES) for sentence in own], predicted, scheme=BIOES)
    assert len(scores.reports) == 5
    assert scores.reports[-1].micro == expected.micro
    assert scores.reports[-1].micro.f1 > 0
    for key, value in {
        "val_precision": expected.micro.precision,
        "val_recall": expected.micro.recall,
        "val_f1": expected.micro.f1,
        "val_f1_PNAME": expected.labels["PNAME"].f1,
        "val_f1_PFEATURE": expected.labels["PFEATURE"].f1,
    }.items():
        assert history[key][-1] == pytest.approx(value)
    assert [report.micro.f1 for report in scores.reports] == pytest.approx(history["val_f1"])


def test_checkpoints_and_early_stopping_that_stand_behind_it_watch_its_scores(tmp_path: Path) -> None:
    model, scores = model_of(crf=True), EntityScores(ENCODER, FEATURES.train.sentences())
    best = keras.callbacks.ModelCheckpoint(tmp_path / "best.keras", monitor="val_f1", mode="max", save_best_only=True)
    stop = keras.callbacks.EarlyStopping(monitor="val_f1", mode="max", patience=2)
    reached = fitted(model, [scores, best, stop], epochs=30).history["val_f1"]
    assert max(reached) > 0
    assert len(reached) == min(np.argmax(reached) + 3, 30)
    again, own = keras.saving.load_model(tmp_path / "best.keras"), FEATURES.train.sentences()
    found = ENCODER.documents(again.predict(ENCODER.words(own), verbose=0), TRAIN)
    gold, predicted = ([one.chunks() for one in Dataset(tuple(each)).sentences()] for each in (TRAIN, found))
    assert evaluate_chunks(gold, predicted, [len(one.tokens) for one in own]).micro.f1 == max(reached)


def test_inputs_may_be_given_and_the_prefix_chosen() -> None:
    own = FEATURES.dev.sentences()
    given = EntityScores(ENCODER, own, ENCODER.words(own), prefix="dev_", batch_size=1)
    made = EntityScores(ENCODER, own, prefix="made_")
    history = fitted(model_of(), [given, made], epochs=3).history
    assert history["dev_f1"] == history["made_f1"]
    assert given.reports == made.reports


def test_what_is_behind_the_cut_was_not_found() -> None:
    size = ENCODER.length
    long = Document("D90 " * (size + 2), tuple(Span(4 * place, 4 * place + 3, "PNAME") for place in range(size + 2)))
    scores = EntityScores(ENCODER, Dataset((long,)).sentences())
    fitted(model_of(crf=True), [scores], epochs=10)
    best = max(scores.reports, key=lambda report: report.micro.f1)
    assert (best.micro.recall, best.micro.support) == (size / (size + 2), size + 2)
    assert best.tokens.count == size + 2


def test_ill_formed_tags_of_a_softmax_are_no_entities_and_are_counted() -> None:
    tags = {"the": "I-PNAME", "D90": "E-PNAME", "great": "O", "works": "S-PFEATURE"}
    table = np.zeros((ENCODER.num_words, len(TAGS)))
    for word, tag in tags.items():
        table[ENCODER.word2idx[word], ENCODER.tag2idx[tag]] = 1
    table[ENCODER.unknown_word, 0] = 1
    scored = keras.layers.Embedding(*table.shape)
    model = keras.Sequential([keras.Input((ENCODER.length,), dtype="int32"), scored])
    scored.set_weights([table])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse")
    scores = EntityScores(ENCODER, FEATURES.dev.sentences())
    model.fit(np.ones((1, ENCODER.length)), np.ones((1, ENCODER.length, len(TAGS))), verbose=0, callbacks=[scores])
    (report,) = scores.reports
    assert report.labels["PNAME"].recall == 0
    assert (report.micro.precision, report.micro.recall) == (1, 0.5)
    assert (report.ill_formed.gold, report.ill_formed.predicted) == (0, 1)


def test_a_label_without_entities_has_a_score_in_every_epoch() -> None:
    history = fitted(model_of(), [EntityScores(ENCODER, FEATURES.dev.sentences()[:1])], epochs=3).history
    assert len(history["val_f1_PFEATURE"]) == len(history["val_f1_PNAME"]) == 3


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ConfigError, match="sentences: expected some"):
        EntityScores(ENCODER, [])
    split = Sentence("D90", (), (Span(0, 2, "PNAME"),))
    with pytest.raises(DataError, match="does not begin and end at the edges of words"):
        EntityScores(ENCODER, [split])
    scores = EntityScores(ENCODER, FEATURES.dev.sentences())
    scores.set_model(model_of())
    scores.on_train_begin()
    with pytest.raises(ConfigError, match="'val_', and val_f1 is in the logs already"):
        scores.on_epoch_end(0, {"val_f1": 0.5})
    pair = [keras.Input((ENCODER.length,), dtype="int32") for _ in range(2)]
    scores.set_model(keras.Model(pair, keras.layers.Add()(pair)))
    with pytest.raises(ConfigError, match="2 and 2 axes that these do not tell apart"):
        scores.on_train_begin()
    vectors = keras.Input((ENCODER.length, 3, 2))
    model = keras.Model(vectors, keras.layers.Reshape((ENCODER.length, 6))(vectors))
    model.compile(loss="mse")
    with pytest.raises(ConfigError, match="received inputs of 4 axes"):
        model.fit(np.zeros((1, ENCODER.length, 3, 2)), np.zeros((1, ENCODER.length, 6)), verbose=0,
                  callbacks=[EntityScores(ENCODER, FEATURES.dev.sentences())])  # fmt: skip
