"""Small taggers with random weights: what a bundle is made of where nothing need be learned."""

import numpy as np
import torch

from tagloom.bundle.architecture import ALGORITHMS, Architecture
from tagloom.bundle.bundle import Bundle
from tagloom.features.corpus import count_words
from tagloom.features.vocabulary import Vocabulary
from tagloom.models.tagger import Tagger
from tagloom.training.bundling import tagger_bundle

LABELS = ("PFEATURE", "PNAME")
SENTENCES = [
    "My Nikon D90 has a bright viewfinder .".split(),
    ["Superb"],
    "The EOS-5D 's auto focus , though slow at first , never hunts and the 24-70mm is sharp".split(),
    ["日", "本", "👍"],
]


def tiny_tagger(
    algorithm: str = "bilstm-cnn-crf",
    *,
    labels: tuple[str, ...] = LABELS,
    layers: int = 1,
    seed: int = 1,
    spread: float = 0.8,
) -> tuple[Tagger, Vocabulary]:
    """A tagger and its vocabulary. Its weights are random and spread so far that it finds entities."""
    vocabulary = Vocabulary.of(count_words(SENTENCES))
    preset = ALGORITHMS[algorithm]
    architecture = Architecture(
        embeddings="learned:12",
        characters=preset["characters"],
        character_width=5,
        character_units=6,
        units=9,
        layers=layers,
        decoder=preset["decoder"],
    )
    tagger = Tagger(architecture, vocabulary, labels, seed).eval()
    random = np.random.default_rng(seed)
    with torch.no_grad():
        for parameter in tagger.parameters():
            parameter.copy_(torch.from_numpy(random.normal(0, spread, tuple(parameter.shape))))
    return tagger, vocabulary


def tiny_bundle(
    algorithm: str = "bilstm-cnn-crf",
    *,
    labels: tuple[str, ...] = LABELS,
    layers: int = 1,
    seed: int = 1,
    spread: float = 0.8,
) -> Bundle:
    """A tiny tagger as a bundle."""
    tagger, vocabulary = tiny_tagger(algorithm, labels=labels, layers=layers, seed=seed, spread=spread)
    return tagger_bundle(tagger, vocabulary, algorithm=algorithm, training={"seed": seed})
