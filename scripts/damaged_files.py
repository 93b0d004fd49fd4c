"""Files that no reader should trust: valid ones of every format, damaged; random bytes; packed bombs."""

import re
import tempfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from packed import BOMBS, Files, bomb, gz, nested, xz, zipped
from tagloom.data import FORMATS, Dataset, FeatureSet, write
from tagloom.text import Document, Span, Token

READ, CONVERT, LOAD = "read", "convert", "load"
FORMAT_NAMES = [each.name for each in FORMATS]

MAX_BYTES = 1 << 16
"""How large a file may be that is no bomb, before it is packed."""


@dataclass(frozen=True)
class Case:
    """Files, and how they are read.

    Args:
        files: by their names in a folder, in order.
        way: `read`, `convert` (as a stream) or `load` (as a saved feature set).
        format: that is insisted on; None to recognise it.
        to: the format that is converted to.
        as_folder: whether their folder is given in their place.
        options: what else `read` is told.
    """

    files: Files
    way: str = READ
    format: str | None = None
    to: str = "json_lines"
    as_folder: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


_DOCUMENTS = (
    Document(
        "Sony D90 takes sharp pictures.\nIt works",
        (Span(0, 8, "PNAME"), Span(15, 20, "PFEATURE")),
        "a",
        {"stars": "5"},
        tuple(Token(*edges) for edges in ((0, 4), (5, 8), (9, 14), (15, 20), (21, 29), (29, 30), (31, 33), (34, 39))),
        ((0, 6), (6, 8)),
        columns={"POS": tuple("NNP NNP VBZ JJ NNS . PRP VBZ".split())},
    ),
    Document("ソニー製のカメラです。", (Span(0, 3, "ORG"), Span(5, 8, "P-ART", 0.5, "rules"))),
    Document("I bought a 𝒟90 \t in Łódź", (Span(18, 22, "LOC"),), "c\u0085"),
)
_FOREIGN: Mapping[str, Files] = {
    "kaggle": {"a.csv": b'Sentence #,Word,POS,Tag\nSentence: 1,Sony,NNP,B-org\n,D90,NNP,I-org\nSentence: 2,"a,",x,O\n'},
    "conll_2003": {"a.txt": b"-DOCSTART- -X- O O\n\nEU NNP B-NP I-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP I-PER\n"},
    "tag_first": {"a.txt": b"B-PER\tAda\nO\tworks\n\nO\tis\nB-PER\tBob\n"},
    "wrong_tags": {"a.conll": b"a I-X\nb L-Y\nc U-Y\nd B-X\n"},
    "brat": {
        "1.txt": "Sony in Łódź\nworks".encode(),
        "1.ann": (
            "T1\tORG 0 4\tSony\nT2\tLOC 8 10;11 12\tŁó ź\nR1\tin Arg1:T1 Arg2:T2\nA1\tx T1\n#1\tNote T1\tn\n"
        ).encode(),
        "2.txt": b"nothing",
        "2.ann": b"",
    },
    "doccano": {"a.jsonl": b'{"id": 1, "text": "Sony works", "label": [[0, 4, "ORG"]], "Comments": []}\n'},
    "label_studio": {
        "a.json": b'[{"id": 1, "data": {"text": "Sony works"}, "annotations": [{"id": 2, "was_cancelled": false, '
        b'"result": [{"id": "x", "type": "labels", "from_name": "l", "to_name": "t", "value": {"start": 0, "end": 4, '
        b'"text": "Sony", "labels": ["ORG"]}}, {"type": "relation", "from_id": "x", "to_id": "x"}]}], "predictions": []'
        b"}]"
    },
    "prodigy": {
        "a.jsonl": b'{"text": "Sony works", "tokens": [{"text": "Sony", "start": 0, "end": 4, "id": 0, "ws": true}, '
        b'{"text": "works", "start": 5, "end": 10, "id": 1}], "spans": [{"start": 0, "end": 4, "token_start": 0, '
        b'"token_end": 0, "label": "ORG"}], "answer": "accept", "_timestamp": 1}\n'
    },
}

