"""Trainings side by side, worked out by a process; what was worked out stays at hand, since no judged run changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tagloom.workbench.folders import Folders
from tagloom.workbench.problems import Refused
from tagloom.workbench.programs import Programs
from tagloom.workbench.trainings.trainings import State, Training

MOST = 8
"""Trainings that stand side by side."""

_PROGRAM = "tagloom.workbench.trainings.comparing"
_AT_HAND = 20


class Comparisons:
    """Holds trainings against each other.

    Args:
        folders: with their runs.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._programs = Programs()
        self._thread = ThreadPoolExecutor(1, "tagloom-comparer")
        self._at_hand: OrderedDict[tuple[tuple[int, str], ...], dict[str, Any]] = OrderedDict()

    async def of(self, trainings: Sequence[Training]) -> dict[str, Any]:
        """What `comparing` tells of them, each held against the first.

        Raises:
            Refused: one has no judged model, there are too few or too many, or their runs cannot be read.
        """
        if not 2 <= len({one.id for one in trainings}) == len(trainings) <= MOST:
            raise Refused("wrong-fields", f"training: expected 2 to {MOST} different ones.")
        unfinished = [one.name for one in trainings if one.state is not State.FINISHED]
        if unfinished:
            raise Refused("wrong-state", f"{unfinished[0]} has no judged model. Wait for it, or leave it out.")
        key = tuple((one.id, one.name) for one in trainings)
        if key not in self._at_hand:
            self._at_hand[key] = await asyncio.get_running_loop().run_in_executor(self._thread, self._said, trainings)
            if len(self._at_hand) > _AT_HAND:
                self._at_hand.popitem(last=False)
        return self._at_hand[key]

    def close(self) -> None:
        """Ends what is being worked out."""
        self._programs.close()
        self._thread.shutdown(cancel_futures=True)

    def _said(self, trainings: Sequence[Training]) -> dict[str, Any]:
        paths = [str(self._folders.run(one.id)) for one in trainings]
        said = self._programs.said(0, _PROGRAM, {"names": [one.name for one in trainings], "paths": paths})
        if said is None or "refused" in said:
            told = "The process that compares broke down. Try again." if said is None else str(said["refused"])
            raise Refused("unreadable", told.replace(f"{self._folders.root}/", ""))
        for candidate in said["figures"]["candidates"]:
            del candidate["path"]
            for run in candidate["runs"]:
                del run["path"]
        return said
