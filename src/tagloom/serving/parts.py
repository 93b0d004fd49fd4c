"""What the routes of one process share."""

from dataclasses import dataclass

from tagloom.serving.bodies import Bodies
from tagloom.serving.gate import Draining
from tagloom.serving.limits import Limits
from tagloom.serving.live import Live
from tagloom.serving.metrics import Metrics
from tagloom.serving.reading.queue import Queue
from tagloom.serving.state.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes of one process share.

    Args:
        database: of the state folder.
        live: the models and keys.
        limits: of requests.
        bodies: reads them.
        metrics: that count.
        draining: whether the server is about to end.
        queue: through which texts are read.
    """

    database: Database
    live: Live
    limits: Limits
    bodies: Bodies
    metrics: Metrics
    draining: Draining
    queue: Queue
