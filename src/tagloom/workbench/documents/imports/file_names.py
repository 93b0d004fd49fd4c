"""What files are called while they are imported: numbers, whatever they were called by who sent them."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

_STEM = "upload"
_ENDINGS = frozenset(".ann .bio .conll .csv .gz .iob .json .jsonl .ndjson .spacy .tags .tsv .txt .xz .zip".split())
_OWN = re.compile(rf"(?P<folder>\S*/)?(?P<name>{_STEM}-[0-9]+(?:\.[a-z]+)?)")
_LONGEST = 200


def shown_name(given: str) -> str:
    r"""A file's name as people may be shown it: without folders, in one line.

    Example:
        >>> shown_name("..\\data/re\nviews.csv"), shown_name("")
        ('re views.csv', 'file')
    """
    last = re.split(r"[/\\]", given)[-1]
    printable = "".join([sign if sign.isprintable() else " " for sign in last])
    return " ".join(printable.split())[-_LONGEST:] or "file"


def own_names(given: Sequence[str]) -> list[str]:
    """The names of files within the folder of their import, different ones. Of what was given only known endings count.

    Files that differ in their ending alone, as those of BRAT do, still do.

    Example:
        >>> own_names(["a.txt", "a.ann", "../../etc/passwd", "a.txt"])
        ['upload-1.txt', 'upload-1.ann', 'upload-2', 'upload-3.txt']
    """
    numbers: dict[str, int] = {}
    names: list[str] = []
    for place, each in enumerate(given):
        stem, ending = _divided(each)
        number = numbers.setdefault(stem, len(numbers) + 1)
        if f"{_STEM}-{number}{ending}" in names:
            number = numbers[f"{stem}\0{place}"] = len(numbers) + 1
        names.append(f"{_STEM}-{number}{ending}")
    return names


class GivenNames:
    """Puts the names that files were given by in the place of their own.

    Args:
        given: by who sent them.

    Example:
        >>> names = GivenNames(["reviews.conll"])
        >>> names.told("/data/uploads/7/upload-1.conll:41: expected a tag"), names.document_id("upload-1")
        ('reviews.conll:41: expected a tag', 'reviews')
    """

    def __init__(self, given: Sequence[str]) -> None:
        own = own_names(given)
        self._files = dict(zip(own, given, strict=True))
        self._stems = {Path(name).stem: _divided(each)[0] for name, each in self._files.items()}

    def told(self, message: str) -> str:
        """A message that names files."""
        return _OWN.sub(lambda found: self._files.get(found["name"], found["name"]), message)

    def document_id(self, document_id: str) -> str:
        """The id of a document that is called by its file."""
        return self._stems.get(document_id, document_id)


def _divided(given: str) -> tuple[str, str]:
    """A name, and its ending where that is known."""
    ending = PurePosixPath(given.lower()).suffix
    return (given[: -len(ending)], ending) if ending in _ENDINGS else (given, "")
