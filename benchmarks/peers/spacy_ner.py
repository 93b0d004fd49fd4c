"""spaCy: a blank English pipeline with `ner` alone: its own network, optimizer and batches of 100 to 1,000 words."""

import random
from collections.abc import Callable, Mapping

import spacy
from contestant import Contestant, Part, Tags, Words, answer
from spacy.tokens import Doc
from spacy.training import Example, biluo_tags_to_spans, iob_to_biluo
from spacy.training.batchers import minibatch_by_words
from thinc.schedules import compounding

BATCH = 64
"""Documents at once in prediction."""


class SpacyNer(Contestant):
    """Documents are made of the given words; making those of the training part is not measured, prediction's are."""

    def __init__(self, train: Part, seed: int) -> None:
        spacy.util.fix_random_seed(seed)
        self._language = spacy.blank("en")
        self._language.add_pipe("ner")
        self._examples = [self._example(*labelled) for labelled in zip(train["words"], train["tags"], strict=True)]
        self._optimizer = self._language.initialize(lambda: self._examples)
        self._sizes = compounding(100.0, 1000.0, 1.001)  # words, step by step

    def _example(self, words: list[str], tags: list[str]) -> Example:
        empty, gold = Doc(self._language.vocab, words=words), Doc(self._language.vocab, words=words)
        gold.ents = biluo_tags_to_spans(gold, iob_to_biluo(tags))
        return Example(empty, gold)

    def learn(self) -> None:
        """One epoch, as `spacy train` has it by default: dropout 0.1."""
        random.shuffle(self._examples)
        for batch in minibatch_by_words(self._examples, size=self._sizes):
            self._language.update(batch, drop=0.1, sgd=self._optimizer)

    def ready(self) -> None:
        """Nothing is left to do."""

    def tags(self, sentences: Words) -> Tags:
        """What it finds in documents made of the words."""
        documents = (Doc(self._language.vocab, words=words) for words in sentences)
        return [_tags(document) for document in self._language.pipe(documents, batch_size=BATCH)]

    def entities(self, texts: list[str]) -> int:
        """Entities of texts that its tokenizer divides."""
        return sum(len(document.ents) for document in self._language.pipe(texts, batch_size=BATCH))

    def one(self) -> Callable[[str], object]:
        """The pipeline; its entities have no scores."""
        return lambda text: self._language(text).ents

    def versions(self) -> Mapping[str, str]:
        """Of spaCy."""
        return {"spacy": spacy.__version__}


def _tags(document: Doc) -> list[str]:
    return [f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O" for token in document]


if __name__ == "__main__":
    answer(SpacyNer)
