"""The packaged camera reviews with one thing wrong, and a test part of another domain, made by a rule."""

import random
from collections.abc import Sequence
from dataclasses import replace

from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.packaged import camera_reviews
from tagloom.text import Document, Span

_OTHER = {"PNAME": "PFEATURE", "PFEATURE": "PNAME"}
_DISHES = ("risotto", "tagliatelle", "gnocchi", "minestrone", "tiramisu", "bruschetta", "carpaccio", "ravioli")
_PLACES = ("Trattoria Verde", "Osteria Lume", "Bistro Halde", "Taverna Kaya", "Gasthof Adler")
_FRAMES = (
    "yesterday we shared the {dish} at {place} beside the harbour",
    "the waiter of {place} forgot our {dish} twice",
    "{place} serves a {dish} that nobody should miss",
    "my aunt swears by the {dish} , though {place} was full",
    "honestly , {place} overcooked every {dish} we ordered",
)


def some_reviews(num_train: int, num_judged: int = 120) -> FeatureSet:
    """The first sentences of each part."""
    whole = camera_reviews()
    return FeatureSet(first(whole.train, num_train), first(whole.dev, num_judged), first(whole.test, num_judged))


def first(part: Dataset, number: int) -> Dataset:
    return part.of(part.documents[:number])


def flipped(feature_set: FeatureSet, share: float) -> FeatureSet:
    """The same with that share of labels exchanged for the other one, in every part."""
    chosen = random.Random(5)

    def spans(document: Document) -> tuple[Span, ...]:
        return tuple(
            replace(span, label=_OTHER[span.label]) if chosen.random() < share else span for span in document.spans
        )

    def part(own: Dataset) -> Dataset:
        return own.of([replace(document, spans=spans(document)) for document in own.documents])

    return FeatureSet(part(feature_set.train), part(feature_set.dev), part(feature_set.test))


def of_another_domain(feature_set: FeatureSet, number: int = 80) -> FeatureSet:
    """The same with restaurants in the test part: places as products, dishes as features."""
    chosen = random.Random(3)
    documents = [_restaurant(chosen, str(index)) for index in range(number)]
    return replace(feature_set, test=feature_set.test.of(documents))


def _restaurant(chosen: random.Random, name: str) -> Document:
    dish, place = chosen.choice(_DISHES), chosen.choice(_PLACES)
    text = chosen.choice(_FRAMES).format(dish=dish, place=place)
    return Document(text, _spans(text, ((dish, "PFEATURE"), (place, "PNAME"))), id=name)


def _spans(text: str, labelled: Sequence[tuple[str, str]]) -> tuple[Span, ...]:
    found = [Span(text.index(part), text.index(part) + len(part), label) for part, label in labelled]
    return tuple(sorted(found, key=lambda span: span.start))
