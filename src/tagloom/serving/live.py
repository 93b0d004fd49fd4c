"""What a server serves, and how it follows what is deployed: swapped in one step, the version before kept at hand."""

import asyncio
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass

from tagloom.errors import BundleError
from tagloom.serving.metrics import Metrics
from tagloom.serving.problems import Problem
from tagloom.serving.reading.queue import Model, Queue
from tagloom.serving.state import presence
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments, Version
from tagloom.serving.state.keys import Key, Keyring, Keys

_AT_HAND = 2  # versions of a slot that are loaded: the live one, and that which a roll-back makes live
_SECONDS_BETWEEN_LOOKS = 0.1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LiveModel:
    """A version that is loaded.

    Args:
        version: which it is.
        labels: what it tells apart.
    """

    version: Version
    labels: tuple[str, ...]

    @property
    def model(self) -> Model:
        """What the queue knows it by."""
        return self.version.slot, self.version.digest


Identity = tuple[str, int]
"""Slot and number of a version."""


class Live:
    """What a server serves: models by slot, and the keys. It follows the state folder.

    A request takes its model once it has been read, and stays with that one whatever is deployed meanwhile.

    Args:
        database: of the state folder.
        queue: that has models loaded.
        metrics: that count.
    """

    def __init__(self, database: Database, queue: Queue, metrics: Metrics) -> None:
        self.keyring = Keyring()
        self.models: Mapping[str, LiveModel] = {}
        self.missing: Mapping[str, Version] = {}
        self._database, self._queue, self._metrics = database, queue, metrics
        self._at_hand: Mapping[Identity, LiveModel] = {}
        self._generation = -1
        self._lock = asyncio.Lock()

    def model(self, slot: str) -> LiveModel:
        """What a slot serves.

        Raises:
            Problem: nothing, or it could not be loaded.
        """
        found = self.models.get(slot)
        if found is not None:
            return found
        if slot in self.missing:
            raise Problem("not-ready", "Its files are damaged or gone. Deploy the model anew.", retry_after=10)
        raise Problem("no-such-slot", "Ask GET /v1/models for those that there are.")

    async def follow(self) -> None:
        """Takes over what has changed, if anything."""
        async with self._lock:
            generation = await asyncio.to_thread(self._database.generation)
            if generation != self._generation:
                await self._take_over(generation)

    async def follow_on(self) -> None:
        """Follows until it is cancelled; who waits too long is told on the way."""
        while True:
            try:
                await self.follow()
            except Exception:  # noqa: BLE001 - whatever it is, the next look may go better
                _log.exception("The state folder cannot be followed")
            self._queue.expire()
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    def leave(self) -> None:
        """Says that the server has ended."""
        presence.note(self._database, None)

    async def _take_over(self, generation: int) -> None:
        kept, keys = await asyncio.to_thread(self._read)
        self.keyring = Keyring(keys)
        at_hand: dict[Identity, LiveModel] = {}
        problems = []
        for version in [version for versions in kept.values() for version in versions[-_AT_HAND:]]:
            identity = version.slot, version.number
            try:
                at_hand[identity] = self._at_hand.get(identity) or await self._loaded(version)
            except BundleError as error:
                if version == kept[version.slot][-1]:  # one that can no longer be rolled back to is only logged
                    problems.append(f"{version.slot} {version.number}: {error}")
                _log.error("Version %s of %s cannot be served: %s", version.number, version.slot, error)
        self._swap({slot: versions[-1] for slot, versions in kept.items()}, at_hand)
        self._generation = generation
        told = presence.Presence(os.getpid(), generation, "; ".join(problems) or None)
        await asyncio.to_thread(presence.note, self._database, told)

    def _read(self) -> tuple[dict[str, list[Version]], list[Key]]:
        return Deployments(self._database).kept(), Keys(self._database).all()

    async def _loaded(self, version: Version) -> LiveModel:
        loaded = await self._queue.hold(version.digest)
        return LiveModel(version, loaded.labels)

    def _swap(self, wanted: Mapping[str, Version], at_hand: Mapping[Identity, LiveModel]) -> None:
        """Puts other models in place, for all slots in one step; what cannot be loaded leaves the one before."""
        before = self.models
        found = {slot: at_hand.get((slot, version.number), before.get(slot)) for slot, version in wanted.items()}
        self.models = {slot: model for slot, model in found.items() if model is not None}
        self.missing = {slot: version for slot, version in wanted.items() if slot not in self.models}
        kept = {**{(each.version.slot, each.version.number): each for each in self.models.values()}, **at_hand}
        for identity in self._at_hand.keys() - kept.keys():
            self._queue.let_go(self._at_hand[identity].version.digest)
        self._at_hand = kept
        for slot in before.keys() | self.models.keys():
            live = self.models.get(slot)
            self._metrics.live(slot, 0 if live is None else live.version.number)
