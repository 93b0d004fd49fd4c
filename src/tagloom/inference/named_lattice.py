"""A lattice with the names of its words and tags, and how it is read from a file that a person wrote."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from tagloom.bundle.format import MAX_LABELS, MEBIBYTE, TEMPERATURES
from tagloom.data.findings import shortened
from tagloom.decoding import Floats, Lattice
from tagloom.errors import DataError

DERIVED = ("marginals", "paths")
"""What an explanation says beside its lattice: it is worked out anew."""

_REQUIRED = ("tags", "emissions", "transitions")
_OPTIONAL = ("words", "start_transitions", "end_transitions", "temperature")
_FORBIDDEN = "-inf"
_MOST_BYTES = 64 * MEBIBYTE
_MOST_TAGS = 4 * MAX_LABELS + 1
_MOST_SCORES = 500_000  # words times tags
_GREATEST_SCORE = 1e9  # sums of such scores keep their digits


@dataclass(frozen=True, slots=True, eq=False)
class NamedLattice:
    """The scores of every path of one sentence.

    Args:
        words: of the sentence.
        tags: in the order of the scores.
        lattice: of one sentence, in double precision.
        temperature: that scores are divided by before they become probabilities.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]
    lattice: Lattice
    temperature: float = 1.0


def read_lattice(path: Path) -> NamedLattice:
    """The lattice of a JSON file; `docs/lattice.md` says what is in it.

    Raises:
        DataError: it is too large, is not JSON, has unknown keys, wrong shapes or numbers, or no path is allowed.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise DataError(
            f"{path}: expected a lattice of at most {_MOST_BYTES // MEBIBYTE} MiB, received more. Give one sentence."
        )
    return lattice_from_json(_parsed(content, path), str(path))


def lattice_from_json(content: Any, name: str) -> NamedLattice:
    """The lattice that a JSON object says, such as `Explanation.to_json` gave.

    Args:
        content: the object.
        name: what messages call it.

    Raises:
        DataError: it has unknown keys, wrong shapes or numbers, or no path is allowed.
    """
    try:
        given = _checked_keys(content)
        tags = _names(given["tags"], "tags")
        _check_tags(tags)
        emissions = _emissions(given["emissions"], tags)
        words = _words(given.get("words"), len(emissions))
        lattice = Lattice(
            emissions[None],
            _table(given["transitions"], len(tags), "transitions", tags, "tag to go from"),
            _edge(given.get("start_transitions"), "start_transitions", tags),
            _edge(given.get("end_transitions"), "end_transitions", tags),
            np.array([len(emissions)]),
        )
        _check_allowed(lattice, words)
        return NamedLattice(words, tags, lattice, _temperature(given.get("temperature", 1.0)))
    except _UnfitError as error:
        raise DataError(f"{name}: {error}") from error


class _UnfitError(ValueError):
    """What is wrong with a lattice, without the name of the file."""


def _parsed(content: bytes, path: Path) -> Any:
    try:
        return json.loads(content, parse_constant=_no_number, object_pairs_hook=_object)
    except _UnfitError as error:
        raise DataError(f"{path}: {error}") from error
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path}:{error.lineno}: expected a lattice as a JSON object, {error.msg} in column {error.colno}. "
            "Correct the line."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: expected a lattice as a JSON object, {error}. Correct the file.") from error


def _no_number(constant: str) -> NoReturn:
    raise _UnfitError(f'expected finite scores, received {constant}. Give numbers; null or "{_FORBIDDEN}" forbids.')


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise _UnfitError(f"expected each key once, received {shortened(twice)!r} twice. Remove one.")
    return found


def _checked_keys(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise _UnfitError(f"expected a JSON object with {', '.join(_REQUIRED)}, received {_shown(content)}.")
    known = (*_REQUIRED, *_OPTIONAL, *DERIVED)
    for key in content:
        if key not in known:
            close = get_close_matches(key, known, 1)
            hint = f"Did you mean {close[0]}?" if close else f"Known are {', '.join(known)}."
            raise _UnfitError(f"key {shortened(key)!r}: there is none of that name. {hint}")
    missing = [key for key in _REQUIRED if key not in content]
    if missing:
        raise _UnfitError(f"expected the keys {', '.join(_REQUIRED)}, received none of the name {missing[0]}. Add it.")
    return content


def _names(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _UnfitError(f"{key}: expected a list of at least one text, received {_shown(value)}.")
    for place, name in enumerate(value, start=1):
        if not isinstance(name, str):
            raise _UnfitError(f"{key}, number {place}: expected a text, received {_shown(name)}.")
    return tuple(value)


def _check_tags(tags: tuple[str, ...]) -> None:
    if len(tags) > _MOST_TAGS:
        raise _UnfitError(f"tags: expected at most {_MOST_TAGS:,}, received {len(tags):,}.")
    for place, tag in enumerate(tags, start=1):
        if not tag or tag in tags[: place - 1]:
            what = f"{shortened(tag)!r} for the second time" if tag else "an empty one"
            raise _UnfitError(f"tags, number {place}: expected different names, received {what}. Rename it.")


def _words(value: Any, length: int) -> tuple[str, ...]:
    if value is None:
        return tuple(f"word {number}" for number in range(1, length + 1))
    words = _names(value, "words")
    if len(words) != length:
        raise _UnfitError(f"words: expected {length}, one a row of emissions, received {len(words)}.")
    return words


def _emissions(value: Any, tags: tuple[str, ...]) -> Floats:
    if not isinstance(value, list) or not value:
        raise _UnfitError(f"emissions: expected a row for each word, at least one, received {_shown(value)}.")
    if len(value) * len(tags) > _MOST_SCORES:
        raise _UnfitError(
            f"emissions: expected at most {_MOST_SCORES:,} scores, words times tags, received {len(value):,} times "
            f"{len(tags):,}. Give a shorter sentence."
        )
    return _table(value, len(value), "emissions", tags, "word")


def _table(value: Any, num_rows: int, key: str, tags: tuple[str, ...], row_is: str) -> Floats:
    if not isinstance(value, list) or len(value) != num_rows:
        received = f"{len(value)}" if isinstance(value, list) else _shown(value)
        raise _UnfitError(f"{key}: expected {num_rows} rows, one a {row_is}, received {received}.")
    return np.array([_row(row, f"{key}, row {number}", tags) for number, row in enumerate(value, start=1)])


def _edge(value: Any, key: str, tags: tuple[str, ...]) -> Floats:
    return np.zeros(len(tags)) if value is None else np.array(_row(value, key, tags))


def _row(value: Any, where: str, tags: tuple[str, ...]) -> list[float]:
    if not isinstance(value, list) or len(value) != len(tags):
        received = f"{len(value)}" if isinstance(value, list) else _shown(value)
        raise _UnfitError(f"{where}: expected {len(tags)} scores, one a tag, received {received}.")
    return [_score(one, f"{where}, tag {tag}") for one, tag in zip(value, tags, strict=True)]


def _score(value: Any, where: str) -> float:
    if value is None or value == _FORBIDDEN:
        return -math.inf
    if type(value) not in (int, float) or not -_GREATEST_SCORE <= value <= _GREATEST_SCORE:  # true is an int to Python
        raise _UnfitError(
            f"{where}: expected a number from {-_GREATEST_SCORE:g} to {_GREATEST_SCORE:g}, or null or "
            f'"{_FORBIDDEN}" to forbid, received {_shown(value)}.'
        )
    return float(value)


def _temperature(value: Any) -> float:
    least, most = TEMPERATURES
    if type(value) not in (int, float) or not least <= value <= most:
        raise _UnfitError(f"temperature: expected a number from {least:g} to {most:g}, received {_shown(value)}.")
    return float(value)


def _check_allowed(lattice: Lattice, words: Sequence[str]) -> None:
    """Refuses a lattice without an allowed path, and says where the last one ends."""
    allowed = np.isfinite(lattice.start_transitions)  # (tags,)
    between = np.isfinite(lattice.transitions)
    for position, row in enumerate(np.isfinite(lattice.emissions[0])):
        reached = (allowed[:, None] & between).any(axis=0) if position else allowed
        allowed = reached & row
        if not allowed.any():
            raise _UnfitError(
                f"no path is allowed: every way to word {position + 1} ({shortened(words[position])!r}) is forbidden. "
                "Give one of the scores on the way a number."
            )
    if not (allowed & np.isfinite(lattice.end_transitions)).any():
        raise _UnfitError("no path is allowed: no tag of the last word may end the sentence. Give one a number.")


def _shown(value: Any) -> str:
    if isinstance(value, list | dict):
        return f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}"
    return (
        shortened(json.dumps(value)) if not isinstance(value, int) or abs(value) < 10**20 else "a number out of range"
    )
