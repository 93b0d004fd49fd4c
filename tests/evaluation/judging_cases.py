"""What tests of evaluation share: tags and chunks, and sentences with what a model might have found in them."""

import random
import re
from collections.abc import Sequence

from tagloom.evaluation.judged import Judged
from tagloom.text import Chunk, Sentence, Span, Token

Sequences = list[list[str]]

GOLD = [["B-PNAME", "I-PNAME", "O", "B-PFEATURE"], ["O", "B-PFEATURE"]]
PREDICTED = [["B-PNAME", "I-PNAME", "O", "O"], ["I-PFEATURE", "B-PFEATURE"]]

Row = tuple[str, list[Chunk], list[tuple[int, int, str, float]]]
"""A sentence's words, its right chunks, and the chunks that were found in it with their scores."""


def random_pair(choose: random.Random, prefixes: str) -> tuple[Sequences, Sequences]:
    """Gold and predicted tags of a few sentences, well-formed or not, more or less equal."""
    tags = ["O", *(f"{prefix}-{label}" for prefix in prefixes for label in ("A", "B-2", "C")[: choose.randint(1, 3)])]
    gold = [choose.choices(tags, k=choose.randint(1, 8)) for _ in range(choose.randint(1, 4))]
    share = choose.random()
    predicted = [[choose.choice(tags) if choose.random() < share else tag for tag in one] for one in gold]
    return gold, predicted


def random_chunks(choose: random.Random, length: int, labels: str = "ABC") -> list[Chunk]:
    """Chunks of a sentence, in order and apart."""
    edges = sorted(choose.sample(range(length + 1), k=2 * choose.randint(0, min(4, (length + 1) // 2))))
    return [(first, end, choose.choice(labels)) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def random_sides(choose: random.Random, num_sentences: int, labels: str = "ABC") -> tuple[list[list[Chunk]], ...]:
    """Gold and predicted chunks of some sentences of 9 words; about every other sentence has them alike."""
    gold = [random_chunks(choose, 9, labels) for _ in range(num_sentences)]
    return gold, [own if choose.random() < 0.5 else random_chunks(choose, 9, labels) for own in gold]


def judged(*rows: Row, ill_formed: int = 0) -> Judged:
    """Sentences beside what was found in them; scores before calibration are the square roots of those after."""
    scores = [[chunk[3] for chunk in found] for *_, found in rows]
    return Judged(
        sentences=[sentence(words, gold, f"review {number}") for number, (words, gold, _) in enumerate(rows)],
        gold=[gold for _, gold, _ in rows],
        predicted=[[chunk[:3] for chunk in found] for *_, found in rows],
        scores=scores,
        raw_scores=[[score**0.5 for score in own] for own in scores],
        ill_formed=ill_formed,
    )


def sentence(words: str, gold: Sequence[Chunk], document: str = "") -> Sentence:
    """A sentence in the middle of its document's text."""
    begin = "Well then. "
    tokens = [Token(len(begin) + word.start(), len(begin) + word.end()) for word in re.finditer(r"\S+", words)]
    spans = [Span(tokens[first].start, tokens[end - 1].end, label) for first, end, label in gold]
    return Sentence(f"{begin}{words} Bye.", tokens, tuple(spans), document)


REVIEWS: list[Row] = [
    ("My Nikon D90 is superb", [(1, 3, "PNAME")], [(1, 3, "PNAME", 0.9)]),
    ("The Canon EOS has a bright viewfinder", [(1, 3, "PNAME"), (5, 7, "PFEATURE")], [(2, 3, "PNAME", 0.4)]),
    ("A bright viewfinder and a Nikon D90", [(1, 3, "PFEATURE"), (5, 7, "PNAME")], [(1, 3, "PNAME", 0.6)]),
    ("Go on", [], []),
    ("The sunset was nice", [], [(1, 2, "PFEATURE", 0.3)]),
]
