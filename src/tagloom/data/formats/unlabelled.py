"""JSON records as they are before anybody has labelled them: a text, and perhaps no entities."""

from tagloom.data.findings import Findings
from tagloom.data.formats.doccano import Doccano
from tagloom.data.formats.format import Format, Options
from tagloom.data.formats.json_lines import JsonLines
from tagloom.data.formats.json_list import JsonList
from tagloom.data.formats.label_studio import LabelStudio
from tagloom.data.formats.plain import PlainRecords
from tagloom.data.formats.prodigy import Prodigy
from tagloom.data.formats.records import Record
from tagloom.text import Document

_OTHERS = (Doccano(), Prodigy(), LabelStudio())


class _Unlabelled(PlainRecords):
    """Plain records of which some have no entities; those of no other format with a text."""

    def fits(self, record: Record) -> bool:
        """Whether it has a text, and nothing that makes it a record of another format."""
        is_plain = isinstance(record.get("text"), str) and "relations" not in record
        return is_plain and ("entities" in record or not any(other.fits(record) for other in _OTHERS))

    def document(self, record: Record, number: int, findings: Findings) -> Document:
        """The document of a record; without spans where it says none."""
        return super().document({"entities": [], **record}, number, findings)


class _UnlabelledLines(_Unlabelled, JsonLines):
    """JSON lines of such records."""


class _UnlabelledList(_Unlabelled, JsonList):
    """A list of such records."""


_KEEPING: dict[str, Format] = {
    each.name: each for each in (_UnlabelledLines(), _UnlabelledList(), LabelStudio(keeps_unlabelled=True))
}


def reader(used: Format, options: Options) -> Format:
    """The format as it reads with these options."""
    return _KEEPING.get(used.name, used) if options.keeps_unlabelled else used
