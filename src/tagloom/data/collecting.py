"""The interpreter's search for circles of objects, held back where objects are made by the million."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def without_search_for_cycles() -> Iterator[None]:
    """Within the block nothing is searched: a corpus has no circles, and looking for some costs a sixth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
