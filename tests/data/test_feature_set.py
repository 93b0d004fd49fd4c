import json
import re
from pathlib import Path
from typing import Any

import pytest

from tagloom.data import Dataset, FeatureSet, read
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document, Span, Token


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    path = tmp_path / "corpus.csv"
    rows = [f"{n},word{n},NN,{'B-X' if n % 2 else 'O'}\n{n},of,IN,{'I-X' if n % 7 == 0 else 'O'}\n" for n in range(60)]
    path.write_text("sent_id,word,POS,tag\n" + "".join(rows), encoding="utf-8")
    return read(path)


def sizes(feature_set: FeatureSet) -> tuple[int, int, int]:
    return len(feature_set.train), len(feature_set.dev), len(feature_set.test)


def test_a_split_has_the_shares_that_were_asked_for(dataset: Dataset) -> None:
    feature_set = FeatureSet.split(dataset, ratios=(0.5, 0.3, 0.2), seed=4)
    assert sizes(feature_set) == (30, 18, 12)
    assert (feature_set.rule.name, feature_set.rule.ratios, feature_set.rule.seed) == ("ratios", (0.5, 0.3, 0.2), 4)
    assert feature_set.test.sources[0].files == dataset.sources[0].files


def test_dropped_duplicates_are_counted(dataset: Dataset) -> None:
    feature_set = FeatureSet.split(dataset + dataset, drop_duplicates=True)
    assert (sum(sizes(feature_set)), feature_set.rule.num_duplicates) == (60, 60)


@pytest.mark.parametrize("ratios", [(0.8, 0.1), (0.8, 0.1, 0.2), (1.1, -0.1, 0.0), (0.0, 0.5, 0.5), (80, 10, 10)])
def test_ratios_that_are_none_are_refused(dataset: Dataset, ratios: tuple[float, ...]) -> None:
    with pytest.raises(ConfigError, match=r"ratios: expected the shares .* received " + re.escape(repr(ratios))):
        FeatureSet.split(dataset, ratios=ratios)


def test_too_little_to_divide_is_refused() -> None:
    with pytest.raises(DataError, match="dev: expected 10% of 3 documents, received none, since those that share a"):
        FeatureSet.split(Dataset(tuple(Document("equal") for _ in range(3))))


def test_a_share_of_train_serves_where_there_is_no_dev_part(dataset: Dataset) -> None:
    without = FeatureSet.split(dataset, ratios=(0.9, 0.0, 0.1), seed=1)
    feature_set = without.with_validation(split=0.1, seed=2)
    assert sizes(feature_set) == (49, 5, 6)
    assert feature_set.test == without.test
    assert {each.id for each in feature_set.train.documents + feature_set.dev.documents} == {
        each.id for each in without.train.documents
    }
    rule = feature_set.rule
    assert (rule.seed, rule.validation_split, rule.validation_seed) == (1, 0.1, 2)
    assert without.with_validation(split=0.1, seed=2) == feature_set


def test_a_dev_part_that_there_is_stays(dataset: Dataset) -> None:
    feature_set = FeatureSet.split(dataset)
    assert feature_set.with_validation() is feature_set


@pytest.mark.parametrize("split", [0, 1, -0.5, 2])
def test_a_validation_split_that_is_no_share_is_refused(dataset: Dataset, split: float) -> None:
    with pytest.raises(ConfigError, match=f"expected a share between 0 and 1, received {split}"):
        FeatureSet(dataset).with_validation(split=split)


