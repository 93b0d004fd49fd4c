"""What a model could know from its training part."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tagloom.text import Chunk, Sentence


@dataclass(frozen=True)
class Known:
    """The entities and words of a training part.

    Args:
        surfaces: how often each entity's text stands there under each label, by text and label; texts are compared as
            `surface` gives them.
        labels: how many entities each label has.
        words: how often each word stands there, as it is written.
        num_sentences: of the part.
    """

    surfaces: Mapping[str, Mapping[str, int]]
    labels: Mapping[str, int]
    words: Mapping[str, int]
    num_sentences: int

    @classmethod
    def of(cls, sentences: Iterable[Sentence]) -> "Known":
        """What these sentences teach.

        Example:
            >>> from tagloom.text import Span, Token
            >>> one = Sentence("A D90", (Token(0, 1), Token(2, 5)), (Span(2, 5, "PNAME"),))
            >>> Known.of([one]).surfaces
            {'D90': {'PNAME': 1}}
        """
        surfaces: dict[str, Counter[str]] = {}
        words: Counter[str] = Counter()
        num_sentences = 0
        for sentence in sentences:
            num_sentences += 1
            words.update(sentence.words)
            for span in sentence.spans:
                surfaces.setdefault(surface(sentence, span.start, span.end), Counter())[span.label] += 1
        labels: Counter[str] = Counter()
        for own in surfaces.values():
            labels.update(own)
        plain = {text: dict(own) for text, own in surfaces.items()}
        return cls(plain, dict(labels), dict(words), num_sentences)


def surface(sentence: Sentence, start: int, end: int) -> str:
    """A stretch of a sentence as it is written, its line breaks and runs of blanks as one blank each."""
    return " ".join(sentence.text[start:end].split())


def surface_of(sentence: Sentence, chunk: Chunk) -> str:
    """The same of some words of a sentence."""
    first, last, _ = chunk
    return surface(sentence, *sentence.edges(first, last))
