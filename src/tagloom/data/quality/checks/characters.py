"""Characters that hardly belong to a text: lost, wrongly decoded, invisible, or none at all."""

import re
from collections import defaultdict
from collections.abc import Mapping

from tagloom.data.findings import Findings
from tagloom.data.quality.contents import Contents

_AROUND = 20

# What UTF-8's further bytes (80 to BF) look like in cp1252, and in Latin-1 where they are control characters there.
_FURTHER = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\x80-\xbf"
_NO_QUOTE = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ•–—˜™š›œžŸ\x80-\xbf"  # after a capital letter a quote is a quote

_PATTERNS: Mapping[str, str] = {
    "replacement_characters": "\ufffd+",
    "mojibake": "|".join(
        (
            f"[ÂÃ][{_NO_QUOTE}]",  # Latin letters and signs: Ã© for é, Â£ for £
            f"(?:[Ã-Ñ][{_FURTHER}]){{2,}}",  # Greek and Cyrillic
            f"â[€‚„†\x80-\x86][{_FURTHER}]",  # quotes, dashes, the euro: â€™ for ’, â‚¬ for €
            f"(?:[à-ï][{_FURTHER}]{{2}}){{2,}}",  # scripts further off
            f"ð[Ÿ\x9f][{_FURTHER}]{{2}}",  # emoji
            "ï»¿|ï¿½",  # a byte order mark, a replacement character
        )
    ),
    "control_characters": r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+|\r(?!\n)",
    "invisible_characters": "[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]+",
    "private_characters": "[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+",
}
"""What each kind looks like; joiners (U+200C, U+200D) and marks of direction (U+200E, U+200F) are part of scripts."""

_ANY = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))


def suspicious_characters(contents: Contents) -> Findings:
    """Stretches of each kind of `_PATTERNS`, with what stands around them."""
    stretches: defaultdict[str, list[tuple[int, re.Match[str]]]] = defaultdict(list)
    for place, document in enumerate(contents.dataset.documents):
        if document.text.isascii() and document.text.isprintable():
            continue
        for match in _ANY.finditer(document.text):
            stretches[str(match.lastgroup)].append((place, match))
    found = Findings()
    for kind, matches in stretches.items():
        found.note_each(kind, matches, lambda one: f"{contents.document_told(one[0])}: {_told(one[1])}")
    return found


def _told(match: re.Match[str]) -> str:
    """What was found, and what stands around it."""
    around = match.string[max(0, match.start() - _AROUND) : match.end() + _AROUND]
    return f"{_codes(match.group())} in {_visible(around)}"


def _codes(stretch: str) -> str:
    r"""What was found: its signs where they can be seen, else their numbers.

    Example:
        >>> _codes("Ã©"), _codes("\x85")
        ('Ã©', 'U+0085')
    """
    if stretch.isprintable() and not re.search(_PATTERNS["private_characters"], stretch):
        return stretch
    return " ".join(f"U+{ord(sign):04X}" for sign in stretch)


def _visible(text: str) -> str:
    """A text in one line, signs that cannot be seen as their escapes."""
    line = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)
