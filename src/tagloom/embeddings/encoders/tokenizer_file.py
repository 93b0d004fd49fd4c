"""`tokenizer.json` as input: it is looked through before a library reads it, and made to read words one by one."""

import base64
import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tagloom.errors import BundleError, one_line

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_TYPES: Mapping[str, frozenset[str]] = {
    "model": frozenset({"WordPiece", "BPE", "Unigram", "WordLevel"}),
    "normalizer": frozenset(
        "BertNormalizer Lowercase NFC NFD NFKC NFKD Nmt Precompiled Prepend Replace Sequence Strip StripAccents".split()
    ),
    "pre_tokenizer": frozenset(
        "BertPreTokenizer ByteLevel CharDelimiterSplit Digits Metaspace Punctuation Sequence Split UnicodeScripts "
        "Whitespace WhitespaceSplit".split()
    ),
    "post_processor": frozenset({"BertProcessing", "ByteLevel", "RobertaProcessing", "Sequence", "TemplateProcessing"}),
    "decoder": frozenset(
        "BPEDecoder ByteFallback ByteLevel CTC Fuse Metaspace Replace Sequence Strip WordPiece".split()
    ),
}
"""Kinds of each part that are taken."""

_MOST_GROWTH = 1_000
"""Times that a word may grow while it is normalised, at most; by what is published it grows by some ten."""

_LONGEST_AFFIX = 64  # characters that a model puts before or behind each piece
_LONGEST_LOOKED_AT = 1_000  # characters of a word that are looked for as one piece

_ENTRIES = {*_TYPES, "version", "truncation", "padding", "added_tokens"}


def checked_tokenizer(content: bytes, place: str) -> bytes:
    """The file with nothing cut or padded, each word read as if a blank stood before it.

    Args:
        content: of a `tokenizer.json`.
        place: of it, for errors.

    Raises:
        BundleError: it is no such file, or has a part of a kind that is not known.
    """
    try:
        entries = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{place}: expected JSON in UTF-8, received {one_line(error)}.") from error
    if not isinstance(entries, dict) or not entries.keys() <= _ENTRIES:
        received = sorted(entries)[:20] if isinstance(entries, dict) else type(entries).__name__
        raise BundleError(f"{place}: expected the entries of a tokenizer, received {received}.")
    if not isinstance(entries.get("model"), dict):
        received = type(entries["model"]).__name__ if "model" in entries else "none"
        raise BundleError(f"{place}: model: expected an object, received {received}.")
    for part, known in _TYPES.items():
        for kind in _kinds(entries.get(part)):
            if kind not in known:
                raise BundleError(
                    f"{place}: {part}: expected one of {', '.join(sorted(known))}, received {str(kind)[:80]!r}."
                )
    _expect_bounded(entries, place)
    for one in _parts(entries.get("pre_tokenizer")):
        if one.get("type") == "ByteLevel":
            one["add_prefix_space"] = True
        if one.get("type") == "Metaspace":
            one["prepend_scheme"] = "always"
    entries["truncation"] = entries["padding"] = None
    return json.dumps(entries, ensure_ascii=False).encode("utf-8", "backslashreplace")


def load_tokenizer(content: bytes, place: str) -> "Tokenizer":
    """The tokenizer of a file that `checked_tokenizer` gave.

    Raises:
        BundleError: the library does not take it.
    """
    from tokenizers import Tokenizer  # models without an encoder do not wait for it

    try:
        return Tokenizer.from_str(content.decode("utf-8"))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise BundleError(f"{place}: expected a tokenizer, received {one_line(error)}.") from error


def _expect_bounded(entries: Mapping[str, Any], place: str) -> None:
    """Lets pass a tokenizer that makes a word only so much longer: the library ends the process that lacks memory."""
    growth = math.prod(map(_growth, _parts(entries.get("normalizer"))))
    if growth > _MOST_GROWTH:
        raise BundleError(
            f"{place}: normalizer: expected one that makes words {_MOST_GROWTH:,} times as long at most, received one "
            "that can make them longer."
        )
    model = entries["model"]
    for name in ("continuing_subword_prefix", "end_of_word_suffix"):
        if len(str(model.get(name) or "")) > _LONGEST_AFFIX:
            raise BundleError(f"{place}: model: {name}: expected {_LONGEST_AFFIX} characters at most, received more.")
    looked_at = model.get("max_input_chars_per_word", 0)
    if not isinstance(looked_at, int) or looked_at > _LONGEST_LOOKED_AT:
        raise BundleError(
            f"{place}: model: max_input_chars_per_word: expected at most {_LONGEST_LOOKED_AT:,}, received "
            f"{str(looked_at)[:80]}."
        )


def _growth(normalizer: Mapping[str, Any]) -> float:
    """How many times as long a part of a normalizer can make a word."""
    kind = normalizer.get("type")
    if kind == "Prepend":
        return max(1, len(str(normalizer.get("prepend"))))
    if kind == "Replace":
        pattern, added = normalizer.get("pattern"), len(str(normalizer.get("content")))
        plain = pattern.get("String") if isinstance(pattern, dict) else None
        return max(1, added / len(plain)) if plain and isinstance(plain, str) else 1 + added
    if kind == "Precompiled":
        return max(1, _longest_replacement(normalizer.get("precompiled_charsmap")))
    return 1


def _longest_replacement(charsmap: Any) -> int:
    """Bytes of the longest text that a map of SentencePiece puts in place of characters.

    Behind its size (4 bytes, the lowest first) it has a trie, and behind that the texts, with a zero after each.
    """
    try:
        content = base64.b64decode(charsmap or "", validate=True)
    except (ValueError, TypeError):
        return 0  # the library says what is wrong with it
    texts = content[4 + int.from_bytes(content[:4], "little") :]
    return max(map(len, texts.split(b"\0")))


def _kinds(part: Any) -> Iterator[Any]:
    for one in _parts(part):
        yield one.get("type")


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    """A part, and those inside it where it is a sequence of them."""
    if part is None:
        return
    if not isinstance(part, dict):
        yield {"type": type(part).__name__}
        return
    yield part
    for name in ("normalizers", "pretokenizers", "processors", "decoders"):
        inside = part.get(name, [])
        for one in inside if isinstance(inside, list) else [inside]:
            yield from _parts(one)
