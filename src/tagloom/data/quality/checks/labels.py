"""Labels that are rare, uneven, or at odds about one surface."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tagloom.data.findings import MAX_EXAMPLES, Findings, shortened
from tagloom.data.quality.contents import Contents

FEW_EXAMPLES = 50
"""Under so many examples a label is rare: the bound at which spaCy's `debug data` warns."""

IMBALANCE = 20
"""A label with less than this part of the most frequent one's examples makes the labels uneven."""


def rare_labels(contents: Contents) -> Findings:
    """Labels under `FEW_EXAMPLES`, the rarest first."""
    found = Findings()
    counts = contents.entities.label_counts
    for label, count in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        if count < FEW_EXAMPLES:
            found.note("rare_labels", f"{label}: {count} example{'s' if count > 1 else ''}")
    return found


def imbalanced_labels(contents: Contents) -> Findings:
    """Labels that are rare beside the most frequent one, the rarest first."""
    found = Findings()
    counts = contents.entities.label_counts
    most_frequent, most = next(iter(counts.items()), ("", 0))
    for label, count in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        if count * IMBALANCE < most:
            found.note("imbalanced_labels", f"{label}: {most / count:,.0f} times rarer than {most_frequent}")
    return found


def ambiguous_surfaces(contents: Contents) -> Findings:
    """Entities' texts that occur under several labels, those first whose rarer labels are most probably slips."""
    counts = contents.entities.counts
    in_labels = Counter(text for own in counts.values() for text in own)
    several = [
        (text, Counter({label: own[text] for label, own in counts.items() if text in own}))
        for text, num_labels in in_labels.items()
        if num_labels > 1
    ]
    several.sort(key=lambda item: (-_share_of_first(item[1]), -item[1].total(), item[0]))
    found = Findings()
    if several:
        found.note("ambiguous_surfaces", *_told(contents, dict(several[:MAX_EXAMPLES])), count=len(several))
    return found


def _told(contents: Contents, surfaces: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Each with its labels, and the first place of the rarest."""
    rarest = {(labels.most_common()[-1][0], text) for text, labels in surfaces.items()}
    entities = contents.entities
    places: dict[str, int] = {}
    for span, mention in enumerate(zip(entities.labels, entities.texts, strict=True)):
        if mention in rarest:
            places.setdefault(mention[1], span)
    for text, labels in surfaces.items():
        told = ", ".join(f"{label} {count:,}" for label, count in labels.most_common())
        yield f"{shortened(text)}: {told}: {contents.document_told(int(entities.documents[places[text]]))}"


def _share_of_first(labels: Counter[str]) -> float:
    return labels.most_common(1)[0][1] / labels.total()
