"""A line of the log now and then while something takes long."""

import logging
import time

_SECONDS = 5.0  # between two lines


class Progress:
    """Tells where something stands, some seconds apart.

    Args:
        log: that it is told to.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log, self._told = log, time.monotonic()

    def tell(self, text: str) -> None:
        """Logs a text, where the last one is long enough ago."""
        if time.monotonic() - self._told > _SECONDS:
            self._log.info("%s", text)
            self._told = time.monotonic()
