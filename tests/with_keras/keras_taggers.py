"""Small Keras models with random weights, spread so far that they find entities, and the encoder of their numbers."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from tagloom.features.word_index import FORMS
from tagloom.keras.characters import CharacterCNN
from tagloom.keras.crf import CRF
from tagloom.keras.encoder import Encoder

SENTENCES = [
    "My Nikon D90 has a bright viewfinder .".split(),
    ["Superb"],
    "The EOS-5D 's auto focus , though slow at first , never hunts and the 24-70mm is sharp".split(),
    ["日", "本", "👍"],
    "the NIKON d90 and an unheard-of supercalifragilisticexpialidociouscamera42".split(),
]
TAGS = ("O", "B-PFEATURE", "I-PFEATURE", "B-PNAME", "I-PNAME")


def encoder(*, tags: tuple[str, ...] = TAGS, word_form: str = "surface", **options: Any) -> Encoder:
    """An encoder that knows the words of the first three sentences in that form; rows have gaps."""
    words = dict.fromkeys(FORMS[word_form](word) for sentence in SENTENCES[:3] for word in sentence)
    characters = dict.fromkeys("".join(map("".join, SENTENCES[:3])))
    return Encoder(
        word2idx={word: 2 * number for number, word in enumerate(words, 2)},
        tag2idx={tag: number for number, tag in enumerate(tags)},
        char2idx={character: number for number, character in enumerate(characters, 2)},
        length=20,
        word_length=9,
        word_form=word_form,
        **options,
    )


def tagger(
    encoder: Encoder,
    *,
    characters: str = "none",
    decoder: str = "crf",
    num_layers: int = 1,
    use_bias: bool = True,
    characters_first: bool = False,
    length: int | None = None,
    seed: int = 0,
) -> keras.Model:
    """A functional model of the parts that a bundle holds, noise among them.

    Args:
        encoder: whose numbers it takes.
        characters: `none`, `cnn` or `lstm`.
        decoder: `crf`, `softmax`, `activation` (softmax as a layer) or `scores`.
        num_layers: BiLSTM layers.
        use_bias: of the LSTMs and of the last layer.
        characters_first: whether their vector stands before the word's, and their input before the words'.
        length: of its input.
        seed: of its weights.
    """
    words = keras.Input((length,), dtype="int32", name="words")
    inputs, values = [words], layers.Embedding(encoder.num_words + 3, 6, mask_zero=True)(words)
    values = layers.SpatialDropout1D(0.3)(values)
    if characters != "none":
        spelling = keras.Input((length, encoder.word_length), dtype="int32", name="spelling")
        spelled = _character_vectors(spelling, encoder.num_characters, characters)
        parts = [spelled, values] if characters_first else [values, spelled]
        inputs = [spelling, words] if characters_first else [words, spelling]
        values = layers.Concatenate()(parts)
    values = layers.GaussianNoise(0.1)(values)
    for _ in range(num_layers):
        lstm = layers.LSTM(
            5,
            return_sequences=True,
            use_bias=use_bias,
            dropout=0.2,
            recurrent_dropout=0.1,
            recurrent_initializer="zeros",
        )
        values = layers.Dropout(0.5)(layers.Bidirectional(lstm)(values))
    model = keras.Model(inputs, _scores(values, encoder, decoder, use_bias))
    randomise(model, seed)
    return model


def randomise(model: keras.Model, seed: int = 0) -> None:
    random = np.random.default_rng(seed)
    for weight in model.weights:
        if "seed_generator" not in weight.path:
            spread = 0.1 if weight.path.endswith(("transitions", "bias")) else 1.0
            weight.assign(random.normal(0, spread, weight.shape))


def numbers(tensor: Any) -> NDArray[np.float32]:
    return np.asarray(ops.convert_to_numpy(ops.convert_to_tensor(tensor)))


def arrays(model: keras.Model, encoder: Encoder, sentences: Any) -> Any:
    """What the model takes, in its order."""
    inputs = [
        encoder.words(sentences) if len(tensor.shape) == 2 else encoder.characters(sentences) for tensor in model.inputs
    ]
    return inputs if len(inputs) > 1 else inputs[0]


def _character_vectors(spelling: Any, num_characters: int, kind: str) -> Any:
    if kind == "cnn":
        return CharacterCNN(num_characters, 4, width=3, dropout=0.1)(spelling)
    embedded = layers.Dropout(0.1)(layers.Embedding(num_characters, 3, mask_zero=True)(spelling))
    return layers.TimeDistributed(layers.Bidirectional(layers.LSTM(4, recurrent_initializer="zeros")))(embedded)


def _scores(values: Any, encoder: Encoder, decoder: str, use_bias: bool) -> Any:
    num_tags = len(encoder.tag2idx)
    if decoder == "softmax":
        dense = layers.Dense(num_tags, use_bias=use_bias, activation="softmax")
        return layers.TimeDistributed(dense)(values)
    scores = layers.Dense(num_tags, use_bias=use_bias, name="scores")(values)
    if decoder == "crf":
        return CRF(list(encoder.tag2idx), scheme=encoder.scheme)(scores)
    return layers.Activation("softmax")(scores) if decoder == "activation" else scores
