"""Tagloom itself, with options as further arguments, such as `epochs=5`; trains with torch, reads with ONNX Runtime."""

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import onnxruntime
import torch
from contestant import Contestant, Part, Tags, Words, answer

from tagloom import Document, Sentence, Span
from tagloom.bundle.read import read_bundle
from tagloom.bundle.write import write_bundle
from tagloom.inference.predictor import Predictor
from tagloom.runs.config import TrainingConfig
from tagloom.schemes import BIO, BIOES, convert
from tagloom.text import JoinedWords
from tagloom.training.bundling import bundle_of
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer


class TagloomTagger(Contestant):
    """Predicts through a bundle on disk, as its users do."""

    def __init__(self, train: Part, seed: int) -> None:
        self._threads = torch.get_num_threads()
        config = TrainingConfig(batch_size=32, seed=seed, threads=self._threads)
        options = dict(option.split("=") for option in sys.argv[3:])
        sentences = [_sentence(*labelled) for labelled in zip(train["words"], train["tags"], strict=True)]
        self._trainer = Trainer(config.with_options(options), Parts.of(sentences, sentences[:1]))

    def learn(self) -> None:
        """One epoch."""
        for sentences in self._trainer.batch_order():
            self._trainer.learn(sentences)
        self._trainer.end_epoch()

    def ready(self) -> None:
        """Writes and loads a bundle."""
        with tempfile.TemporaryDirectory() as folder:
            write_bundle(bundle_of(self._trainer), Path(folder, "model"))
            self._predictor = Predictor(read_bundle(Path(folder, "model")), threads=self._threads)

    def tags(self, sentences: Words) -> Tags:
        """What it finds, in BIOES."""
        return self._predictor.tag(sentences)

    def in_bio(self, tags: Tags) -> Tags:
        """BIOES to BIO."""
        return [convert(own, BIOES, BIO) for own in tags]

    def scored_chunks(self, sentences: Words) -> int:
        """Entities of sentences, with scores."""
        return sum(map(len, self._predictor.chunks(sentences)))

    def entities(self, texts: list[str]) -> int:
        """Entities of texts, with offsets and scores."""
        return sum(len(document.spans) for document in self._predictor.documents(map(Document, texts)))

    def one(self) -> Callable[[str], object]:
        """The predictor; its entities have scores."""
        return self._predictor

    def versions(self) -> Mapping[str, str]:
        """Of what trains and what predicts."""
        return {"torch": torch.__version__, "onnxruntime": onnxruntime.__version__}


def _sentence(words: list[str], tags: list[str]) -> Sentence:
    tokens = JoinedWords(tuple(words))
    spans = [Span(*tokens.edges(first, last), label) for first, last, label in BIO.decode(tags)]
    return Sentence(" ".join(words), tokens, tuple(spans))


if __name__ == "__main__":
    answer(TagloomTagger)
