"""Tag schemes as tables, and the one walker that reads them.

A tag is `O`, or a prefix, a hyphen and a label: `B-PNAME`. A scheme's rules are rows about two neighbouring tags: the
prefix before, the prefix after, and whether both have the same label. Ramshaw & Marcus 1995 (IOB1), Sang & Veenstra
1999 (BIO, BIOES); the strict reading is seqeval's, the lenient one conlleval's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tagloom.errors import SchemeError
from tagloom.text import Chunk

OUTSIDE = "O"
PREFIXES = "BIES"
LETTERS: Mapping[str, str] = {"B": "B", "I": "I", "E": "E", "S": "S", "L": "E", "U": "S"}  # BILOU writes L and U
SAME, DIFFERENT = "same", "different"

Rule = tuple[str, str, str]  # prefix before, prefix after, SAME or DIFFERENT; before and after a sentence is O
_STARTS, _CONTINUES, _ENDS = 1, 2, 4


def _rows(before: str, after: str, *relations: str) -> frozenset[Rule]:
    return frozenset((first, second, relation) for first in before for second in after for relation in relations)


_EVERY = OUTSIDE + PREFIXES
_INSIDE = _rows("BI", "IE", SAME)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of writing chunks of words as tags.

    Args:
        name: the field's name of it.
        letters: prefixes of a single word, a first, an inner and a last one.
        neighbour: prefix of a first word right after a chunk of the same label.
        starts: rows with which a chunk begins.
        continues: rows with which a chunk goes on.
        ends: rows with which a chunk that does not go on is one.

    Example:
        >>> BIOES.encode([(0, 2, "PNAME"), (3, 4, "PFEATURE")], 4)
        ['B-PNAME', 'E-PNAME', 'O', 'S-PFEATURE']
        >>> BIO.decode(["O", "I-PNAME", "B-PNAME"]), BIO.decode_leniently(["O", "I-PNAME", "B-PNAME"])
        ([(2, 3, 'PNAME')], [(1, 2, 'PNAME'), (2, 3, 'PNAME')])
    """

    name: str
    letters: str
    neighbour: str
    starts: frozenset[Rule]
    continues: frozenset[Rule]
    ends: frozenset[Rule]
    _actions: dict[tuple[str, str], int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def prefixes(self) -> str:
        """The prefixes that its tags have, in the order `BIES`."""
        return "".join(prefix for prefix in PREFIXES if prefix in self.letters + self.neighbour)

    def encode(self, chunks: Iterable[Chunk], length: int) -> list[str]:
        """Tags of `length` words; the chunks must not overlap and be in order."""
        tags = [OUTSIDE] * length
        single, first, inner, last = tuple(self.letters)
        previous: Chunk = (0, 0, "")
        for begin, end, label in chunks:
            if not previous[1] <= begin < end <= length:
                raise SchemeError(
                    f"expected chunks in order, apart and within {length} words, received {(begin, end, label)} "
                    f"after {previous}. Sort the spans and keep one of those that overlap."
                )
            tags[begin:end] = [f"{inner}-{label}"] * (end - begin)
            tags[end - 1] = f"{last}-{label}"
            beside = previous[1] == begin and previous[2] == label and begin > 0
            opening = self.neighbour if beside and self.neighbour else single if end - begin == 1 else first
            tags[begin] = f"{opening}-{label}"
            previous = (begin, end, label)
        return tags

    def decode(self, tags: Sequence[str]) -> list[Chunk]:
        """Chunks by the scheme's own rules, as seqeval's strict mode; what breaks them is none."""
        return list(self._walk(tags))

    def decode_leniently(self, tags: Sequence[str]) -> list[Chunk]:
        """Chunks as conlleval reads them, whatever the scheme: a tag that continues nothing begins a chunk."""
        return list(_CONLLEVAL._walk(tags))

    def allows(self, before: str, after: str) -> bool:
        """Whether tag `after` may follow tag `before`; `O` stands for the edge of the sentence."""
        action = self._action(before, after)
        if action & _CONTINUES:
            return True
        ended = before == OUTSIDE or bool(action & _ENDS)
        return ended and (after == OUTSIDE or bool(action & _STARTS))

    def violations(self, tags: Sequence[str]) -> list[int]:
        """Positions whose tag may not follow the one before it; `len(tags)` where the last may not end the sentence."""
        pairs = zip((OUTSIDE, *tags), (*tags, OUTSIDE), strict=True)
        return [position for position, (before, after) in enumerate(pairs) if not self.allows(before, after)]

    def count_violations(self, tag_sequences: Iterable[Sequence[str]]) -> int:
        """Number of violations of all sequences; each different pair of tags is looked at once.

        Example:
            >>> BIO.count_violations([["O", "I-PNAME", "I-PNAME"], ["B-PNAME", "I-PFEATURE"]])
            2
        """
        return self.count_forbidden(count_pairs(tag_sequences))

    def count_forbidden(self, pairs: Mapping[tuple[str, str], int]) -> int:
        """Number of violations among pairs of neighbours, as `count_pairs` gives them."""
        return sum(number for pair, number in pairs.items() if not self.allows(*pair))

    def tags(self, labels: Sequence[str]) -> list[str]:
        """Every tag for these labels, `O` first."""
        return [OUTSIDE, *(f"{prefix}-{label}" for label in labels for prefix in self.prefixes)]

    def continuations(self, tag: str) -> list[str]:
        """The tags with which the chunk that a tag is in goes on at the next word; none where it always ends there.

        Example:
            >>> BIO.continuations("B-PNAME"), BIOES.continuations("B-PNAME"), BIOES.continuations("E-PNAME")
            (['I-PNAME'], ['I-PNAME', 'E-PNAME'], [])
        """
        prefix, label = split_tag(tag)
        return [f"{after}-{label}" for after in self.prefixes if (prefix, after, SAME) in self.continues]

    def allowed_transitions(self, labels: Sequence[str]) -> list[tuple[str, str]]:
        """Every pair of tags of which the second may follow the first."""
        tags = self.tags(labels)
        return [(before, after) for before in tags for after in tags if self.allows(before, after)]

    def transition_masks(self, tags: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Which tags may begin a sentence (tags,), follow one another (tags, tags) `[from, to]`, end it (tags,)."""
        prefixes, same = _prefixes_and_same(tags)
        table = self._table()
        return table[0, prefixes, 0], table[prefixes[:, None], prefixes, same], table[prefixes, 0, 0]

    def actions(self, tags: Sequence[str]) -> NDArray[np.bool_]:
        """Whether a chunk starts, goes on, ends between a tag and the next, (3, tags, tags) `[what, before, after]`.

        A chunk that is open and does not go on is one if it ends there; else what was open is none. Then one opens if
        it starts there. That is how `decode` reads; before and after a sentence is `O`.

        Raises:
            SchemeError: a tag is not of the form that any scheme has.

        Example:
            >>> starts, continues, ends = BIO.actions(["O", "B-PNAME", "I-PNAME"])
            >>> bool(starts[0, 1]), bool(continues[1, 2]), bool(ends[2, 2])
            (True, True, True)
        """
        prefixes, same = _prefixes_and_same(tags)
        table = [
            [
                [[(before, after, relation) in rows for relation in (DIFFERENT, SAME)] for after in _EVERY]
                for before in _EVERY
            ]
            for rows in (self.starts, self.continues, self.ends)
        ]
        return np.array(table)[:, prefixes[:, None], prefixes, same]

    def _table(self) -> NDArray[np.bool_]:
        """Whether a prefix may follow another, for other labels and for the same, (prefixes, prefixes, 2)."""
        tags = [[OUTSIDE if prefix == OUTSIDE else f"{prefix}-{label}" for prefix in _EVERY] for label in "xy"]
        pairs = [
            [(self.allows(a, b), self.allows(a, c)) for b, c in zip(tags[1], tags[0], strict=True)] for a in tags[0]
        ]
        return np.array(pairs)

    def _walk(self, tags: Sequence[str]) -> Iterator[Chunk]:
        """The walker: one look at each pair of neighbours, in the table of what it means."""
        actions = self._actions
        before, begin = OUTSIDE, -1
        for position, after in enumerate((*tags, OUTSIDE)):
            if before == OUTSIDE == after:
                continue
            action = actions.get((before, after))
            if action is None:
                action = self._action(before, after)
            if begin < 0 or not action & _CONTINUES:
                if begin >= 0 and action & _ENDS:
                    yield begin, position, label_of(before)
                begin = position if action & _STARTS else -1
            before = after

    def _action(self, before: str, after: str) -> int:
        known = self._actions.get((before, after))
        if known is not None:
            return known
        (first, first_label), (second, second_label) = split_tag(before), split_tag(after)
        rule = first, second, SAME if first_label == second_label else DIFFERENT
        action = _STARTS * (rule in self.starts) | _CONTINUES * (rule in self.continues) | _ENDS * (rule in self.ends)
        self._actions[before, after] = action
        return action


IO = Scheme(
    "IO",
    letters="IIII",
    neighbour="",
    starts=_rows("O", "I", SAME, DIFFERENT) | _rows("I", "I", DIFFERENT),
    continues=_rows("I", "I", SAME),
    ends=_rows("I", "OI", SAME, DIFFERENT),
)
IOB1 = Scheme(
    "IOB1",
    letters="IIII",
    neighbour="B",
    starts=_rows("OB", "I", SAME, DIFFERENT) | _rows("I", "I", DIFFERENT) | _rows("BI", "B", SAME),
    continues=_rows("BI", "I", SAME),
    ends=_rows("BI", "OBI", SAME, DIFFERENT) - _rows("B", "B", DIFFERENT),
)
BIO = Scheme(
    "BIO",
    letters="BBII",
    neighbour="",
    starts=_rows(_EVERY, "B", SAME, DIFFERENT),
    continues=_rows("BI", "I", SAME),
    ends=_rows("BI", _EVERY, SAME, DIFFERENT),
)
BIOES = Scheme(
    "BIOES",
    letters="SBIE",
    neighbour="",
    starts=_rows(_EVERY, "BS", SAME, DIFFERENT),
    continues=_INSIDE,
    ends=_rows("ES", _EVERY, SAME, DIFFERENT),
)
_CONLLEVAL = Scheme(
    "conlleval",
    letters="SBIE",
    neighbour="",
    starts=_rows(_EVERY, PREFIXES, SAME, DIFFERENT) - _INSIDE,
    continues=_INSIDE,
    ends=_rows(PREFIXES, _EVERY, SAME, DIFFERENT),
)

SCHEMES: Mapping[str, Scheme] = {scheme.name: scheme for scheme in (IO, IOB1, BIO, BIOES)}
ALIASES: Mapping[str, str] = {"IOB2": "BIO", "IOBES": "BIOES", "BILOU": "BIOES"}


def scheme(name: str) -> Scheme:
    """The scheme of that name or alias.

    Raises:
        SchemeError: there is none.
    """
    found = SCHEMES.get(ALIASES.get(name.upper(), name.upper()))
    if found is None:
        raise SchemeError(f"scheme: received {name!r}, expected one of {', '.join([*SCHEMES, *ALIASES])}.")
    return found


def split_tag(tag: str) -> tuple[str, str]:
    """Prefix and label of a tag; BILOU's `L` and `U` are read as `E` and `S`.

    Raises:
        SchemeError: it is neither `O` nor a known prefix, a hyphen and a label.
    """
    if tag == OUTSIDE:
        return OUTSIDE, ""
    prefix, hyphen, label = tag.partition("-")
    if prefix not in LETTERS or not hyphen or not label:
        raise SchemeError(f"expected O or a tag such as B-NAME (prefixes {', '.join(LETTERS)}), received {tag!r}.")
    return LETTERS[prefix], label


def _prefixes_and_same(tags: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each tag's prefix as an index into `_EVERY`, (tags,); 1 where two tags have one label, else 0, (tags, tags)."""
    split = [split_tag(tag) for tag in tags]
    prefixes = np.array([_EVERY.index(prefix) for prefix, _ in split], np.intp)
    labels = np.unique([label for _, label in split], return_inverse=True)[1]
    return prefixes, (labels[:, None] == labels).astype(np.intp)


def label_of(tag: str) -> str:
    """The label of a tag, empty for `O`."""
    return split_tag(tag)[1]


def detect(tag_sequences: Iterable[Sequence[str]]) -> Scheme:
    """The scheme in which these tags break the fewest rules; BIO where several fit.

    Raises:
        SchemeError: a tag is not of the form that any scheme has.
    """
    return detect_in(count_pairs(tag_sequences))


def detect_in(pairs: Mapping[tuple[str, str], int]) -> Scheme:
    """The scheme in which these pairs of neighbours break the fewest rules; BIO where several fit.

    Args:
        pairs: how often each pair occurs, as `count_pairs` gives it.

    Raises:
        SchemeError: a tag is not of the form that any scheme has.
    """
    prefixes = {split_tag(tag)[0] for pair in pairs for tag in pair}
    fitting = [one for one in (BIO, IOB1, IO, BIOES) if prefixes <= {OUTSIDE, *one.prefixes}] or [BIOES]
    return min(fitting, key=lambda one: one.count_forbidden(pairs))


def count_pairs(tag_sequences: Iterable[Sequence[str]]) -> Counter[tuple[str, str]]:
    """How often each tag stands before each other; `O` stands for the edge of a sequence."""
    pairs: Counter[tuple[str, str]] = Counter()
    for tags in tag_sequences:
        pairs.update(zip((OUTSIDE, *tags), (*tags, OUTSIDE), strict=True))
    return pairs


def convert(tags: Sequence[str], source: Scheme, target: Scheme) -> list[str]:
    """The same chunks in another scheme; ill-formed tags are read leniently.

    Example:
        >>> convert(["I-PNAME", "I-PNAME", "B-PNAME"], IOB1, BIO)
        ['B-PNAME', 'I-PNAME', 'B-PNAME']
    """
    return target.encode(source.decode_leniently(tags), len(tags))
