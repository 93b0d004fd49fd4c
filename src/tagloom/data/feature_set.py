"""A dataset divided into train, dev and test."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tagloom import files
from tagloom.data import formats
from tagloom.data.dataset import Dataset
from tagloom.data.division import divide, without_duplicates
from tagloom.data.folders import PARTS, parts_of
from tagloom.data.formats.json_lines import JsonLines
from tagloom.data.manifest import Manifest, is_saved, read_manifest, read_part, write_manifest, write_part
from tagloom.data.reading import read
from tagloom.data.rule import Rule
from tagloom.data.summary import Counts, counts_of
from tagloom.errors import ConfigError, DataError

Paths = str | Path | Sequence[str | Path]

SUMMARY = "summary.json"
DEFAULT_RATIOS = (0.8, 0.1, 0.1)
DEFAULT_VALIDATION_SPLIT = 0.1
DEFAULT_SEED = 13


_NOTHING = Dataset()
_AS_FILES = Rule()


@dataclass(frozen=True, slots=True)
class FeatureSetSummary:
    """How much is in each part, and how the parts came about."""

    rule: Rule
    parts: Mapping[str, Counts]

    def to_json(self) -> dict[str, Any]:
        """As `summary.json` has it."""
        return {"rule": self.rule.to_json(), "parts": {part: counts.to_json() for part, counts in self.parts.items()}}


@dataclass(frozen=True)
class FeatureSet:
    """What a model learns from, is chosen by and is judged on. A part that there is not is empty.

    Args:
        train: to learn from.
        dev: to choose by.
        test: to judge by, once.
        rule: how the parts came about.

    Example:
        >>> from tagloom.text import Document
        >>> dataset = Dataset(tuple(Document(f"word {number}") for number in range(10)))
        >>> feature_set = FeatureSet.split(dataset)
        >>> {part: len(documents) for part, documents in feature_set.parts()}
        {'train': 8, 'dev': 1, 'test': 1}
    """

    train: Dataset
    dev: Dataset = _NOTHING
    test: Dataset = _NOTHING
    rule: Rule = _AS_FILES

    @classmethod
    def split(
        cls,
        dataset: Dataset,
        *,
        ratios: Sequence[float] = DEFAULT_RATIOS,
        seed: int = DEFAULT_SEED,
        drop_duplicates: bool = False,
    ) -> "FeatureSet":
        """Divides the documents by ratio, each label as evenly as can be, equal sentences on one side.

        The same dataset and seed give the same parts on every machine.

        Args:
            dataset: what to divide.
            ratios: the shares of train, dev and test; they sum to 1, those of dev and test may be 0.
            seed: decides between what is equal.
            drop_duplicates: keeps of documents that are equal word for word only the first.

        Raises:
            ConfigError: the ratios are none.
            DataError: there is too little for a part.
        """
        _check_ratios(ratios)
        documents = without_duplicates(dataset.documents) if drop_duplicates else dataset.documents
        divided = divide(documents, ratios, seed)
        parts = {name: dataset.of(part) for name, part in zip(PARTS, divided, strict=True)}
        _check_filled(parts, ratios)
        return cls._of(parts, Rule(tuple(ratios), seed, num_duplicates=len(dataset) - len(documents)))

    @classmethod
    def from_files(
        cls,
        *,
        train: Paths,
        dev: Paths = (),
        test: Paths = (),
        format: str | None = None,  # noqa: A002 - the field's word
        scheme: str | None = None,
        encoding: str | None = None,
    ) -> "FeatureSet":
        """The parts as the user chose them, each from a path or several; options as `read` has them.

        Raises:
            DataError: a file cannot be read.
            ConfigError: an option is unknown.
        """
        given = {"train": train, "dev": dev, "test": test}
        named = {name: [paths] if isinstance(paths, str | Path) else paths for name, paths in given.items()}
        filled = {name: paths for name, paths in named.items() if paths or name == "train"}
        return cls._of(
            {name: read(*paths, format=format, scheme=scheme, encoding=encoding) for name, paths in filled.items()}
        )

    def parts(self) -> Iterator[tuple[str, Dataset]]:
        """The parts that are not empty, by name."""
        return ((name, part) for name, part in zip(PARTS, (self.train, self.dev, self.test), strict=True) if part)

    def with_validation(self, *, split: float = DEFAULT_VALIDATION_SPLIT, seed: int = DEFAULT_SEED) -> "FeatureSet":
        """The same, where there is a dev part; else with a share of train in its place.

        Args:
            split: the share of train, between 0 and 1.
            seed: decides between what is equal.

        Raises:
            ConfigError: the share is not between 0 and 1.
            DataError: train is too small to divide.
        """
        if self.dev:
            return self
        if not 0 < split < 1:
            raise ConfigError(f"validation_split: expected a share between 0 and 1, received {split}.")
        train, dev = (self.train.of(part) for part in divide(self.train.documents, (1 - split, split), seed))
        _check_filled({"train": train, "dev": dev}, (1 - split, split))
        rule = replace(self.rule, validation_split=split, validation_seed=seed)
        return replace(self, train=train, dev=dev, rule=rule)

    def summary(self) -> FeatureSetSummary:
        """How much is in each part."""
        return FeatureSetSummary(self.rule, {name: counts_of(part, part.sentences()) for name, part in self.parts()})

    def save(self, folder: str | Path, *, format: str = JsonLines.name) -> None:  # noqa: A002 - the field's word
        """Writes the parts, `manifest.json` and `summary.json` into a new folder, which appears whole.

        The same feature set gives the same bytes.

        Args:
            folder: must not exist.
            format: of the parts; `json_lines` keeps all that a document holds.

        Raises:
            DataError: the folder exists, or a document holds what the format cannot.
            ConfigError: the format is unknown.
        """
        target = Path(folder)
        if target.exists():
            raise DataError(f"{target}: expected a folder to make, received one that exists. Choose another name.")
        with files.whole_folder(target) as beside:
            saved = {name: write_part(part, name, beside, formats.named(format)) for name, part in self.parts()}
            write_manifest(beside, Manifest(self.rule, saved))
            files.write_json(beside / SUMMARY, self.summary().to_json())

    @classmethod
    def load(cls, folder: str | Path) -> "FeatureSet":
        """What `save` wrote, or else the train, dev and test files of any folder.

        Raises:
            DataError: there is no such folder or nothing to read in it, or a saved part was changed since.
        """
        path = Path(folder)
        if not path.is_dir():
            raise DataError(f"{path}: expected a folder with train, dev and test files, found none. Check the name.")
        if not is_saved(path):
            found = parts_of(path)
            if PARTS[0] not in found:
                raise DataError(f"{path}: expected a file named train, found only {', '.join(found)}. Name one so.")
            return cls._of({name: read(*paths) for name, paths in found.items()})
        manifest = read_manifest(path)
        parts = {name: read_part(path, name, saved) for name, saved in manifest.parts.items()}
        return cls._of(parts, manifest.rule)

    @classmethod
    def _of(cls, parts: Mapping[str, Dataset], rule: Rule = _AS_FILES) -> "FeatureSet":
        return cls(parts["train"], parts.get("dev", _NOTHING), parts.get("test", _NOTHING), rule)


def _check_ratios(ratios: Sequence[float]) -> None:
    whole = math.isclose(sum(ratios), 1, abs_tol=1e-6)
    if len(ratios) != len(PARTS) or not whole or min(ratios) < 0 or ratios[0] <= 0:
        raise ConfigError(
            f"ratios: expected the shares of train, dev and test, which sum to 1, such as {DEFAULT_RATIOS}, "
            f"received {tuple(ratios)}."
        )


def _check_filled(parts: Mapping[str, Dataset], ratios: Sequence[float]) -> None:
    num_documents = sum(map(len, parts.values()))
    for (name, part), ratio in zip(parts.items(), ratios, strict=True):
        if ratio > 0 and not part:
            raise DataError(
                f"{name}: expected {ratio:.0%} of {num_documents} documents, received none, since those that share a "
                "sentence stay together. Give more documents, or a ratio of 0."
            )
