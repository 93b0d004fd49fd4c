"""Names of documents as names of files: whatever they are, they stay in their folder and apart from one another."""

import re
import unicodedata
from collections import Counter

_MAX_BYTES = 120
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)  # names that Windows keeps for itself


class FileNames:
    """Gives each name a file's name of its own, without an ending.

    Example:
        >>> names = FileNames()
        >>> names.name("review 7"), names.name("../etc/passwd"), names.name("Review 7"), names.name("")
        ('review 7', '_etc_passwd', 'Review 7-2', 'document')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._repeated: Counter[str] = Counter()

    def name(self, document_id: str) -> str:
        """A name that no other one was given, also where case does not count."""
        base = name = _safe(document_id)
        while _folded(name) in self._taken:
            self._repeated[_folded(base)] += 1
            name = f"{base}-{self._repeated[_folded(base)] + 1}"
        self._taken.add(_folded(name))
        return name


def _safe(name: str) -> str:
    kept = "".join([each if each.isalnum() or each in "-_. " else "_" for each in name])
    kept = kept.encode("utf-8", "ignore")[:_MAX_BYTES].decode("utf-8", "ignore").strip(". ")
    return f"_{kept}" if _DEVICE.match(kept) else kept or "document"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