def test_parts_may_be_chosen_by_file(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.conll").write_text(f"{name} O\n", encoding="utf-8")
    (tmp_path / "tags").write_text("O B-X\n", encoding="utf-8")
    (tmp_path / "words").write_text("d e\n", encoding="utf-8")
    feature_set = FeatureSet.from_files(
        train=[tmp_path / "a.conll", tmp_path / "b.conll"], test=(str(tmp_path / "words"), str(tmp_path / "tags"))
    )
    assert sizes(feature_set) == (2, 0, 1)
    assert (feature_set.rule.name, feature_set.rule.seed) == ("files", None)
    assert [name for name, _ in feature_set.parts()] == ["train", "test"]
    assert sizes(FeatureSet.from_files(train=tmp_path / "a.conll", dev=tmp_path / "c.conll")) == (1, 1, 0)
    with pytest.raises(ConfigError, match="expected at least one path"):
        FeatureSet.from_files(train=[])


def test_its_summary_counts_every_part(dataset: Dataset) -> None:
    feature_set = FeatureSet.split(dataset, ratios=(0.9, 0.0, 0.1))
    value = feature_set.summary().to_json()
    assert value["rule"]["ratios"] == [0.9, 0.0, 0.1]
    assert value["parts"]["test"] == {"documents": 6, "sentences": 6, "tokens": 12, "entities": {"X": 3}}
    assert list(value["parts"]) == ["train", "test"]


@pytest.mark.parametrize("format_name", ["json_lines", "csv"])
def test_what_is_saved_comes_back(dataset: Dataset, tmp_path: Path, format_name: str) -> None:
    feature_set = FeatureSet.split(dataset).with_validation()
    feature_set.save(tmp_path / "split", format=format_name)
    again = FeatureSet.load(tmp_path / "split")
    assert [part.documents for _, part in again.parts()] == [part.documents for _, part in feature_set.parts()]
    assert (again.rule, again.summary()) == (feature_set.rule, feature_set.summary())
    assert again.train.sources[0].files[0].sha256 == dataset.sources[0].files[0].sha256
    assert json.loads((tmp_path / "split" / "summary.json").read_text()) == feature_set.summary().to_json()


@pytest.mark.parametrize("format_name", ["two_files", "conll"])
def test_token_formats_keep_words_and_spans(dataset: Dataset, tmp_path: Path, format_name: str) -> None:
    feature_set = FeatureSet.split(dataset, ratios=(0.9, 0.0, 0.1))
    feature_set.save(tmp_path / "split", format=format_name)
    again = FeatureSet.load(tmp_path / "split")
    for (_, before), (_, after) in zip(feature_set.parts(), again.parts(), strict=True):
        assert [(each.text, each.spans) for each in before.documents] == [
            (each.text, each.spans) for each in after.documents
        ]


def test_a_saved_feature_set_reads_as_one_dataset(dataset: Dataset, tmp_path: Path) -> None:
    FeatureSet.split(dataset).save(tmp_path / "split")
    assert {each.id for each in read(tmp_path / "split").documents} == {each.id for each in dataset.documents}


def test_the_same_inputs_give_the_same_bytes(dataset: Dataset, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "corpus.csv").write_bytes((tmp_path / "corpus.csv").read_bytes())
    FeatureSet.split(dataset).save(tmp_path / "one")
    FeatureSet.split(read(elsewhere / "corpus.csv")).save(tmp_path / "more" / "two")
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "more/two"))
    assert one == two
    assert set(one) == {"manifest.json", "summary.json", "train.jsonl", "dev.jsonl", "test.jsonl"}


def test_a_folder_that_exists_is_not_written_into(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a folder to make, received one that exists\. Choose another name"):
        FeatureSet(dataset).save(tmp_path)


def test_a_save_that_fails_leaves_nothing(tmp_path: Path) -> None:
    blank_within = Dataset((Document("New York", (Span(0, 8, "X"),), tokens=(Token(0, 8),)),))
    with pytest.raises(DataError, match=r"holds a blank or control character .* Write json_lines\."):
        FeatureSet(blank_within).save(tmp_path / "split", format="two_files")
    assert list(tmp_path.iterdir()) == []


def test_files_that_were_changed_since_are_refused(dataset: Dataset, tmp_path: Path) -> None:
    FeatureSet.split(dataset).save(tmp_path / "split")
    with (tmp_path / "split" / "dev.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    with pytest.raises(
        DataError, match=r"dev\.jsonl: expected the file of the split \(SHA-256 \w{12}\), received another"
    ):
        FeatureSet.load(tmp_path / "split")


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"parts": {}}, {"rule": {}}, {"parts": {"train": {"format": "csv"}}}, {"rule": 5}]
)
def test_a_manifest_that_is_none_is_refused(dataset: Dataset, tmp_path: Path, change: dict[str, Any]) -> None:
    FeatureSet.split(dataset).save(tmp_path / "split")
    path = tmp_path / "split" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DataError, match=r"manifest\.json: expected .* Make the split anew\."):
        FeatureSet.load(tmp_path / "split")


def test_any_folder_with_parts_can_be_loaded(tmp_path: Path) -> None:
    for name in ("train.conll", "devel.conll"):
        (tmp_path / name).write_text("a O\n", encoding="utf-8")
    assert sizes(FeatureSet.load(tmp_path)) == (1, 1, 0)
    (tmp_path / "train.conll").unlink()
    with pytest.raises(DataError, match="expected a file named train, found only dev"):
        FeatureSet.load(tmp_path)
    with pytest.raises(DataError, match=r"nowhere: expected a folder with train, dev and test files, found none"):
        FeatureSet.load(tmp_path / "nowhere")
