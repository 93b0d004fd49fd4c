"""How a feature set came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """By ratio or as the user chose; all that is needed to do it again.

    Args:
        ratios: the shares of train, dev and test; None where the user chose the parts.
        seed: of the division by ratio; None where there was none.
        validation_split: the share of train that became dev; None where none did.
        validation_seed: of that division.
        num_duplicates: documents that were dropped since they repeat an earlier one.
    """

    ratios: tuple[float, ...] | None = None
    seed: int | None = None
    validation_split: float | None = None
    validation_seed: int | None = None
    num_duplicates: int = 0

    @property
    def name(self) -> str:
        """`ratios` or `files`."""
        return "files" if self.ratios is None else "ratios"

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "name": self.name,
            "ratios": None if self.ratios is None else list(self.ratios),
            "seed": self.seed,
            "validation_split": self.validation_split,
            "validation_seed": self.validation_seed,
            "duplicates_dropped": self.num_duplicates,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Rule":
        """What `to_json` gave."""
        ratios = value["ratios"]
        return cls(
            None if ratios is None else tuple(ratios),
            value["seed"],
            value["validation_split"],
            value["validation_seed"],
            value["duplicates_dropped"],
        )
