"""Sentences that occur again, with the same labels or with others."""

from collections.abc import Iterable, Sequence

from tagloom.data.findings import Findings
from tagloom.data.quality.contents import Contents

Reading = tuple[tuple[int, int, str], ...]
"""The spans of a sentence: first word, word after the last, label."""


def duplicate_sentences(contents: Contents) -> Findings:
    """Sentences that repeat an earlier one word for word."""
    found = Findings()
    again = sorted(place for places in contents.repeated_sentences for place in places[1:])
    found.note_each(
        "duplicate_sentences", again, lambda place: f"{contents.place_of(place)}: {contents.text_of(place)}"
    )
    return found


def conflicting_texts(contents: Contents) -> Findings:
    """Texts that occur more than once and not always with the same spans: those spans that differ."""
    found = Findings()
    for places in contents.repeated_sentences:
        first_places: dict[Reading, int] = {}
        for place in places:
            first_places.setdefault(_reading(contents, place), place)
        if len(first_places) > 1:
            common = set.intersection(*map(set, first_places))
            words = contents.sentence_words[places[0]]
            told = " or ".join(
                _told([chunk for chunk in reading if chunk not in common], words) for reading in first_places
            )
            where = ", ".join(dict.fromkeys(map(contents.place_of, first_places.values())))
            found.note("conflicting_texts", f"{where}: {told}: {contents.text_of(places[0])}")
    return found


def _reading(contents: Contents, sentence: int) -> Reading:
    entities, begin = contents.entities, int(contents.bounds[sentence])
    within = [
        (int(entities.first_words[span]) - begin, int(entities.end_words[span]) - begin, entities.labels[span])
        for span in contents.spans_in(sentence)
    ]
    return tuple(sorted(within))


def _told(reading: Iterable[tuple[int, int, str]], words: Sequence[str]) -> str:
    return ", ".join(f"{' '.join(words[begin:end])} = {label}" for begin, end, label in reading) or "no label"
