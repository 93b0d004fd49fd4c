"""How a workbench runs."""

from dataclasses import dataclass, field
from pathlib import Path

from tagloom.bundle.format import MEBIBYTE
from tagloom.serving.limits import Limits


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a workbench runs.

    Args:
        folder: with all its data.
        limits: of requests, to its own API and to that of models.
        upload_bytes: of a file that is imported.
        host_names: that are answered to beside `localhost` and numeric addresses.
        is_https: whether people reach it through HTTPS, so that browsers keep its cookie from anything else.
        simultaneous_trainings: that run at a time.
        workers: processes that read texts for the API of models.
        threads: of the processor, for each of these.
    """

    folder: Path
    limits: Limits = field(default_factory=Limits)
    upload_bytes: int = 1024 * MEBIBYTE
    host_names: tuple[str, ...] = ()
    is_https: bool = False
    simultaneous_trainings: int = 1
    workers: int = 1
    threads: int = 1