_INSERTIONS = (
    *(
        b"\0",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\x80",
        b"\xed\xa0\x80",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\t",
    ),
    *(
        b'"',
        b"'",
        b"\\",
        b"\\ud800",
        b"\\u0000",
        b",",
        b";",
        b":",
        b"#",
        b"{",
        b"}",
        b"[",
        b"]",
        b"null",
        b"true",
        b"[]",
    ),
    *(
        b"-DOCSTART- O\n",
        b'# document = {"id": "1", "text": "x"}\n',
        b"B-",
        b"I-X",
        b"O",
        b"-",
        b"1e999",
        b"NaN",
        b"-1",
    ),
    *(b"9" * 30, b"9" * 5000, b"1" + b"0" * 400, b"0x1f", b"[" * 3000, b'{"a":' * 3000, b"(" * 3000, b"a" * 5000),
    *(
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"\xfd7zXZ\0",
        b"\x78\x9c",
        "\u2028\u0085\u00a0\u200b".encode(),
        "e\u0301".encode() * 50,
    ),
)
_NUMBER = re.compile(rb"-?\d+")


@cache
def valid() -> Mapping[str, Files]:
    """Files of every format, by its name, as we write them and as others do."""
    found = dict(_FOREIGN)
    for each in FORMATS:
        documents = [document for document in _DOCUMENTS if each.name != "text" or "\n" not in document.text]
        if each.name in ("two_files", "conll"):
            documents = documents[:2]
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "out")
            paths = [target / f"a{suffix}" for suffix in each.suffixes] or [target]
            write(Dataset(tuple(documents)), *paths, format=each.name)
            found[f"our {each.name}"] = {path.name: path.read_bytes() for path in sorted(target.iterdir())}
    return found


@cache
def feature_set() -> Files:
    """A saved feature set."""
    documents = tuple(Document(f"A D{number}", (Span(2, 5, "PNAME"),), str(number)) for number in range(10, 22))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "set")
        FeatureSet.split(Dataset(documents)).save(target)
        return {path.name: path.read_bytes() for path in sorted(target.iterdir())}


# What is done to a file.

Damage = Callable[[bytes], bytes]


def flipped(places: list[tuple[int, int]], content: bytes) -> bytes:
    """Some bytes changed."""
    changed = bytearray(content)
    for place, value in places:
        if changed:
            changed[place % len(changed)] = value
    return bytes(changed)


def cut(start: int, length: int, content: bytes) -> bytes:
    """A stretch left out."""
    start %= len(content) + 1
    return content[:start] + content[start + length :]


def truncated(end: int, content: bytes) -> bytes:
    """Only the beginning."""
    return content[: end % (len(content) + 1)]


def repeated(start: int, length: int, times: int, content: bytes) -> bytes:
    """A stretch said again and again."""
    start %= len(content) + 1
    return content[:start] + content[start : start + length] * times + content[start + length :]


