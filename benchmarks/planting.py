"""Wrong labels planted where they are known: spans removed, spurious ones, and ones with bounds moved by a word."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tagloom import Dataset, Sentence, Span
from tagloom.text import Chunk

REMOVED, SPURIOUS, MOVED = "removed", "spurious", "moved"
KINDS = (REMOVED, SPURIOUS, MOVED)
_LONGEST_SPURIOUS = 3  # words

Change = tuple[Chunk | None, Chunk | None]
"""A chunk that was right, and what stands in its place now; None where nothing is labelled."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One wrong label.

    Args:
        kind: one of `KINDS`.
        document: id of the document.
        before: what was right; None where nothing was labelled.
        after: what stands there now; None where the label was removed.
    """

    kind: str
    document: str
    before: Span | None
    after: Span | None


def plant(dataset: Dataset, number: int, *, seed: int) -> tuple[Dataset, list[Planted]]:
    """The dataset with so many wrong labels, a third of each kind, each in a sentence of its own.

    Args:
        dataset: each of its documents is one sentence with words of its own.
        number: of wrong labels.
        seed: of where and how.
    """
    chosen = random.Random(seed)
    documents, sentences = list(dataset.documents), dataset.sentences()
    assert len(sentences) == len(documents)
    labels = dataset.labels
    order = iter(chosen.sample(range(len(documents)), len(documents)))
    planted = []
    for place in range(number):
        kind = KINDS[place % len(KINDS)]
        index, (before, after) = _next_change(order, sentences, _WAYS[kind], chosen, labels)
        sentence = sentences[index]
        wrong = Planted(kind, documents[index].id, _span(sentence, before), _span(sentence, after))
        planted.append(wrong)
        kept = [span for span in documents[index].spans if span != wrong.before]
        spans = [*kept, wrong.after] if wrong.after is not None else kept
        documents[index] = replace(documents[index], spans=tuple(sorted(spans, key=lambda span: span.start)))
    return Dataset(tuple(documents), dataset.sources), planted


Ways = Callable[[Sentence, random.Random, Sequence[str]], list[Change]]


def _next_change(
    order: Iterator[int], sentences: Sequence[Sentence], ways: Ways, chosen: random.Random, labels: Sequence[str]
) -> tuple[int, Change]:
    """The next sentence that can be made wrong in one of these ways, and the way."""
    for index in order:
        changes = ways(sentences[index], chosen, labels)
        if changes:
            return index, chosen.choice(changes)
    raise SystemExit("expected more sentences to plant wrong labels in. Plant fewer.")


def _removals(sentence: Sentence, _chosen: random.Random, _labels: Sequence[str]) -> list[Change]:
    return [(chunk, None) for chunk in sentence.chunks()]


def _additions(sentence: Sentence, chosen: random.Random, labels: Sequence[str]) -> list[Change]:
    """Spans on one to three plain words in a row that nobody has labelled."""
    words, chunks = sentence.words, sentence.chunks()
    free = [word.isalpha() and _is_free(chunks, at, at + 1) for at, word in enumerate(words)]
    length = chosen.randint(1, _LONGEST_SPURIOUS)
    starts = [at for at in range(len(words) - length + 1) if all(free[at : at + length])]
    label = labels[0] if len(labels) == 1 else chosen.choice(labels)
    return [(None, (at, at + length, label)) for at in starts]


def _moves(sentence: Sentence, _chosen: random.Random, _labels: Sequence[str]) -> list[Change]:
    """Spans that lost their first or last word, or took in the one before or after."""
    chunks = sentence.chunks()
    moved = [
        (chunk, (chunk[0] + first, chunk[1] + last, chunk[2]))
        for chunk in chunks
        for first, last in ((-1, 0), (1, 0), (0, -1), (0, 1))
    ]
    return [
        (chunk, after)
        for chunk, after in moved
        if 0 <= after[0] < after[1] <= len(sentence.words)
        and _is_free([other for other in chunks if other != chunk], after[0], after[1])
    ]


_WAYS: dict[str, Ways] = {REMOVED: _removals, SPURIOUS: _additions, MOVED: _moves}


def _is_free(chunks: Sequence[Chunk], start: int, end: int) -> bool:
    return all(end <= first or last <= start for first, last, _ in chunks)


def _span(sentence: Sentence, chunk: Chunk | None) -> Span | None:
    if chunk is None:
        return None
    first, last, label = chunk
    return Span(sentence.tokens[first].start, sentence.tokens[last - 1].end, label)
