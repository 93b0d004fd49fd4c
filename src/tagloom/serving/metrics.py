"""What is counted, for Prometheus."""

from collections import Counter as Counts

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tagloom.serving.reading.messages import Done
from tagloom.serving.recent import Recent

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_TEXTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """The counters of one server.

    The mean score is `tagloom_entity_scores_total` by the sum of `tagloom_entities_total`, the unknown-word rate
    `tagloom_unknown_words_total` by `tagloom_words_total`.

    Attributes:
        recent: what was asked of each slot in the last hour, which Prometheus is not told.
    """

    def __init__(self) -> None:
        self.recent = Recent()
        self._registry = registry = CollectorRegistry()
        self._requests = Histogram(
            "tagloom_request_seconds",
            "Seconds from the end of a request's headers to the end of its answer.",
            ("route", "status"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._waiting = Gauge("tagloom_queue_requests", "Requests that wait for a reader.", registry=registry)
        self._live = Gauge(
            "tagloom_model_version",
            "The live version of each slot; 0 where nothing is deployed.",
            ("slot",),
            registry=registry,
        )
        self._of_slots = _SlotCounters(registry)
        self._children: dict[tuple[str, int], Histogram] = {}

    def request(self, route: str, status: int, seconds: float) -> None:
        """Counts a request that was answered."""
        child = self._children.get((route, status))
        if child is None:
            child = self._children[route, status] = self._requests.labels(route, str(status))
        child.observe(seconds)

    def waiting(self, num_requests: int) -> None:
        """Says how many requests wait."""
        self._waiting.set(num_requests)

    def live(self, slot: str, version: int) -> None:
        """Says which version a slot serves; 0 for none."""
        self._live.labels(slot).set(version)

    def batch(self, slot: str, done: Done) -> None:
        """Counts a batch that was read for a slot."""
        self._of_slots.count(slot, done)

    def to_bytes(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self._registry)


class _SlotCounters:
    """What is counted for each slot.

    Args:
        registry: of the server.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._batches = Histogram(
            "tagloom_batch_texts", "Texts read at once.", ("slot",), buckets=_TEXTS, registry=registry
        )
        self._seconds = Histogram(
            "tagloom_batch_seconds", "Seconds that a batch took.", ("slot",), buckets=_SECONDS, registry=registry
        )
        self._entities = Counter("tagloom_entities", "Entities found.", ("slot", "label"), registry=registry)
        self._scores = Counter("tagloom_entity_scores", "The scores of all entities.", ("slot",), registry=registry)
        self._words = Counter("tagloom_words", "Words read.", ("slot",), registry=registry)
        self._unknown = Counter(
            "tagloom_unknown_words", "Words read that the model's vocabulary lacks.", ("slot",), registry=registry
        )

    def count(self, slot: str, done: Done) -> None:
        """Counts a batch."""
        entities = [entity for found in done.found for entity in found or ()]
        self._batches.labels(slot).observe(len(done.found))
        self._seconds.labels(slot).observe(done.seconds)
        for label, number in Counts([label for _, _, label, _ in entities]).items():
            self._entities.labels(slot, label).inc(number)
        self._scores.labels(slot).inc(sum([score for _, _, _, score in entities]))
        self._words.labels(slot).inc(done.num_words)
        self._unknown.labels(slot).inc(done.num_unknown)
