"""A part of a feature set held against its train part: what of it train has seen."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from tagloom.data.quality.contents import Contents, Part

_NUM_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """What train has seen of another part. Shares lie between 0 and 1, and are 0 where there is nothing.

    Args:
        num_entities: different entities, by label and text.
        seen_entities: the share of them that train has under the same label.
        seen_mentions: the same of all places of entities.
        unknown_words: the share of its words that train never has, as they are written.
        frequent_unknown_words: a few of these, the most frequent first.
        leaked_sentences: how many of its sentences are, word for word, in train.
    """

    num_entities: int
    seen_entities: float
    seen_mentions: float
    unknown_words: float
    frequent_unknown_words: tuple[str, ...]
    leaked_sentences: int

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "different_entities": self.num_entities,
            "seen_entities": self.seen_entities,
            "seen_mentions": self.seen_mentions,
            "unknown_words": self.unknown_words,
            "frequent_unknown_words": list(self.frequent_unknown_words),
            "leaked_sentences": self.leaked_sentences,
        }


def compared(contents: Contents, train: Part, other: Part) -> Comparison:
    """Holds one part against train.

    Args:
        contents: of all parts.
        train: where train lies in it.
        other: where the other lies.
    """
    known, mentions = set(_mentions(contents, train)), _mentions(contents, other)
    seen = {mention: count for mention, count in mentions.items() if mention in known}
    size = len(contents.vocabulary)
    own = np.bincount(contents.words[other.words], minlength=size)
    unknown = np.where(np.bincount(contents.words[train.words], minlength=size) == 0, own, 0)
    most = np.argsort(-unknown, kind="stable")[:_NUM_EXAMPLES]
    texts = set(contents.sentence_texts[train.sentences])
    return Comparison(
        num_entities=len(mentions),
        seen_entities=len(seen) / max(1, len(mentions)),
        seen_mentions=sum(seen.values()) / max(1, mentions.total()),
        unknown_words=float(unknown.sum() / max(1, own.sum())),
        frequent_unknown_words=tuple(contents.vocabulary[word] for word in most.tolist() if unknown[word]),
        leaked_sentences=sum(text in texts for text in contents.sentence_texts[other.sentences]),
    )


def label_counts(contents: Contents, part: Part) -> Counter[str]:
    """How many entities each label has in a part."""
    return Counter(contents.entities.labels[part.spans])


def _mentions(contents: Contents, part: Part) -> Counter[tuple[str, str]]:
    return Counter(zip(contents.entities.labels[part.spans], contents.entities.texts[part.spans], strict=True))
