"""How a feature set came about."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tagloom.data.sources.folders import PARTS

_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """By ratio, field, time, filters, or as the user chose the files; all that is needed to do it again.

    Args:
        ratios: the shares of train, dev and test; None where the user chose the parts.
        seed: of the division by ratio; None where there was none.
        by: the field whose equal values stayed together.
        by_time: the field with the time that divided.
        dev_where: the filter that chose the dev part.
        test_where: the filter that chose the test part.
        where: the filter that chose the documents at all.
        num_left_out: documents that did not fit `where`.
        drop_duplicates: whether documents that repeat an earlier one were dropped, with files those of train.
        num_duplicates: how many those were.
        validation_split: the share of train that became dev; None where none did.
        validation_seed: of that division.
    """

    ratios: tuple[float, ...] | None = None
    seed: int | None = None
    by: str | None = None
    by_time: str | None = None
    dev_where: str | None = None
    test_where: str | None = None
    where: str | None = None
    num_left_out: int = 0
    drop_duplicates: bool = False
    num_duplicates: int = 0
    validation_split: float | None = None
    validation_seed: int | None = None

    @property
    def name(self) -> str:
        """`ratios`, `field`, `time`, `filters` or `files`."""
        if self.by_time is not None:
            return "time"
        if self.by is not None:
            return "field"
        if self.ratios is not None:
            return "ratios"
        return "files" if self.dev_where is None and self.test_where is None else "filters"

    @property
    def shares(self) -> dict[str, float] | None:
        """The share of the documents that was asked for each part; None where none was.

        Example:
            >>> Rule(ratios=(0.9, 0.0, 0.1), validation_split=0.1).shares
            {'train': 0.81, 'dev': 0.09, 'test': 0.1}
        """
        if self.ratios is None:
            return None
        train, dev, test = self.ratios
        taken = train * (self.validation_split or 0)
        return dict(zip(PARTS, (round(share, _DIGITS) for share in (train - taken, dev + taken, test)), strict=True))

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        own = {_KEYS.get(field.name, field.name): getattr(self, field.name) for field in fields(self)}
        return {"name": self.name} | own | {"ratios": None if self.ratios is None else list(self.ratios)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Rule":
        """What `to_json` gave, now or when rules had fewer fields.

        Raises:
            KeyError, TypeError: it is not that.
        """
        ratios = value["ratios"]
        own = {field.name: value[key] for field in fields(cls) if (key := _KEYS.get(field.name, field.name)) in value}
        return cls(**own | {"ratios": None if ratios is None else tuple(ratios)})


_KEYS = {"num_left_out": "left_out", "num_duplicates": "duplicates_dropped"}
"""What a field is called in JSON, where that is not its name."""
