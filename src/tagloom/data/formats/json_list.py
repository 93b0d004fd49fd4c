"""JSON: the records of JSON lines in one list."""

from collections.abc import Sequence

from tagloom.data.formats.format import Options
from tagloom.data.formats.plain import PlainRecords
from tagloom.data.sources.source_text import SourceText


class JsonList(PlainRecords):
    """A list of plain records, or a single one."""

    name = "json"
    summary = 'a list of JSON objects with "text" and "entities"'
    suffixes = (".json",)
    as_list = True

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether the first record has its shape, or there is none: that an empty list is."""
        return super().recognises(texts, options) or "".join(texts[0].beginning().split()) == "[]"