def swapped(one: int, other: int, content: bytes) -> bytes:
    """Two lines in one another's place."""
    lines = content.split(b"\n")
    one, other = one % len(lines), other % len(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def inserted(place: int, what: bytes, content: bytes) -> bytes:
    """Something added."""
    place %= len(content) + 1
    return content[:place] + what + content[place:]


def numbered(which: int, number: bytes, content: bytes) -> bytes:
    """Another number in place of one."""
    found = list(_NUMBER.finditer(content))
    if not found:
        return content
    start, end = found[which % len(found)].span()
    return content[:start] + number + content[end:]


def encoded(encoding: str, content: bytes) -> bytes:
    """In another encoding."""
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def ended(content: bytes) -> bytes:
    """With the line ends of Windows."""
    return content.replace(b"\n", b"\r\n")


def inflated(damage: Damage, content: bytes) -> bytes:
    """What is packed in a `DocBin`, damaged."""
    try:
        return zlib.compress(damage(zlib.decompress(content)))
    except zlib.error:
        return damage(content)


_places = st.integers(0, MAX_BYTES)
_lengths = st.integers(1, 40) | st.integers(1, 4000)
_numbers = st.integers(-(2**70), 2**70) | st.sampled_from([0, -1, 1, 2**31, 2**32 - 1, 2**63, 10**400])
_plain_damages: st.SearchStrategy[Damage] = st.one_of(
    st.builds(partial, st.just(flipped), st.lists(st.tuples(_places, st.integers(0, 255)), min_size=1, max_size=6)),
    st.builds(partial, st.just(cut), _places, _lengths),
    st.builds(partial, st.just(truncated), _places),
    st.builds(partial, st.just(repeated), _places, _lengths, st.sampled_from([2, 3, 20, 1000])),
    st.builds(partial, st.just(swapped), _places, _places),
    st.builds(partial, st.just(inserted), _places, st.sampled_from(_INSERTIONS) | st.binary(max_size=30)),
    st.builds(partial, st.just(numbered), _places, _numbers.map(lambda number: str(number).encode())),
    st.builds(partial, st.just(encoded), st.sampled_from(["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-32"])),
    st.just(ended),
)
damages = _plain_damages | st.builds(partial, st.just(inflated), _plain_damages)


@st.composite
def damaged_files(draw: st.DrawFn) -> Files:
    """Valid files, damaged: each by itself, and perhaps with a part of another format's."""
    sources = valid()
    files = dict(sources[draw(st.sampled_from(sorted(sources)))])
    for name in files:
        for damage in draw(st.lists(damages, max_size=2)):
            files[name] = damage(files[name])[:MAX_BYTES]
        if draw(st.integers(0, 9)) == 0:
            other = b"".join(sources[draw(st.sampled_from(sorted(sources)))].values())
            start = draw(_places) % len(other)
            files[name] = inserted(draw(_places), other[start : start + draw(_lengths)], files[name])
    arranged: Callable[[Files], Files] = draw(st.sampled_from([same, same, same, same, missing, mixed, renamed]))
    return arranged(files)


def same(files: Files) -> Files:
    """As they are."""
    return files


def missing(files: Files) -> Files:
    """Without the first, where there are several."""
    return dict(list(files.items())[len(files) > 1 :])


def mixed(files: Files) -> Files:
    """Each with the content of the next one."""
    contents = list(files.values())
    return dict(zip(files, contents[1:] + contents[:1], strict=True))


def renamed(files: Files) -> Files:
    """Called as the parts of a data set are."""
    return {
        f"{part}{Path(name).suffix}": files[name] for part, name in zip(("train", "dev", "test"), files, strict=False)
    }


@st.composite
def damaged_feature_sets(draw: st.DrawFn) -> Files:
    """A saved feature set, one or two of its files damaged."""
    files = dict(feature_set())
    for name in draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=2)):
        files[name] = draw(damages)(files[name])
    return files


def random_files() -> st.SearchStrategy[Files]:
    """One file or two of any bytes, or of the signs that data is made of."""
    signs = st.text(st.sampled_from('OBI-X# \t\n\r,;"{}[]:0aé\u0085\\'), max_size=80).map(str.encode)
    starts = st.sampled_from([b"", *_INSERTIONS])
    contents = st.lists(st.builds(bytes.__add__, starts, st.binary(max_size=300) | signs), min_size=1, max_size=2)
    return contents.map(lambda each: {f"{number}.txt": content for number, content in enumerate(each)})


def packings() -> st.SearchStrategy[Callable[[Files], Files]]:
    """What is done to all files together: packed one by one, into a zip, and that cut off."""
    return st.sampled_from([gz, xz, zipped, nested]) | st.builds(partial, st.just(half), _places)


def half(place: int, files: Files) -> Files:
    """A zip that is cut off or has a byte changed."""
    (content,) = zipped(files).values()
    return {"a.zip": truncated(place, content) if place % 2 else flipped([(place, place % 256)], content)}


def bombs() -> st.SearchStrategy[Files]:
    """A bomb."""
    return st.sampled_from(BOMBS).map(bomb)


_some_options: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"columns": {"tag": 0}},
        {"columns": {"tag": -9}},
        {"columns": {"word": 1, "tag": 1}},
        {"columns": {"word": "Word"}},
        {"columns": {"sentence": 10**30}},
        {"scheme": "IOB1"},
        {"scheme": "bilou"},
        {"scheme": "X"},
        {"encoding": "utf-16"},
        {"encoding": "ascii"},
        {"encoding": "rot13"},
        {"cover_discontinuous": True},
    ]
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any case."""
    kind = draw(st.integers(0, 99))
    if kind < 4:
        return Case(draw(damaged_feature_sets()), LOAD, as_folder=True)
    files = draw(bombs() if kind < 6 else random_files() if kind < 20 else damaged_files())
    if kind >= 6 and draw(st.integers(0, 3)) == 0:
        files = draw(packings())(files)
    return Case(
        files,
        way=draw(st.sampled_from([READ, READ, CONVERT])),
        format=draw(st.sampled_from(FORMAT_NAMES)) if draw(st.integers(0, 3)) == 0 else None,
        to=draw(st.sampled_from(FORMAT_NAMES)),
        as_folder=draw(st.integers(0, 9)) == 0,
        options=draw(_some_options) if draw(st.integers(0, 4)) == 0 else {},
    )
