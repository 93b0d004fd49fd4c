"""What makes the parts of a feature set poor judges of one another."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

from tagloom.data.findings import Findings, shortened
from tagloom.data.quality.comparison import compared, label_counts
from tagloom.data.quality.contents import Contents, Part
from tagloom.data.quality.drift import drift

MOST_DISTANCE, LEAST_CHANCE = 0.1, 0.001
"""Label mixes drift that are further apart than the first, and less probable by chance than the second."""

MOST_UNKNOWN = 0.2
"""The share of words that train may lack."""

LEAST_OVERLAP, MOST_OVERLAP = 0.1, 0.8
"""Between these shares of entities that train has, scores tell of memory and of new names alike."""


def leaked_sentences(contents: Contents, parts: Mapping[str, Part]) -> Findings:
    """Sentences of one part that are, word for word, in one before it: an example a pair of parts."""
    found = Findings()
    texts = contents.sentence_texts
    for (earlier, one), (later, other) in combinations(parts.items(), 2):
        seen = set(texts[one.sentences])
        leaked = [place for place in range(other.sentences.start, other.sentences.stop) if texts[place] in seen]
        if leaked:
            size = other.sentences.stop - other.sentences.start
            found.note(
                "leaked_sentences",
                f"{len(leaked):,} of {size:,} sentences of {later} are in {earlier}, such as "
                f"{contents.place_of(leaked[0])}: {contents.text_of(leaked[0])}",
                count=len(leaked),
            )
    return found


def absent_labels(contents: Contents, parts: Mapping[str, Part]) -> Findings:
    """Labels that one part has and another lacks."""
    found = Findings()
    counts = {name: label_counts(contents, part) for name, part in parts.items()}
    every = Counter[str]()
    for own in counts.values():
        every.update(own)
    for label, _ in every.most_common():
        lacking = [name for name in parts if label not in counts[name]]
        if lacking:
            having = ", ".join(f"{count[label]:,} in {name}" for name, count in counts.items() if label in count)
            found.note("absent_labels", f"{label}: none in {' and '.join(lacking)}, {having}")
    return found


def label_drift(contents: Contents, parts: Mapping[str, Part]) -> Findings:
    """Parts whose mix of labels differs from that of train."""
    found = Findings()
    for name, part in _judges(parts):
        train, own = label_counts(contents, parts["train"]), label_counts(contents, part)
        apart = drift(train, own)
        if apart.distance > MOST_DISTANCE and apart.chance < LEAST_CHANCE:
            shares = sorted(
                {*train, *own},
                key=lambda label: (-abs(own[label] / own.total() - train[label] / train.total()), label),
            )
            told = ", ".join(
                f"{label} {own[label] / own.total():.0%} rather than {train[label] / train.total():.0%}"
                for label in shares[:3]
            )
            found.note("label_drift", f"{name}: distance {apart.distance:.2f}: {told}")
    return found


def unknown_words(contents: Contents, parts: Mapping[str, Part]) -> Findings:
    """Parts of whose words train lacks many."""
    found = Findings()
    for name, part in _judges(parts):
        figures = compared(contents, parts["train"], part)
        if figures.unknown_words > MOST_UNKNOWN:
            examples = ", ".join(shortened(word) for word in figures.frequent_unknown_words)
            found.note("unknown_words", f"{name}: {figures.unknown_words:.1%} of the words, such as {examples}")
    return found


def entity_overlap(contents: Contents, parts: Mapping[str, Part]) -> Findings:
    """Parts of whose entities train has nearly all, or hardly any."""
    found = Findings()
    for name, part in _judges(parts):
        figures = compared(contents, parts["train"], part)
        if figures.num_entities and not LEAST_OVERLAP <= figures.seen_entities <= MOST_OVERLAP:
            found.note(
                "entity_overlap",
                f"{name}: {figures.seen_entities:.0%} of {figures.num_entities:,} different entities are in train "
                f"({figures.seen_mentions:.0%} of their places)",
            )
    return found


def _judges(parts: Mapping[str, Part]) -> Iterable[tuple[str, Part]]:
    """The parts that are held against train."""
    return ((name, part) for name, part in parts.items() if name != "train" and "train" in parts)
