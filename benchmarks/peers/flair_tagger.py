"""Flair: BiLSTM-CRF of 100 units over one-hot word embeddings 100 wide; its trainer's SGD from 0.1, batches of 32."""

import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping

import flair
import torch
from contestant import Contestant, Part, Tags, Words, answer
from flair.data import Corpus, Dictionary, Sentence
from flair.datasets import FlairDatapointDataset
from flair.embeddings import OneHotEmbeddings
from flair.models import SequenceTagger
from flair.trainers import ModelTrainer

BATCH, PREDICTION_BATCH = 32, 64


class FlairTagger(Contestant):
    """Sentences are made of the given words; making those of the training part is not measured, prediction's are."""

    def __init__(self, train: Part, seed: int) -> None:
        logging.getLogger("flair").setLevel(logging.WARNING)
        flair.set_seed(seed)
        self._sentences = [_labelled(*labelled) for labelled in zip(train["words"], train["tags"], strict=True)]
        words, labels = Dictionary(), Dictionary(add_unk=False)
        for word, _ in Counter(word for words in train["words"] for word in words).most_common():
            words.add_item(word)
        for label in sorted({tag[2:] for tags in train["tags"] for tag in tags if tag != "O"}):
            labels.add_item(label)
        labels.span_labels = True
        embeddings = OneHotEmbeddings(words, embedding_length=100)
        self._tagger = SequenceTagger(embeddings, labels, "ner", hidden_size=100, use_crf=True)
        corpus = Corpus(train=FlairDatapointDataset(self._sentences), sample_missing_splits=False)
        self._trainer = ModelTrainer(self._tagger, corpus)
        self._folder = tempfile.TemporaryDirectory()  # for its logs; it writes to the first one for ever

    def learn(self) -> None:
        """One epoch of its trainer, which has nothing to evaluate."""
        self._trainer.train(
            self._folder.name, learning_rate=0.1, mini_batch_size=BATCH, max_epochs=1, save_final_model=False
        )

    def ready(self) -> None:
        """Nothing is left to do."""

    def tags(self, sentences: Words) -> Tags:
        """What it finds in sentences made of the words."""
        made = [Sentence(words) for words in sentences]
        self._tagger.predict(made, mini_batch_size=PREDICTION_BATCH)
        return [_tags(sentence) for sentence in made]

    def entities(self, texts: list[str]) -> int:
        """Entities of texts that its tokenizer divides."""
        made = [Sentence(text) for text in texts]
        self._tagger.predict(made, mini_batch_size=PREDICTION_BATCH)
        return sum(len(sentence.get_spans("ner")) for sentence in made)

    def one(self) -> Callable[[str], object]:
        """A sentence, and its spans with their scores."""

        def read(text: str) -> object:
            sentence = Sentence(text)
            self._tagger.predict(sentence)
            return sentence.get_spans("ner")

        return read

    def versions(self) -> Mapping[str, str]:
        """Of Flair and torch."""
        return {"flair": flair.__version__, "torch": torch.__version__}


def _labelled(words: list[str], tags: list[str]) -> Sentence:
    sentence = Sentence(words)
    begun = [at for at, tag in enumerate(tags) if tag.startswith("B-")]
    for first in begun:
        last = first + 1
        while last < len(tags) and tags[last].startswith("I-"):
            last += 1
        sentence[first:last].add_label("ner", tags[first][2:])
    return sentence


def _tags(sentence: Sentence) -> list[str]:
    tags = ["O"] * len(sentence)
    for span in sentence.get_spans("ner"):
        first = span.tokens[0].idx - 1
        label = span.get_label("ner").value
        tags[first : first + len(span.tokens)] = [f"B-{label}", *[f"I-{label}"] * (len(span.tokens) - 1)]
    return tags


if __name__ == "__main__":
    answer(FlairTagger)
