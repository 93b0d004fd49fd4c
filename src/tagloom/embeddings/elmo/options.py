"""`options.json` of an ELMo, as bilm-tf and AllenNLP published it: the sizes of its network."""

import json
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom.embeddings.elmo.characters import WordForm
from tagloom.errors import DataError, one_line

OPTIONS = "options.json"

_PADDED, _UNPADDED = 262, 261  # characters, as those who use an ELMo and those who train one count them
_MOST = 65_536  # of any size
_LARGEST_BOUND = 1e30
ACTIVATIONS = ("relu", "tanh")


@dataclass(frozen=True, kw_only=True)
class ElmoOptions:
    """The sizes of an ELMo.

    Args:
        character_width: of a character's vector.
        longest_word: characters that are read of a word, its beginning and its end included.
        filters: window and number of those of the character CNN.
        activation: behind them, `relu` or `tanh`.
        highways: layers (Srivastava et al. 2015) behind that.
        layers: LSTM layers each way.
        units: of an LSTM's cell.
        projection: numbers that a state is projected to; each way, so that a vector is twice as wide.
        cell_clip: most that a cell may hold, both ways from 0; None for no bound.
        projection_clip: most that a projected number may be; None for no bound.
        skips: whether a layer's input is added to its output, from the second on.
    """

    character_width: int
    longest_word: int
    filters: tuple[tuple[int, int], ...]
    activation: str
    highways: int
    layers: int
    units: int
    projection: int
    cell_clip: float | None
    projection_clip: float | None
    skips: bool

    @property
    def width(self) -> int:
        """Of a word's vector in one layer."""
        return 2 * self.projection

    @property
    def word_form(self) -> WordForm:
        """How words are read."""
        return WordForm(self.longest_word, max(window for window, _ in self.filters))

    @property
    def num_filters(self) -> int:
        """Of all windows together."""
        return sum(number for _, number in self.filters)

    @property
    def num_layers(self) -> int:
        """Of vectors that a word has: the one of its characters, and one of each LSTM layer."""
        return self.layers + 1

    @classmethod
    def read(cls, path: Path) -> "ElmoOptions":
        """The options in a file.

        Raises:
            DataError: it is no such file, or an entry is missing or of another kind.
        """
        try:
            content = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise DataError(f"{path}: expected the options of an ELMo, received {one_line(error)}.") from error
        return cls.of(content, str(path))

    @classmethod
    def of(cls, content: Any, place: str) -> "ElmoOptions":
        """The options in what a file holds.

        Args:
            content: of the JSON.
            place: the file, for errors.

        Raises:
            DataError: an entry is missing or of another kind.
        """
        entries = _Entries(content, place)
        characters, lstm = entries.inside("char_cnn"), entries.inside("lstm")
        if characters.whole("n_characters") not in (_PADDED, _UNPADDED):
            raise characters.fault("n_characters", f"{_PADDED} or {_UNPADDED}")
        return cls(
            character_width=characters.inside("embedding").whole("dim"),
            longest_word=characters.whole("max_characters_per_token", least=4),
            filters=characters.filters(),
            activation=characters.one_of("activation", ACTIVATIONS),
            highways=characters.whole("n_highway", least=0),
            layers=lstm.whole("n_layers"),
            units=lstm.whole("dim"),
            projection=lstm.whole("projection_dim"),
            cell_clip=lstm.bound("cell_clip"),
            projection_clip=lstm.bound("proj_clip"),
            skips=lstm.flag("use_skip_connections"),
        )

    def to_json(self) -> dict[str, Any]:
        """What `of` reads, as those who use an ELMo count characters."""
        return {
            "lstm": {
                "use_skip_connections": self.skips,
                "projection_dim": self.projection,
                "cell_clip": self.cell_clip,
                "proj_clip": self.projection_clip,
                "dim": self.units,
                "n_layers": self.layers,
            },
            "char_cnn": {
                "activation": self.activation,
                "filters": [list(one) for one in self.filters],
                "n_highway": self.highways,
                "embedding": {"dim": self.character_width},
                "n_characters": _PADDED,
                "max_characters_per_token": self.longest_word,
            },
        }


class _Entries:
    """The entries of an object, each as it has to be."""

    def __init__(self, content: Any, place: str) -> None:
        if not isinstance(content, Mapping):
            raise DataError(f"{place}: expected an object, received {reprlib.repr(content)}.")
        self._content, self._place = content, place

    def inside(self, name: str) -> "_Entries":
        if name not in self._content:
            raise self.fault(name, "an object")
        return _Entries(self._content[name], f"{self._place}, {name}")

    def whole(self, name: str, least: int = 1) -> int:
        value = self._content.get(name)
        if type(value) is not int or not least <= value <= _MOST:
            raise self.fault(name, f"a whole number from {least} to {_MOST}")
        return value

    def bound(self, name: str) -> float | None:
        value = self._content.get(name)
        if value is None:
            return None
        if type(value) not in (int, float) or not 0 < value < _LARGEST_BOUND:
            raise self.fault(name, f"a number above 0 and below {_LARGEST_BOUND:g}")
        return float(value)

    def flag(self, name: str) -> bool:
        value = self._content.get(name, False)
        if type(value) is not bool:
            raise self.fault(name, "true or false")
        return value

    def one_of(self, name: str, names: tuple[str, ...]) -> str:
        value = self._content.get(name)
        if value not in names:
            raise self.fault(name, " or ".join(names))
        return str(value)

    def filters(self) -> tuple[tuple[int, int], ...]:
        value: Any = self._content.get("filters")
        fits = (
            isinstance(value, list)
            and bool(value)
            and all(isinstance(one, list) and len(one) == 2 for one in value)
            and all(type(number) is int and 1 <= number <= _MOST for one in value for number in one)
            and all(window <= self.whole("max_characters_per_token") for window, _ in value)
        )
        if not fits:
            raise self.fault("filters", "pairs of a window and a number")
        return tuple((window, number) for window, number in value)

    def fault(self, name: str, expected: str) -> DataError:
        received = reprlib.repr(self._content[name]) if name in self._content else "none"
        return DataError(f"{self._place}: expected {name}, {expected}, received {received}.")
