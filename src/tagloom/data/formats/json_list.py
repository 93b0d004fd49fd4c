"""JSON: the records of JSON lines in one list."""

from tagloom.data.formats.plain import PlainRecords


class JsonList(PlainRecords):
    """A list of plain records, or a single one."""

    name = "json"
    summary = 'a list of JSON objects with "text" and "entities"'
    suffixes = (".json",)
    as_list = True
