import json
import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tagloom.data import FORMATS, Dataset, FeatureSet, read
from tagloom.data.division.rule import Rule
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


PRODUCTS = ("D90", "S3 IS", "K-70", "OM-5", "SL2")


@pytest.fixture
def reviews() -> Dataset:
    """Forty reviews of five products over forty days, no two with a sentence in common."""
    return Dataset(
        tuple(
            Document(
                f"My {product} has menu number {number}",
                (Span(3, 3 + len(product), "PNAME", 0.5, "gazetteer products.txt:1"),),
                f"review {number}",
                {"product": product, "date": f"2024-{1 + number // 28:02}-{1 + number % 28:02}"},
            )
            for number in range(40)
            for product in [PRODUCTS[number % 5]]
        )
    )


def test_a_split_by_field_keeps_documents_of_one_value_together(reviews: Dataset) -> None:
    feature_set = FeatureSet.split(reviews, by="product", ratios=(0.6, 0.2, 0.2))
    products = [{each.metadata["product"] for each in part.documents} for _, part in feature_set.parts()]
    assert [len(own) for own in products] == [3, 1, 1]
    assert set().union(*products) == set(PRODUCTS)
    assert (feature_set.rule.name, feature_set.rule.by, feature_set.rule.seed) == ("field", "product", 13)


def test_a_dev_part_taken_later_keeps_to_the_field_too(reviews: Dataset) -> None:
    feature_set = FeatureSet.split(reviews, by="product", ratios=(0.8, 0.0, 0.2)).with_validation(split=0.25)
    assert sizes(feature_set) == (24, 8, 8)
    assert len({each.metadata["product"] for each in feature_set.dev.documents}) == 1
    assert feature_set.summary().balance()["asked"] == {"train": 0.6, "dev": 0.2, "test": 0.2}


def test_a_split_by_time_goes_from_old_to_new(reviews: Dataset) -> None:
    feature_set = FeatureSet.split(reviews, by_time="date", ratios=(0.5, 0.25, 0.25))
    assert [next(each.id for each in part.documents) for _, part in feature_set.parts()] == [
        "review 0",
        "review 20",
        "review 30",
    ]
    assert (feature_set.rule.name, feature_set.rule.by_time, feature_set.rule.seed) == ("time", "date", None)


def test_a_filter_takes_the_test_part_and_another_what_there_is_at_all(reviews: Dataset) -> None:
    feature_set = FeatureSet.extract(
        reviews, test="product=D90", dev="date>=2024-02-08 and product!=D90", where="product!=SL2"
    )
    assert sizes(feature_set) == (21, 3, 8)
    assert {each.metadata["product"] for each in feature_set.test.documents} == {"D90"}
    rule = feature_set.rule
    assert (rule.name, rule.test_where, rule.dev_where, rule.where) == (
        "filters",
        "product=D90",
        "date>=2024-02-08 and product!=D90",
        "product!=SL2",
    )
    assert rule.num_left_out == 8


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, ConfigError, "extract: expected a filter for dev or test, received none"),
        ({"test": "product~."}, DataError, "train: expected documents that fit no filter, found none of 40"),
        ({"test": "product=D90", "dev": "id=review 0"}, DataError, "document 'review 0' fits both"),
        (
            {"test": "product=D90", "where": "product=X"},
            DataError,
            "filter 'product=X': expected documents that fit it",
        ),
    ],
)
def test_what_cannot_be_extracted_is_refused(
    reviews: Dataset, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        FeatureSet.extract(reviews, **options)


def test_two_ways_to_divide_are_refused(reviews: Dataset) -> None:
    with pytest.raises(ConfigError, match="by, by_time: expected one of them, received both: 'product' and 'date'"):
        FeatureSet.split(reviews, by="product", by_time="date")


@pytest.mark.parametrize(
    ("options", "tie"),
    [({"by": "product"}, "have the same 'product'"), ({"by_time": "product"}, "have the same 'product'")],
)
def test_too_few_groups_to_divide_are_refused(options: dict[str, Any], tie: str) -> None:
    same = Dataset(tuple(Document(f"word {number}", metadata={"product": "2"}) for number in range(10)))
    with pytest.raises(DataError, match=f"expected 10% of 10 documents, received none, since those that {tie} stay"):
        FeatureSet.split(same, **options)


LEAKING = Dataset(
    tuple(
        Document(text, id=str(number), metadata={"product": product, "date": str(number)})
        for number, (text, product) in enumerate([("Thank you.", "A"), ("It works.", "A"), ("Thank you.", "B")])
    )
)


def leaks(feature_set: FeatureSet) -> list[int]:
    return [problem.count for problem in feature_set.summary().problems if problem.kind == "leaked_sentences"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: FeatureSet.split(LEAKING, by="product", ratios=(0.5, 0.0, 0.5)),
        lambda: FeatureSet.split(LEAKING, by_time="date", ratios=(0.5, 0.0, 0.5)),
        lambda: FeatureSet.extract(LEAKING, test="product=B"),
    ],
    ids=["field", "time", "filter"],
)
def test_equal_sentences_on_both_sides_are_warned_of_and_in_the_summary(
    make: Any, caplog: pytest.LogCaptureFixture
) -> None:
    feature_set = make()
    assert caplog.messages == ["sentences that are in more than one part: 1, so that scores say too much"]
    assert leaks(feature_set) == [1]


