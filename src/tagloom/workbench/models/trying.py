"""What the process of models does for who tries one: it reads a text, and says which words the model does not know."""

from dataclasses import dataclass
from pathlib import Path

from tagloom.inference.predictor import Entity
from tagloom.text import Document
from tagloom.tokenize import sentences
from tagloom.workbench.models.reading import predictor_at

Stretch = tuple[int, int]
"""Start and end of a part of a text, in code points."""


@dataclass(frozen=True, slots=True)
class TriedText:
    """What a model says of a text. Offsets are code points.

    Args:
        entities: start, end, label and score of each.
        sentences: where each begins and ends: their numbers, from 1, are those that are explained.
        unknown: words that the model's vocabulary lacks; it goes by their characters and neighbours alone.
        num_words: of the text.
    """

    entities: list[Entity]
    sentences: list[Stretch]
    unknown: list[Stretch]
    num_words: int


def tried(path: Path, text: str) -> TriedText:
    """What the model at a path says of a text.

    Raises:
        BundleError: the model is not sound.
    """
    predictor, document = predictor_at(path), Document(text)
    divided = sentences(document)
    words = [(token, word) for own in divided for token, word in zip(own.tokens, own.words, strict=True)]
    known = predictor.bundle.vocabulary.is_known([word for _, word in words])
    unknown = [
        (token.start, token.end)
        for (token, word), is_known in zip(words, known, strict=True)
        if not is_known and any(map(str.isalnum, word))
    ]
    (entities,) = predictor.entities([document])
    return TriedText(
        entities=entities,
        sentences=[(own.tokens[0].start, own.tokens[-1].end) for own in divided],
        unknown=unknown,
        num_words=len(words),
    )
