"""Surfaces that are labelled in most places and bare in others: probably missed."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.data.findings import MAX_EXAMPLES, Findings, shortened
from tagloom.data.quality.contents import Contents
from tagloom.data.quality.entities import Numbers

LEAST_LABELLED = 3
"""A surface must be labelled so often before a bare place of it is doubted."""

LEAST_SHARE = 0.75
"""The share of its places that must be labelled."""

_MAX_PLACES = 3
_MAX_WORDS = 16


@dataclass(frozen=True, slots=True)
class _Surface:
    """Words that are labelled somewhere.

    Args:
        text: of the words.
        times: how often they are labelled.
        bare: the first word of each place where they are not.
    """

    text: str
    times: int
    bare: list[int]

    def told(self, contents: Contents) -> str:
        """As an example."""
        labels = Counter({label: own[self.text] for label, own in contents.entities.counts.items()})
        sentences = contents.sentences_of(np.array(self.bare[:_MAX_PLACES])).tolist()
        places = ", ".join(dict.fromkeys(contents.place_of(sentence) for sentence in sentences))
        times = "time" if len(self.bare) == 1 else "times"
        more = ", ..." if len(self.bare) > _MAX_PLACES else ""
        return (
            f"{shortened(self.text)}: labelled {self.times:,} times as {labels.most_common(1)[0][0]}, "
            f"bare {len(self.bare):,} {times}: {places}{more}"
        )


def bare_surfaces(contents: Contents) -> Findings:
    """Places where the words of an entity stand and no span touches them, though most such places are labelled.

    Whole words are compared, as they are written. The surfaces most surely labelled elsewhere come first.
    """
    labelled = _labelled_surfaces(contents)
    times = np.array([contents.entities.surfaces[text] for text in labelled])
    places, surfaces = _bare_places(contents, list(labelled.values()))
    num_bare = np.bincount(surfaces, minlength=len(labelled))
    doubted = times >= LEAST_SHARE * (times + num_bare)
    by_surface: defaultdict[int, list[int]] = defaultdict(list)
    kept = doubted[surfaces]
    for place, surface in zip(places[kept].tolist(), surfaces[kept].tolist(), strict=True):
        by_surface[surface].append(place)
    texts = list(labelled)
    found = Findings()
    every = [_Surface(texts[surface], int(times[surface]), sorted(bare)) for surface, bare in by_surface.items()]
    every.sort(key=lambda one: (len(one.bare) / one.times, -one.times, one.text))
    examples = [one.told(contents) for one in every[:MAX_EXAMPLES]]
    if every:
        found.note("bare_surfaces", *examples, count=sum(len(one.bare) for one in every))
    return found


def _labelled_surfaces(contents: Contents) -> dict[str, tuple[int, ...]]:
    """The text of each entity that is labelled often enough, with its words."""
    entities = contents.entities
    spans = dict(zip(reversed(entities.texts), range(len(entities.texts) - 1, -1, -1), strict=True))
    often = [text for text, count in entities.surfaces.items() if count >= LEAST_LABELLED]
    words = {}
    for text in often:
        first, end = entities.first_words[spans[text]], entities.end_words[spans[text]]
        if entities.are_aligned[spans[text]] and end - first <= _MAX_WORDS:
            words[text] = tuple(contents.words[first:end].tolist())
    return words


def _bare_places(contents: Contents, surfaces: list[tuple[int, ...]]) -> tuple[Numbers, Numbers]:
    """The first word of every place where a surface stands without a label, and which surface it is.

    All bare places of all surfaces are walked at once through a tree of the surfaces, a word deeper at each step.
    """
    tree = _Tree.of(surfaces, len(contents.vocabulary))
    words, bare = contents.words, ~contents.are_labelled
    places = np.flatnonzero(bare & tree.begins_with[words])
    sentence_ends = contents.bounds[contents.sentences_of(places) + 1]
    nodes = np.zeros(len(places), np.int64)
    found = [(places[:0], nodes[:0])]
    for depth in range(tree.depth):
        nodes = tree.next_nodes(nodes, words[places + depth])
        kept = (nodes >= 0) & bare[places + depth]
        places, nodes, sentence_ends = places[kept], nodes[kept], sentence_ends[kept]
        whole = tree.ends_at[nodes] >= 0
        found.append((places[whole], tree.ends_at[nodes[whole]]))
        within = places + depth + 1 < sentence_ends
        places, nodes, sentence_ends = places[within], nodes[within], sentence_ends[within]
    return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])


@dataclass(frozen=True, slots=True)
class _Tree:
    """Surfaces by their first words: node 0 is the root.

    Args:
        begins_with: whether a surface begins with each word, (different words,).
        edges: the node times the number of different words, plus the word, of each edge, rising, (edges,).
        targets: the node that each edge leads to, (edges,).
        ends_at: the surface that ends at each node, -1 where none does, (nodes,).
        depth: words of the longest surface.
    """

    begins_with: NDArray[np.bool_]
    edges: Numbers
    targets: Numbers
    ends_at: Numbers
    depth: int

    @classmethod
    def of(cls, surfaces: list[tuple[int, ...]], num_words: int) -> "_Tree":
        """The tree of these."""
        edges: dict[int, int] = {}
        ends_at: dict[int, int] = {}
        for number, surface in enumerate(surfaces):
            node = 0
            for word in surface:
                node = edges.setdefault(node * num_words + word, len(edges) + 1)
            ends_at[node] = number
        keys = np.fromiter(edges.keys(), np.int64, len(edges))
        order = np.argsort(keys)
        begins_with = np.zeros(num_words, np.bool_)
        begins_with[[surface[0] for surface in surfaces]] = True
        ends = np.full(len(edges) + 1, -1)
        ends[list(ends_at)] = list(ends_at.values())
        return cls(begins_with, keys[order], order + 1, ends, max(map(len, surfaces), default=0))

    def next_nodes(self, nodes: Numbers, words: Numbers) -> Numbers:
        """The node below each that a word leads to, -1 where there is none."""
        keys = nodes * len(self.begins_with) + words
        places = np.minimum(np.searchsorted(self.edges, keys), len(self.edges) - 1)
        return np.where(self.edges[places] == keys, self.targets[places], -1)
