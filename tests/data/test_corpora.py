"""The corpora of the shared folder, against what was counted from their files."""

import gzip
import json
from pathlib import Path

import pytest

from tagloom.data import Dataset, FeatureSet, read, summarise
from tagloom.data.converting import convert
from tagloom.errors import DataError


@pytest.fixture(scope="module")
def kaggle(shared_data: Path) -> Dataset:
    return read(shared_data / "kaggle_gmb" / "ner_dataset.csv.zip")


def test_the_kaggle_zip_is_read_as_it_is(kaggle: Dataset) -> None:
    (source,) = kaggle.sources
    assert (source.format, source.scheme, source.encoding) == ("csv", "BIO", "cp1252")
    assert [(finding.kind, finding.count) for finding in source.findings] == [("guessed_encoding", 1)]
    assert (source.num_documents, source.num_sentences, source.num_tokens) == (47_959, 47_959, 1_048_575)
    assert kaggle.entities == {
        "geo": 37_644,
        "tim": 20_333,
        "org": 20_143,
        "per": 16_990,
        "gpe": 15_870,
        "art": 402,
        "eve": 308,
        "nat": 201,
    }
    first = kaggle.documents[0]
    assert (first.id, first.text[:26]) == ("Sentence: 1", "Thousands of demonstrators")
    assert first.columns["POS"][:3] == ("NNS", "IN", "NNS")


def test_odd_words_of_the_kaggle_corpus_stay_words(kaggle: Dataset) -> None:
    words = [word for sentence in kaggle.sentences() for word in sentence.words]
    assert len(words) == 1_048_575
    assert (words.count("None"), words.count("…")) == (10, 4)


def test_what_is_wrong_with_the_kaggle_corpus_is_counted(kaggle: Dataset) -> None:
    summary = summarise(kaggle)
    problems = {problem.kind: problem.count for problem in summary.problems}
    assert (problems.pop("duplicate_sentences"), problems.pop("conflicting_texts")) == (384, 35)
    assert set(problems) == {
        "punctuation_edged_spans",
        "bare_surfaces",
        "ambiguous_surfaces",
        "imbalanced_labels",
        "guessed_encoding",
    }
    assert (summary.counts.num_sentences, summary.counts.num_tokens) == (47_959, 1_048_575)


def test_the_kaggle_corpus_is_divided_as_the_ratios_say(kaggle: Dataset) -> None:
    feature_set = FeatureSet.split(kaggle, drop_duplicates=True)
    assert feature_set.rule.num_duplicates == 384
    whole = {label: sum(part.entities[label] for _, part in feature_set.parts()) for label in kaggle.entities}
    for (_, part), ratio in zip(feature_set.parts(), (0.8, 0.1, 0.1), strict=True):
        assert abs(len(part) - ratio * 47_575) <= 1
        assert all(abs(part.entities[label] - ratio * total) <= 3 for label, total in whole.items())


@pytest.mark.parametrize(
    ("folder", "format_name", "parts"),
    [
        (
            "camera_reviews",
            "two_files",
            {
                "train": (1_124, 21_691, {"PFEATURE": 602, "PNAME": 260}),
                "test": (346, 6_525, {"PFEATURE": 172, "PNAME": 57}),
            },
        ),
        (
            "wnut2017",
            "conll",
            {"train": (3_394, 62_730, 1_975), "dev": (1_009, 15_733, 836), "test": (1_287, 23_394, 1_079)},
        ),
        (
            "ncbi_disease",
            "conll",
            {
                "train": (5_424, 135_701, {"Disease": 5_134}),
                "dev": (923, 23_969, {"Disease": 787}),
                "test": (940, 24_497, {"Disease": 960}),
            },
        ),
    ],
)
def test_the_other_corpora_are_read_as_counted(
    shared_data: Path, folder: str, format_name: str, parts: dict[str, tuple[int, int, int | dict[str, int]]]
) -> None:
    feature_set = FeatureSet.load(shared_data / folder)
    found = {
        name: (
            len(part),
            part.sources[0].num_tokens,
            part.entities if folder != "wnut2017" else sum(part.entities.values()),
        )
        for name, part in feature_set.parts()
    }
    assert found == parts
    facts = {
        (source.format, source.scheme, source.findings) for _, part in feature_set.parts() for source in part.sources
    }
    assert facts == {(format_name, "BIO", ())}


def test_japanese_spans_survive_conversion_to_conll_and_back(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "ja_wikipedia" / "ner.json"
    dataset = read(source)
    assert (dataset.sources[0].format, len(dataset), sum(dataset.entities.values())) == ("json", 5_343, 13_185)
    assert dataset.sources[0].findings == ()
    told = json.loads(source.read_text(encoding="utf-8"))
    assert all(
        sorted((span.start, span.end, span.label) for span in document.spans)
        == sorted((*entity["span"], entity["type"]) for entity in record["entities"])
        for document, record in zip(dataset.documents, told, strict=True)
    )
    conll, back = tmp_path / "ja.conll", tmp_path / "back.jsonl"
    convert([source], conll, to="conll")
    convert([conll], back, to="json_lines")
    again = read(back)
    assert [document.text for document in again.documents] == [document.text for document in dataset.documents]
    assert [document.spans for document in again.documents] == [document.spans for document in dataset.documents]


def test_paragraphs_are_read_as_plain_text_from_xz(shared_data: Path) -> None:
    paragraphs = read(shared_data / "wikipedia_en" / "paragraphs.txt.xz", format="text")
    assert len(paragraphs) == 62_690
    assert round(sum(len(document.text) for document in paragraphs.documents) / 1e5) == 308


@pytest.mark.parametrize("number", range(1, 51))
def test_every_input_of_conlleval_is_read_or_its_fault_is_named(shared_data: Path, number: int) -> None:
    path = shared_data / "conlleval" / f"{number:02}.input.txt.gz"
    rows = [line.split("\t") for line in gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")]
    words = [row[0] for row in rows if len(row) == 3 and row[1]]
    if not any(words):
        with pytest.raises(DataError, match="expected labelled sentences, found none"):
            read(path, format="conll", columns={"tag": 1})
        return
    dataset = read(path, format="conll", columns={"tag": 1})
    assert dataset.sources[0].num_tokens == sum(map(bool, words))
