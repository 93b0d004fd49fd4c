"""What is asked of a feature set: which documents, and how they are divided."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from tagloom.data.division.feature_set import DEFAULT_RATIOS, DEFAULT_SEED


class Way(StrEnum):
    """How documents are divided."""

    RATIOS = "ratios"
    """By shares, each label as evenly as can be."""
    TIME = "time"
    """By shares, the oldest to train, the newest to test."""
    FILTERS = "filters"
    """What fits a filter is the dev or the test part."""
    CHOICE = "choice"
    """As a person chose, by rules and one by one."""


class Place(StrEnum):
    """Where a document goes."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"
    NOWHERE = "nowhere"
    """It is left out."""


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """Where the documents go that fit a filter.

    Args:
        where: the filter.
        place: where they go.
    """

    where: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a feature set. What does not belong to its way says nothing.

    Args:
        way: how documents are divided.
        with_drafts: whether those count that were begun and not submitted.
        where: a filter; documents that do not fit are left out.
        drop_duplicates: of documents that are equal word for word keep the first.
        ratios: shares of train, dev and test.
        seed: decides between what is equal.
        by: a field whose equal values stay together; empty for none.
        by_time: the field with the time.
        dev_where: the filter of the dev part; empty for no such part.
        test_where: the filter of the test part; empty for no such part.
        rest: where documents go that nothing else is said of.
        rules: what is said of several documents; a later one counts before an earlier one.
        documents: what is said of single ones, by their numbers; it counts before every rule.
    """

    way: Way = Way.RATIOS
    with_drafts: bool = False
    where: str = ""
    drop_duplicates: bool = False
    ratios: tuple[float, ...] = DEFAULT_RATIOS
    seed: int = DEFAULT_SEED
    by: str = ""
    by_time: str = ""
    dev_where: str = ""
    test_where: str = ""
    rest: Place = Place.TRAIN
    rules: tuple[PlaceRule, ...] = ()
    documents: Mapping[int, Place] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Asked":
        """What `to_json` gave."""
        told = {
            "way": Way(value["way"]),
            "ratios": tuple(value["ratios"]),
            "rest": Place(value["rest"]),
            "rules": tuple(PlaceRule(rule["where"], Place(rule["place"])) for rule in value["rules"]),
            "documents": {int(number): Place(place) for number, place in value["documents"].items()},
        }
        return cls(**{**value, **told})
