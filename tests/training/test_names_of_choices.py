"""The names that options choose from are those that there is code for."""

from collections.abc import Iterable

import pytest

from tagloom.bundle import architecture
from tagloom.models.decoders import DECODERS
from tagloom.models.initializers import KERNEL_INITIALIZERS
from tagloom.runs import choices
from tagloom.training.optimizers import OPTIMIZERS
from tagloom.training.schedules import SCHEDULES


@pytest.mark.parametrize(
    ("names", "implemented"),
    [
        (architecture.DECODERS, DECODERS),
        (architecture.KERNEL_INITIALIZERS, KERNEL_INITIALIZERS),
        (choices.LOSSES, DECODERS),
        (choices.OPTIMIZERS, OPTIMIZERS),
        (choices.SCHEDULES, SCHEDULES),
    ],
    ids=["decoders", "kernel initializers", "losses", "optimizers", "schedules"],
)
def test_each_name_has_its_code_in_the_same_order(names: Iterable[str], implemented: Iterable[str]) -> None:
    assert list(names) == list(implemented)
