"""Files packed as gz, xz or zip, and bombs: small ones that hold as much as they may, or far more."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from tagloom.data.formats.doc_bin_columns import FREE_BYTES as DOC_BIN_BYTES
from tagloom.data.formats.string_ids import id_of
from tagloom.data.sources.archives import FREE_BYTES

Files = dict[str, bytes]
"""Contents by the names of files."""


def gz(files: Files) -> Files:
    """Each in gz."""
    return {f"{name}.gz": gzip.compress(content, 1) for name, content in files.items()}


def xz(files: Files) -> Files:
    """Each in xz."""
    return {f"{name}.xz": lzma.compress(content, preset=0) for name, content in files.items()}


def zipped(files: Files) -> Files:
    """All in a zip, in a folder of it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"data/{name}", content)
    return {"a.zip": stream.getvalue()}


def nested(files: Files) -> Files:
    """A zip in gz."""
    return gz(zipped(files))


_BOMB_BYTES = 64 << 20
_REPEATED: Mapping[str, bytes] = {
    "zeros": b"\0",
    "blanks": b" ",
    "line ends": b"\n",
    "letters": b"a",
    "words": b"a O\n",
    "sentences": b"a B-X\n\n",
    "documents": b"-DOCSTART- O\n\na O\n\n",
    "rows": b"1,a,B-X\n",
    "quotes": b'"',
    "tag lines": b"O\n",
    "json lines": b'{"text":"a","entities":[]}\n',
    "json list": b'{"text":"a","entities":[]},',
    "spans": b'{"start":0,"end":1,"label":"X"},',
    "brackets": b"[",
    "objects": b'{"a":',
    "nothing": b"{},",
    "annotations": b"T1\tX 0 1\ta\n",
}
_BEGINNINGS: Mapping[str, bytes] = {
    "rows": b"sentence,word,tag\n",
    "json list": b"[",
    "nothing": b"[",
    "spans": b'{"text":"a","entities":[',
    "zeros": b"a O\n",
}
_PACKERS: Mapping[str, Callable[[Files], Files]] = {"gz": gz, "xz": xz, "zip": zipped}
FITTING = "just fitting "
BOMBS = [
    *(f"{name} in {packer}" for name in _REPEATED for packer in _PACKERS),
    *(f"{FITTING}{name} in xz" for name in _REPEATED),
    *("DocBin", "DocBin in gz", f"{FITTING}DocBin", "members"),
]


@cache
def bomb(name: str) -> Files:
    """A small file that would hold 64 MiB, or just as much as it may, or very many files."""
    if name == f"{FITTING}DocBin":
        return {"a.spacy": doc_bin(DOC_BIN_BYTES // 15)}
    if name.startswith("DocBin"):
        files = {"a.spacy": doc_bin(_BOMB_BYTES // 15)}
        return gz(files) if name.endswith("gz") else files
    if name == "members":
        return zipped({f"{number}.ann": b"" for number in range(5000)})
    what, _, packer = name.removeprefix(FITTING).partition(" in ")
    size = FREE_BYTES - 100 if name.startswith(FITTING) else _BOMB_BYTES
    content = _BEGINNINGS.get(what, b"") + _REPEATED[what] * (size // len(_REPEATED[what]))
    files = {"a.ann": content, "a.txt": b"abc"} if what == "annotations" else {"a": content}
    return _PACKERS[packer](files)


def doc_bin(number: int) -> bytes:
    """A `DocBin` of many documents of one word, which says of them as little as it may: 15 bytes each."""
    sizes = {"tokens": 8 * number, "spaces": number, "lengths": 4 * number}
    message = b"\x87\xa7version\xa30.1\xa5attrs\x91\x41\xa7strings\x91\xa1a"
    for key, size in sizes.items():
        unit = {"tokens": id_of("a").to_bytes(8, "little"), "spaces": b"\0", "lengths": b"\1\0\0\0"}[key]
        message += bytes([0xA0 + len(key)]) + key.encode() + b"\xc6" + size.to_bytes(4, "big") + unit * number
    return zlib.compress(message + b"\xa4cats\xdd" + number.to_bytes(4, "big") + b"\x80" * number, 1)
