"""Documents divided by ratio: the same at every time, each label in every part, equal sentences on one side."""

import logging
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tagloom import tokenize
from tagloom.text import Document

_log = logging.getLogger(__name__)


def divide(documents: Sequence[Document], ratios: Sequence[float], seed: int) -> list[list[Document]]:
    """The documents of each part, in their own order.

    Documents that share a sentence, word for word, stay together. What belongs together goes, from the rarest label to
    the most frequent one, to the part that lacks most entities of that label, and what has no label to the part that
    lacks most documents (after Sechidis et al. 2011, "On the stratification of multi-label data", algorithm 1).

    Args:
        documents: what to divide.
        ratios: the share of each part, which sum to 1.
        seed: decides between what is equal.

    Example:
        >>> texts = [f"word {number}" for number in range(10)]
        >>> [len(part) for part in divide([Document(text) for text in texts], (0.8, 0.1, 0.1), seed=13)]
        [8, 1, 1]
    """
    groups = groups_of_equal_sentences(documents)
    largest = max(map(len, groups), default=0)
    if largest > max(1, len(documents) // 10):
        _log.warning("%d of %d documents share sentences and stay in one part", largest, len(documents))
    random.Random(seed).shuffle(groups)
    labels = [Counter(span.label for index in group for span in documents[index].spans) for group in groups]
    part_of: dict[int, int] = {}
    for group, part in zip(groups, _stratify(labels, list(map(len, groups)), ratios), strict=True):
        part_of.update(dict.fromkeys(group, part))
    numbered = list(enumerate(documents))
    return [[document for index, document in numbered if part_of[index] == part] for part in range(len(ratios))]


def without_duplicates(documents: Sequence[Document]) -> list[Document]:
    """The documents that do not repeat an earlier one word for word."""
    first_with: dict[str, Document] = {}
    for document in documents:
        first_with.setdefault("\n".join(_sentence_texts(document)), document)
    return list(first_with.values())


def groups_of_equal_sentences(documents: Sequence[Document]) -> list[list[int]]:
    """Indices of documents that an equal sentence ties together, in order: the components of a union-find forest."""
    parents = list(range(len(documents)))
    first_with: dict[str, int] = {}
    for index, document in enumerate(documents):
        for text in _sentence_texts(document):
            earlier = _root(parents, first_with.setdefault(text, index))
            parents[_root(parents, index)] = earlier
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for index in range(len(documents)):
        groups[_root(parents, index)].append(index)
    return list(groups.values())


def _sentence_texts(document: Document) -> Iterator[str]:
    return (" ".join(sentence.words) for sentence in tokenize.sentences(document))


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]  # halves the path for the next one
        index = parents[index]
    return index


def _stratify(labels: Sequence[Counter[str]], sizes: Sequence[int], ratios: Sequence[float]) -> list[int]:
    """The part of each group, from its entities per label and its size."""
    totals: Counter[str] = Counter()
    for counts in labels:
        totals.update(counts)
    lacking = {label: [ratio * total for ratio in ratios] for label, total in totals.items()}
    lacking_size = [ratio * sum(sizes) for ratio in ratios]
    open_parts = [part for part, ratio in enumerate(ratios) if ratio > 0]
    chosen: dict[int, int] = {}
    for group, label in _in_turn(labels, sizes, totals):
        if group in chosen:
            continue
        part = _neediest(open_parts, lacking_size if label is None else lacking[label], lacking_size)
        chosen[group] = part
        lacking_size[part] -= sizes[group]
        for own, count in labels[group].items():
            lacking[own][part] -= count
    return [chosen[group] for group in range(len(labels))]


def _in_turn(
    labels: Sequence[Counter[str]], sizes: Sequence[int], totals: Mapping[str, int]
) -> Iterator[tuple[int, str | None]]:
    """Each group with each of its labels, then each with none; rare labels first, then groups that have many."""
    with_label: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for group, counts in enumerate(labels):
        for label, count in counts.items():
            with_label[label].append((-count, group))
    for label in sorted(totals, key=lambda each: (totals[each], each)):
        yield from ((group, label) for _, group in sorted(with_label[label]))
    yield from ((group, None) for _, group in sorted((-size, group) for group, size in enumerate(sizes)))


def _neediest(parts: Iterable[int], lacking: Sequence[float], lacking_size: Sequence[float]) -> int:
    return max(parts, key=lambda part: (lacking[part], lacking_size[part]))