def test_files_that_share_sentences_are_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.conll").write_text("D90 B-X\n\nIt O\n")
    feature_set = FeatureSet.from_files(train=tmp_path / "a.conll", test=tmp_path / "b.conll")
    assert caplog.messages[0].startswith("sentences that are in more than one part: 2, ")
    assert leaks(feature_set) == [2]


def test_a_split_by_ratio_leaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    feature_set = FeatureSet.split(LEAKING, ratios=(0.5, 0.0, 0.5))
    assert (leaks(feature_set), caplog.messages) == ([], ["2 of 3 documents share sentences and stay in one part"])


def test_chosen_files_may_be_filtered_and_rid_of_duplicates(tmp_path: Path) -> None:
    def write(name: str, *texts: str) -> Path:
        lines = [{"text": text, "entities": [], "metadata": {"brand": text.split()[0]}} for text in texts]
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
        return tmp_path / name

    feature_set = FeatureSet.from_files(
        train=write("a.jsonl", "Nikon one", "Canon two", "Nikon one", "Nikon three"),
        test=write("b.jsonl", "Nikon four"),
    )
    chosen = feature_set.only("brand=Nikon").without_duplicates()
    assert (sizes(chosen), chosen.rule.where, chosen.rule.num_left_out) == ((2, 0, 1), "brand=Nikon", 1)
    assert (chosen.rule.drop_duplicates, chosen.rule.num_duplicates) == (True, 1)
    assert chosen.only("text~o").rule.where == "brand=Nikon and text~o"
    with pytest.raises(
        DataError, match="filter 'brand=Canon': expected documents that fit it in test, found none of 1"
    ):
        feature_set.only("brand=Canon")


def test_the_summary_sets_shares_beside_what_was_asked(reviews: Dataset) -> None:
    balance = FeatureSet.split(reviews).summary().balance()
    assert balance["asked"] == {"train": 0.8, "dev": 0.1, "test": 0.1}
    assert balance["documents"] == balance["entities"]["PNAME"] == {"train": 0.8, "dev": 0.1, "test": 0.1}
    assert FeatureSet(reviews).summary().balance()["asked"] is None


def test_the_summary_has_what_was_noticed_in_reading_and_what_is_found_in_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "corpus.conll"
    sentences = [f"word{number} O\nD90 I-X\n\n" for number in range(20)]
    path.write_text("a O\nb B-X\n\n" * 2 + "".join(sentences))
    feature_set = FeatureSet.split(read(path, scheme="BIO")).with_validation()
    before = {problem.kind: problem.count for problem in feature_set.summary().problems}
    assert (before["ill_formed_tags"], before["duplicate_sentences"]) == (20, 1)
    feature_set.save(tmp_path / "set")
    saved = json.loads((tmp_path / "set" / "summary.json").read_text())["problems"]
    assert {one["kind"]: one["count"] for one in saved} == before
    assert FeatureSet.load(tmp_path / "set").summary() == feature_set.summary()


