"""Which files a training was asked to use and how to divide them: enough to make the same feature set again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tagloom.data.alignment import EXPAND, check_alignment
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.reading import read
from tagloom.data.sources.folders import parts_of
from tagloom.errors import ConfigError

_PATHS = ("paths", "dev", "test")
_LISTS: Mapping[str, type | tuple[type, ...]] = {**dict.fromkeys(_PATHS, str), "ratios": (int, float)}
_VALUES: Mapping[str, type] = {"split_seed": int, "by": str, "drop_duplicates": bool, "align": str}


@dataclass(frozen=True, kw_only=True, slots=True)
class DataConfig:
    """What is asked of the data. Paths may be given as one `str` or `Path` or as a sequence of them.

    Args:
        paths: files to learn from, or to divide; or the folder of a feature set, alone.
        dev: files of the dev part; none to take a share of the training part.
        test: files of the test part; none where nothing is held back.
        ratios: shares of train, dev and test to divide `paths` by; empty to take them as they are.
        split_seed: of the division.
        by: a field of the documents, such as one of their metadata, whose equal values stay together in the division.
        drop_duplicates: of sentences with equal words keep the first; without ratios in the training part alone.
        align: what becomes of spans that do not begin and end at the edges of words, one of `alignment.ALIGNMENTS`.

    Raises:
        ConfigError: what is given for a part is no path, no paths are given, or there is no such alignment.

    Example:
        >>> DataConfig(paths="train.conll").paths
        ('train.conll',)
    """

    paths: tuple[str, ...]
    dev: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    ratios: tuple[float, ...] = ()
    split_seed: int = 13
    by: str = ""
    drop_duplicates: bool = False
    align: str = EXPAND

    def __post_init__(self) -> None:
        for name in _PATHS:
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        if not self.paths:
            raise ConfigError("paths: expected at least one path to learn from, received none. Name a file.")
        check_alignment(self.align)

    def feature_set(self) -> FeatureSet:
        """Reads and divides.

        Raises:
            ConfigError: ratios and explicit parts are both asked for, a field without ratios, or a feature set's folder
                is not alone.
            DataError: a file is not there, or not as it should be.
        """
        if self.by and not self.ratios:
            raise ConfigError(f"by: expected ratios beside it, such as 80,10,10, received {self.by!r} alone.")
        if self.ratios and (self.dev or self.test):
            raise ConfigError("ratios: expected either ratios or explicit dev and test files, received both.")
        if self.ratios:
            return FeatureSet.split(
                read(*self.paths),
                ratios=self.ratios,
                seed=self.split_seed,
                by=self.by or None,
                drop_duplicates=self.drop_duplicates,
            )
        feature_set = self._as_they_are()
        return feature_set.without_duplicates() if self.drop_duplicates else feature_set

    def to_table(self) -> dict[str, Any]:
        """As a table of `config.toml`, with absolute paths, so that a run can go on from any folder."""
        absolute = {name: [str(Path(path).absolute()) for path in getattr(self, name)] for name in _PATHS}
        return {**asdict(self), **absolute, "ratios": list(self.ratios)}

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "DataConfig":
        """What `to_table` gave, or a person wrote.

        Raises:
            ConfigError: it names no paths, or holds what is no option of data.
        """
        if not table.get("paths") or not all(_fits(name, value) for name, value in table.items()):
            raise ConfigError(
                f"table data: expected lists paths, dev, test and ratios, a whole number split_seed, a field by, an "
                f"alignment align and a flag drop_duplicates, of which paths must be there; received {dict(table)}."
            )
        kept: dict[str, Any] = {name: tuple(value) if name in _LISTS else value for name, value in table.items()}
        return cls(**kept)

    def _as_they_are(self) -> FeatureSet:
        """A feature set's folder, or the files of each part."""
        if len(self.paths) == 1 and Path(self.paths[0]).is_dir() and not (self.dev or self.test):
            return FeatureSet.load(self.paths[0])
        for path in (*self.paths, *self.dev, *self.test):
            _expect_one_part(path)
        return FeatureSet.from_files(train=self.paths, dev=self.dev, test=self.test)


def _names(option: str, value: Any) -> tuple[str, ...]:
    """Paths as they may be given, as they are kept."""
    given = [value] if isinstance(value, str | Path) else value
    if not isinstance(given, Sequence) or not all(isinstance(path, str | Path) for path in given):
        raise ConfigError(f"{option}: expected a path or a sequence of paths, received {value!r}.")
    return tuple(map(str, given))


def _expect_one_part(path: str) -> None:
    """Beside other paths all files of a folder go into one part, so that those of a feature set would leak."""
    parts = parts_of(Path(path)) if Path(path).is_dir() else {}
    if len(parts) > 1:
        raise ConfigError(
            f"{path}: expected a feature set's folder to stand alone, received one with files for {', '.join(parts)} "
            "beside other paths. Give the folder alone, or name the files of each part."
        )


def _fits(name: str, value: Any) -> bool:
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(one, _LISTS[name]) for one in value)
    return isinstance(value, _VALUES.get(name, ()))
