"""A dataset divided into train, dev and test."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Unpack

from tagloom import files
from tagloom.data import formats
from tagloom.data.dataset import Dataset, Source
from tagloom.data.division.balance import FeatureSetSummary
from tagloom.data.division.grouping import num_shared_sentences, without_duplicates
from tagloom.data.division.manifest import Manifest, is_saved, load_parts, warn_of_saved, write_manifest, write_part
from tagloom.data.division.rule import Rule
from tagloom.data.division.splitting import chosen, divided
from tagloom.data.filters.filter import Filter
from tagloom.data.findings import Finding, merged
from tagloom.data.formats.json_lines import JsonLines
from tagloom.data.quality.contents import divided_contents
from tagloom.data.quality.problems import problems_of, problems_within
from tagloom.data.quality.summary import counts_of
from tagloom.data.reading import Told, read
from tagloom.data.sources.folders import PARTS, parts_of
from tagloom.errors import ConfigError, DataError

__all__ = ["FeatureSet", "FeatureSetSummary"]

Paths = str | Path | Sequence[str | Path]

SUMMARY = "summary.json"
DEFAULT_RATIOS = (0.8, 0.1, 0.1)
DEFAULT_VALIDATION_SPLIT = 0.1
DEFAULT_SEED = 13

_NOTHING = Dataset()
_AS_FILES = Rule()

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FeatureSet:
    """What a model learns from, is chosen by and is judged on. A part that there is not is empty.

    Args:
        train: to learn from.
        dev: to choose by.
        test: to judge by, once.
        rule: how the parts came about.
        findings: what was noticed in reading what was divided, which no part has by itself.

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
    findings: tuple[Finding, ...] = ()

    @classmethod
    def split(
        cls,
        dataset: Dataset,
        *,
        ratios: Sequence[float] = DEFAULT_RATIOS,
        seed: int = DEFAULT_SEED,
        by: str | None = None,
        by_time: str | None = None,
        where: str | None = None,
        drop_duplicates: bool = False,
    ) -> "FeatureSet":
        """Divides the documents by ratio, each label as evenly as can be, or by time.

        Equal sentences are on one side, unless documents are kept together by a field or divided by time: then those on
        both sides are counted in a warning and in the summary. The same dataset and options give the same parts on
        every machine.

        Args:
            dataset: what to divide.
            ratios: the shares of train, dev and test; they sum to 1, those of dev and test may be 0.
            seed: decides between what is equal; by time nothing is.
            by: a field; documents of one value of it stay together.
            by_time: a field with dates, times or numbers; the oldest go to train, the newest to test.
            where: a filter; documents that do not fit are left out.
            drop_duplicates: keeps of documents that are equal word for word only the first.

        Raises:
            ConfigError: the ratios are none, no document has a field, or both `by` and `by_time` are given.
            DataError: there is too little for a part, or a document lacks a field.
        """
        asked = Rule(
            ratios=tuple(ratios),
            seed=seed if by_time is None else None,
            by=by,
            by_time=by_time,
            where=where,
            drop_duplicates=drop_duplicates,
        )
        return cls._divided(dataset, asked)

    @classmethod
    def extract(
        cls,
        dataset: Dataset,
        *,
        dev: str | None = None,
        test: str | None = None,
        where: str | None = None,
        drop_duplicates: bool = False,
    ) -> "FeatureSet":
        """Takes the documents that fit a filter as test or dev part; all others are the train part.

        Sentences that are on both sides are counted in a warning and in the summary.

        Args:
            dataset: what to divide.
            dev: the filter of the dev part; None for no such part.
            test: the filter of the test part; None for no such part.
            where: a filter; documents that do not fit are left out before.
            drop_duplicates: keeps of documents that are equal word for word only the first.

        Raises:
            ConfigError: a filter is none, no document has a field of it, or neither dev nor test is given.
            DataError: a document fits both filters, or a part is empty.

        Example:
            >>> from tagloom.text import Document
            >>> reviews = [Document(f"A {name}", metadata={"product": name}) for name in ("D90", "D80", "S3 IS")]
            >>> feature_set = FeatureSet.extract(Dataset(tuple(reviews)), test="product~D")
            >>> [document.text for document in feature_set.test.documents]
            ['A D90', 'A D80']
        """
        asked = Rule(dev_where=dev, test_where=test, where=where, drop_duplicates=drop_duplicates)
        return cls._divided(dataset, asked)

    @classmethod
    def from_files(
        cls,
        *,
        train: Paths,
        dev: Paths = (),
        test: Paths = (),
        **told: Unpack[Told],
    ) -> "FeatureSet":
        """The parts as the user chose them, each from a path or several; options as `read` has them.

        Sentences that are in several parts are counted in a warning and in the summary.

        Raises:
            DataError: a file cannot be read.
            ConfigError: an option is unknown.
        """
        given = {"train": train, "dev": dev, "test": test}
        named = {name: [paths] if isinstance(paths, str | Path) else paths for name, paths in given.items()}
        filled = {name: paths for name, paths in named.items() if paths or name == "train"}
        parts = {name: read(*paths, **told) for name, paths in filled.items()}
        return cls._of(parts)

    def parts(self) -> Iterator[tuple[str, Dataset]]:
        """The parts that are not empty, by name."""
        return ((name, part) for name, part in zip(PARTS, (self.train, self.dev, self.test), strict=True) if part)

    def only(self, where: str) -> "FeatureSet":
        """The same, of each part only the documents that fit a filter.

        Raises:
            ConfigError: the filter is none, or no document has a field of it.
            DataError: none of a part fits it.
        """
        parts = dict(self.parts())
        every = list(chain.from_iterable(part.documents for part in parts.values()))
        chosen_by = Filter.parse(where)
        fitting = chosen_by.places(every)
        kept: dict[str, Dataset] = {}
        for (name, part), (first, end) in zip(parts.items(), pairwise(_ends(parts)), strict=True):
            documents = tuple(every[place] for place in fitting if first <= place < end)
            if not documents:
                raise chosen_by.none_fits(part.documents, f" in {name}")
            kept[name] = replace(part, documents=documents)
        both = where if self.rule.where is None else f"{self.rule.where} and {where}"
        num_left_out = self.rule.num_left_out + len(every) - len(fitting)
        rule = replace(self.rule, where=both, num_left_out=num_left_out)
        return FeatureSet(**kept, rule=rule, findings=self.findings)

    def without_duplicates(self) -> "FeatureSet":
        """The same, of documents of train that are equal word for word only the first."""
        documents = tuple(without_duplicates(self.train.documents))
        num_duplicates = self.rule.num_duplicates + len(self.train) - len(documents)
        rule = replace(self.rule, drop_duplicates=True, num_duplicates=num_duplicates)
        return replace(self, train=replace(self.train, documents=documents), rule=rule)

    def with_validation(self, *, split: float = DEFAULT_VALIDATION_SPLIT, seed: int = DEFAULT_SEED) -> "FeatureSet":
        """The same, where there is a dev part; else with a share of train in its place, divided as the whole was.

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
        asked = Rule(ratios=(1 - split, split, 0.0), seed=seed, by=self.rule.by, by_time=self.rule.by_time)
        train, dev, _ = (self.train.of(part) for part in divided(self.train.documents, asked))
        rule = replace(self.rule, validation_split=split, validation_seed=seed)
        return replace(self, train=train, dev=dev, rule=rule, findings=merged((*self.findings, *_noticed(self.train))))

    def summary(self) -> FeatureSetSummary:
        """How much is in each part, how evenly, and everything that is wrong in the parts and between them."""
        return self._summary

    @cached_property
    def _summary(self) -> FeatureSetSummary:
        parts = dict(self.parts())
        contents, places = divided_contents(parts)
        sources = (*contents.dataset.sources, Source((), "", findings=self.findings))
        problems = problems_of(Dataset(contents.dataset.documents, sources), contents)
        counts = {name: counts_of(part, contents.sentences[places[name].sentences]) for name, part in parts.items()}
        return FeatureSetSummary(self.rule, counts, (*problems, *problems_within(contents, places)))

    def save(self, folder: str | Path, *, format: str = JsonLines.name) -> None:  # noqa: A002 - the field's word
        """Writes the parts, `manifest.json` and `summary.json` into a new folder, which appears whole.

        The same feature set gives the same bytes on every machine.

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
            write_manifest(beside, Manifest(self.rule, saved, self.findings))
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
        manifest, parts = load_parts(path)
        return cls(**parts, rule=manifest.rule, findings=manifest.findings)

    @classmethod
    def _divided(cls, dataset: Dataset, asked: Rule) -> "FeatureSet":
        """The parts that a rule makes of a dataset."""
        warn_of_saved(dataset.sources)
        documents, rule = chosen(dataset.documents, asked)
        parts = zip(PARTS, divided(documents, rule), strict=True)
        return cls._of({name: dataset.of(part) for name, part in parts}, rule, _noticed(dataset))

    @classmethod
    def _of(
        cls, parts: Mapping[str, Dataset], rule: Rule = _AS_FILES, findings: tuple[Finding, ...] = ()
    ) -> "FeatureSet":
        """The parts with a warning of what they share."""
        num_shared = 0 if rule.name == "ratios" else num_shared_sentences(part.documents for part in parts.values())
        if num_shared:
            _log.warning("sentences that are in more than one part: %d, so that scores say too much", num_shared)
        return cls(**parts, rule=rule, findings=findings)


def _noticed(dataset: Dataset) -> tuple[Finding, ...]:
    return merged(chain.from_iterable(source.findings for source in dataset.sources))


def _ends(parts: Mapping[str, Dataset]) -> Iterator[int]:
    return accumulate(map(len, parts.values()), initial=0)
