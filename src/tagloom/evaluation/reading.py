"""How tags become chunks before they are compared: a reading for each mode, and how many tags break their scheme."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tagloom.errors import ConfigError, SchemeError
from tagloom.schemes import Scheme
from tagloom.text import Chunk

Reading = Callable[[Scheme, Sequence[str]], list[Chunk]]

MODES: Mapping[str, Reading] = {
    "strict": Scheme.decode,
    "conlleval": Scheme.decode_leniently,
    "partial": Scheme.decode,
    "type": Scheme.decode,
}
"""Every mode of judging, with what it takes for a chunk: what follows the scheme's rules, or whatever looks like one.

What counts as found is a chunk with the same words and label; in `partial` and `type` what `semeval` says.
"""


def reading(mode: str) -> Reading:
    """The reading of that mode.

    Raises:
        ConfigError: there is no such mode.
    """
    if mode not in MODES:
        raise ConfigError(f"mode: received {mode!r}, expected one of {', '.join(MODES)}.")
    return MODES[mode]


def read_chunks(tags: Iterable[Sequence[str]], *, scheme: Scheme, mode: str, side: str) -> list[list[Chunk]]:
    """Chunks of each sentence, read from its tags.

    Args:
        tags: one tag a word, for each sentence.
        scheme: what the tags are written in.
        mode: a key of `MODES`.
        side: `gold` or `predicted`, for messages.

    Raises:
        ConfigError: there is no such mode.
        SchemeError: a tag is not of the form that any scheme has.

    Example:
        >>> from tagloom.schemes import BIO
        >>> read_chunks([["O", "I-PNAME"]], scheme=BIO, mode="conlleval", side="gold")
        [[(1, 2, 'PNAME')]]
    """
    read = reading(mode)
    chunks: list[list[Chunk]] = []
    for number, sentence in enumerate(tags, start=1):
        try:
            chunks.append(read(scheme, sentence))
        except SchemeError as error:
            raise SchemeError(f"sentence {number}, {side} tags: {error} Correct the tag.") from error
    return chunks


def count_ill_formed(tags: Iterable[Sequence[str]], scheme: Scheme) -> int:
    """Number of places where a tag may not follow the one before it, or the last may not end its sentence.

    Example:
        >>> from tagloom.schemes import BIO
        >>> count_ill_formed([["O", "I-PNAME", "I-PNAME"], ["B-PNAME", "I-PFEATURE"]], BIO)
        2
    """
    return scheme.count_violations(tags)
