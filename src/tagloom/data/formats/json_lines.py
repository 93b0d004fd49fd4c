"""JSON lines: a document a line with all that a `Document` holds. What feature sets are kept in."""

from tagloom.data.formats.plain import PlainRecords


class JsonLines(PlainRecords):
    """A plain record a line."""

    name = "json_lines"
    summary = 'JSON lines with "text" and "entities"'
    suffixes = (".jsonl",)
