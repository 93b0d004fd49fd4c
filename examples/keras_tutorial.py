"""A BiLSTM-CRF in Keras for the Kaggle "Annotated Corpus for NER", step by step; docs/keras-tutorial.md explains it.

KERAS_BACKEND=jax python examples/keras_tutorial.py ner_dataset.csv -o keras-tagger
"""

import argparse
import importlib.util
from dataclasses import replace
from pathlib import Path

import keras
from keras import layers

import tagloom
from tagloom.keras import CRF, Encoder, EntityF1, EntityScores, TaggedWords, export

parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
parser.add_argument("corpus", help="the CSV file of the corpus, as it is or zipped")
parser.add_argument("-o", "--output", default="keras-tagger", type=Path, help="folder to make (keras-tagger)")
parser.add_argument("--documents", type=int, help="take only so many of the corpus")
parser.add_argument("--epochs", type=int, default=5, help="(5)")
parser.add_argument("--length", type=int, default=50, help="words that a row of training has room for (50)")
arguments = parser.parse_args()
arguments.output.mkdir(parents=True)
keras.utils.set_random_seed(13)

# 1. The corpus: sentences of (word, part of speech, tag)
dataset = tagloom.read(arguments.corpus)
if arguments.documents:
    dataset = dataset.of(dataset.documents[: arguments.documents])
tagged = TaggedWords(dataset)
print(f"{len(tagged):,} sentences; the first:")
print(tagged[0])

# 2. Divided once and for all: equal sentences on one side, each label as evenly as can be
feature_set = tagloom.FeatureSet.split(dataset, ratios=(0.8, 0.1, 0.1), seed=13, drop_duplicates=True)
train, dev, test = (part.sentences() for _, part in feature_set.parts())

# 3. Dictionaries; words that train has only once are unknown, so that the model learns what to make of such
encoder = Encoder.of(feature_set, length=arguments.length, min_count=2)
tags = list(encoder.tag2idx)
print(f"{encoder.num_words:,} rows of words, {len(tags)} tags: {encoder.tag2idx}")

# 4. Padded arrays
x_train, y_train = encoder.words(train), encoder.tags(train)
x_dev, y_dev = encoder.words(dev), encoder.tags(dev)
print(f"x_train {x_train.shape}, y_train {y_train.shape}")
print(x_train[0])

# 5. The model
crf = CRF(tags, scheme="BIO")
model = keras.Sequential(
    [
        layers.Input(shape=(None,), dtype="int32"),
        layers.Embedding(input_dim=encoder.num_words, output_dim=100, mask_zero=True),
        layers.Dropout(0.3),
        layers.Bidirectional(
            layers.LSTM(
                units=100,
                return_sequences=True,
                dropout=0.2,
                recurrent_dropout=0.1,
                kernel_initializer="he_normal",
            )
        ),
        layers.TimeDistributed(layers.Dense(len(tags))),
        crf,
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.002), loss=crf.loss, metrics=[crf.accuracy, EntityF1(tags)])
model.summary()

# 6. Callbacks: scores of the dev part after each epoch, the best epoch kept, an end when it gets no better
best = arguments.output / "best.keras"
callbacks = [
    EntityScores(encoder, dev, x_dev, batch_size=128),
    keras.callbacks.ModelCheckpoint(filepath=str(best), monitor="val_f1", verbose=1, save_best_only=True, mode="max"),
    keras.callbacks.EarlyStopping(monitor="val_f1", mode="max", patience=2, verbose=1),
]
if importlib.util.find_spec("tensorflow"):  # which Keras needs to write for TensorBoard
    callbacks.append(keras.callbacks.TensorBoard(log_dir=str(arguments.output / "tensorboard")))

# 7. Training
history = model.fit(
    x_train,
    y_train,
    validation_data=(x_dev, y_dev),
    batch_size=64,
    epochs=arguments.epochs,
    callbacks=callbacks,
    verbose=2,
)

# 8. The best epoch, judged on the test part, whose sentences are read to their end
model = keras.models.load_model(best)
whole = replace(encoder, length=max(len(sentence.words) for sentence in test))
x_test, y_test = whole.words(test), whole.tags(test)
loss, accuracy, entity_f1 = model.evaluate(x_test, y_test, batch_size=128, verbose=0)
print(f"test: loss {loss:.3f}, accuracy {accuracy:.4f}, entity F1 {100 * entity_f1:.2f}")

# 9. Prediction
predicted = model.predict(x_test, batch_size=128, verbose=0)
names = whole.tag_names(predicted, test)
for word, right, found in zip(test[0].words, test[0].tags(tagloom.schemes.BIO), names[0], strict=True):
    print(f"{word:20} {right:8} {found}")
marginals = keras.ops.convert_to_numpy(model.layers[-1].marginals(predicted[:1]))[0]
print("how sure it is of each word:", marginals.max(axis=1)[: len(test[0].words)].round(2))

# 10. As a bundle: it predicts without Keras, and is judged and deployed as every model of Tagloom
export(model, encoder, arguments.output / "model")
encoder.save(arguments.output / "encoder.json")
tagloom.write(feature_set.test, arguments.output / "test.conll", format="conll", scheme="BIO")
predictor = tagloom.load(arguments.output / "model")
print(f"entity F1 of the bundle: {100 * tagloom.judge(predictor, test).micro.f1:.2f}")
text = "Angela Merkel met Barack Obama in Berlin on Tuesday."
print([(text[span.start : span.end], span.label, round(span.score or 0, 2)) for span in predictor(text)])