def test_what_was_noticed_in_reading_a_file_outlives_the_taking_of_a_dev_part(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("".join(f"word{number} O\nD90 I-X\n\n" for number in range(20)))
    given = FeatureSet(read(tmp_path / "a.conll", scheme="BIO"))
    for feature_set in (given, given.with_validation()):
        found = {problem.kind: problem.count for problem in feature_set.summary().problems}
        assert found["ill_formed_tags"] == 20


def test_ids_metadata_scores_and_origins_survive(reviews: Dataset, tmp_path: Path) -> None:
    feature_set = FeatureSet.split(reviews, by="product", ratios=(0.6, 0.2, 0.2))
    feature_set.save(tmp_path / "set")
    again = FeatureSet.load(tmp_path / "set")
    assert [part.documents for _, part in again.parts()] == [part.documents for _, part in feature_set.parts()]
    assert again.rule == feature_set.rule
    assert again.train.documents[0].spans[0].origin == "gazetteer products.txt:1"


RULES = [
    Rule(),
    Rule(ratios=(0.8, 0.1, 0.1), seed=3, drop_duplicates=True, num_duplicates=4),
    Rule(ratios=(0.9, 0.0, 0.1), by_time="date", validation_split=0.1, validation_seed=5),
    Rule(dev_where="a=b", test_where="c~d", where="e<5", num_left_out=7),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_the_same_from_json(rule: Rule) -> None:
    assert Rule.from_json(json.loads(json.dumps(rule.to_json()))) == rule


def test_a_folder_of_the_time_before_fields_and_filters_still_loads(dataset: Dataset, tmp_path: Path) -> None:
    feature_set = FeatureSet.split(dataset)
    feature_set.save(tmp_path / "set")
    path = tmp_path / "set" / "manifest.json"
    manifest = json.loads(path.read_text())
    old = {"name": "ratios", "ratios": [0.8, 0.1, 0.1], "seed": 13}
    none = {"validation_split": None, "validation_seed": None, "duplicates_dropped": 0}
    del manifest["findings"]
    path.write_text(json.dumps(manifest | {"rule": old | none}))
    again = FeatureSet.load(tmp_path / "set")
    assert again.rule == feature_set.rule
    assert [part.documents for _, part in again.parts()] == [part.documents for _, part in feature_set.parts()]


def test_a_format_of_folders_is_refused_for_parts(dataset: Dataset, tmp_path: Path) -> None:
    if "brat" not in {each.name for each in FORMATS}:
        pytest.skip("there is no format of folders")
    with pytest.raises(ConfigError, match="brat: expected a format of one file a part, or of two"):
        FeatureSet.split(dataset).save(tmp_path / "set", format="brat")
    assert not (tmp_path / "set").exists()


def test_what_a_format_loses_is_warned_of(reviews: Dataset, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        FeatureSet.split(reviews, ratios=(0.8, 0.0, 0.2)).save(tmp_path / "set", format="two_files")
    assert any(message.startswith("test part in two_files: 8 lost metadata") for message in caplog.messages)


MAKING = """
import sys
from tagloom.data import FeatureSet, read

folder, target = sys.argv[1:]
dataset = read(f"{folder}/reviews.jsonl")
FeatureSet.split(dataset, drop_duplicates=True).save(f"{target}/ratios")
FeatureSet.split(dataset, by="product").with_validation().save(f"{target}/field")
FeatureSet.split(dataset, by_time="date", where="label=PNAME").save(f"{target}/time")
extracted = FeatureSet.extract(dataset, test="product~^N and label!=X", dev="date<2024-01-05 and product~^C")
extracted.save(f"{target}/filters")
FeatureSet.from_files(train=f"{folder}/reviews.jsonl", test=f"{folder}/reviews.jsonl").save(f"{target}/files")
"""


def test_the_same_inputs_give_the_same_bytes_in_every_process_and_folder(tmp_path: Path) -> None:
    names = ("Nikon D90", "Canon S3", "Leica SL2", "Sony RX", "Pentax K-70", "Nikon D80")
    lines = [
        {
            "id": f"{number}",
            "text": f"The {name} has {number % 40} menus." + " It works." * (number % 7 == 0),
            "entities": [{"start": 4, "end": 4 + len(name), "label": ("PNAME", "X", "Y")[number % 3]}],
            "metadata": {"product": name, "date": f"2024-01-{1 + number % 28:02}"},
        }
        for number in range(60)
        for name in [names[number % 6]]
    ]
    made = []
    for seed in ("1", "2"):
        folder, target = tmp_path / f"in {seed}", tmp_path / f"out {seed}"
        folder.mkdir()
        target.mkdir()
        (folder / "reviews.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        subprocess.run(
            [sys.executable, "-c", MAKING, str(folder), str(target)], check=True, env={"PYTHONHASHSEED": seed}
        )
        made.append({str(path.relative_to(target)): path.read_bytes() for path in sorted(target.rglob("*.*"))})
    assert len(made[0]) == 24
    assert made[0] == made[1]
    assert not any(str(tmp_path).encode() in content for content in made[0].values())


def test_a_saved_feature_set_that_is_divided_again_is_warned_of(
    dataset: Dataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    FeatureSet.split(dataset).save(tmp_path / "split")
    assert not caplog.messages
    FeatureSet.split(read(tmp_path / "split"))
    assert [message.partition(":")[2] for message in caplog.messages] == [
        f" the {part} part of a saved feature set is divided again: what was kept to judge by may be learned from"
        for part in ("train", "dev", "test")
    ]


def test_a_changed_part_that_is_divided_again_is_said_to_be_changed(
    dataset: Dataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    FeatureSet.split(dataset).save(tmp_path / "split")
    train = tmp_path / "split" / "train.jsonl"
    train.write_text("\n".join(train.read_text(encoding="utf-8").splitlines()[1:]) + "\n", encoding="utf-8")
    FeatureSet.split(read(train))
    (message,) = caplog.messages
    assert "divided again, and was changed since it was saved" in message


def test_a_manifest_of_another_program_beside_the_data_says_nothing(
    dataset: Dataset, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "page"}', encoding="utf-8")
    FeatureSet.split(dataset)
    assert not caplog.messages
