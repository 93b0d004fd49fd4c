"""How schemathesis sends bodies that are neither JSON nor a form."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/zip")
def as_they_are(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
