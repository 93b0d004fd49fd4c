"""Camera sentences made by a rule that a tagger learns in a moment, and a few that break it."""

import random
from dataclasses import replace

from tagloom.text import Document, Span, Token

MAKERS, MODELS, FEATURES = ("Nikon", "Sony", "Leica", "Pentax"), ("D90", "K70", "A7", "Q3"), ("menu", "grip", "screen")
FRAMES = (
    "my {} has a good {} today",
    "the {} came with an odd {} again",
    "I sold the {} for its bad {} there",
    "a {} with no {} is all I want",
)

REMOVED, SPURIOUS, MOVED, RENAMED = 3, 40, 71, 100
"""Sentences whose labels are wrong: of the product, of a plain word, of the product's bounds, of the feature's name."""


def document(number: int, chosen: random.Random) -> Document:
    """A sentence with a product of two words and a feature of one."""
    product, feature = f"{chosen.choice(MAKERS)} {chosen.choice(MODELS)}", chosen.choice(FEATURES)
    before, between, after = chosen.choice(FRAMES).split("{}")
    text = f"{before}{product}{between}{feature}{after} {number}"
    spans = (
        Span(len(before), len(before + product), "PNAME"),
        Span(len(before + product + between), len(before + product + between + feature), "PFEATURE"),
    )
    return Document(text, spans, id=str(number), tokens=words_of(text))


def words_of(text: str) -> tuple[Token, ...]:
    ends = [len(" ".join(text.split(" ")[: number + 1])) for number in range(text.count(" ") + 1)]
    return tuple(Token(end - len(word), end) for word, end in zip(text.split(" "), ends, strict=True))


def documents(number: int = 120, seed: int = 5) -> tuple[Document, ...]:
    """So many sentences, no two of them equal, all labelled by the rule."""
    chosen = random.Random(seed)
    return tuple(document(index, chosen) for index in range(number))


def with_errors(sound: tuple[Document, ...]) -> tuple[Document, ...]:
    """The same with the four wrong ones."""
    wrong = list(sound)
    for index, spans in errors(sound).items():
        wrong[index] = replace(sound[index], spans=spans)
    return tuple(wrong)


def errors(sound: tuple[Document, ...]) -> dict[int, tuple[Span, ...]]:
    """The wrong spans, by sentence."""
    product, feature = zip(*(one.spans for one in sound), strict=True)
    last = sound[SPURIOUS].tokens
    assert last is not None
    plain = Span(*last[-2], "PFEATURE")
    return {
        REMOVED: (feature[REMOVED],),
        SPURIOUS: (*sound[SPURIOUS].spans, plain),
        MOVED: (replace(product[MOVED], end=sound[MOVED].text.index(" ", product[MOVED].start)), feature[MOVED]),
        RENAMED: (product[RENAMED], replace(feature[RENAMED], label="PNAME")),
    }
