"""`tagloom data`, on good data and on bad."""

import importlib.abc
import json
import sys
from pathlib import Path

import pytest
from command_line import Tagloom

from tagloom.data.division.feature_set import FeatureSet


def cells(out: str) -> list[list[str]]:
    """The rows of tables."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if "│" in line]


def test_inspect_tells_format_counts_and_problems(tagloom: Tagloom, corpus: Path) -> None:
    result = tagloom("data", "inspect", corpus)
    assert (result.status, result.err) == (0, "")
    assert "Format conll, scheme BIO, encoding utf-8\n" in result.out
    assert "12 documents, 12 sentences, 57 words\n" in result.out
    assert "19 different words; 25.0% of the sentences have no entity\n" in result.out
    assert "Sentences have 4 to 6 (median 4.5, mean 4.8, 95 % at most 6) words\n" in result.out
    assert ["PFEATURE", "6", "50.0%", "2", "1.0", "menu 3, grip 3"] in cells(result.out)
    assert ["PNAME", "6", "50.0%", "2", "1.5", "Nikon D90 3, Sony 3"] in cells(result.out)
    assert "Problems: 2 warnings\n" in result.out
    assert "warning  duplicate sentences: 8\n         These repeat " in result.out
    assert "\n         - document 5: I like my Nikon D90\n" in result.out
    assert "\x1b" not in result.out


def test_inspect_gives_the_same_as_json(tagloom: Tagloom, corpus: Path) -> None:
    content = json.loads(tagloom("data", "inspect", corpus, "--json").out)
    assert (content["format"], content["scheme"], content["encoding"]) == ("conll", "BIO", "utf-8")
    assert (content["documents"], content["sentences"], content["tokens"]) == (12, 12, 57)
    assert content["entities"] == {"PFEATURE": 6, "PNAME": 6}
    counts = {problem["kind"]: (problem["severity"], problem["count"]) for problem in content["problems"]}
    assert counts == {"rare_labels": ("warning", 2), "duplicate_sentences": ("warning", 8)}
    assert all({"examples", "advice"} <= set(problem) for problem in content["problems"])


def test_inspect_tells_what_is_wrong_between_parts_of_a_folder(tagloom: Tagloom, tmp_path: Path) -> None:
    (tmp_path / "train.conll").write_text("A\tO\nD90\tB-PNAME\n\n")
    (tmp_path / "test.conll").write_text("A\tO\nD90\tB-PNAME\n\nits\tO\ngrip\tB-PFEATURE\n\n")
    out = tagloom("data", "inspect", tmp_path).out
    rows = cells(out)
    assert ["sentences", "1", "2"] in rows
    assert ["PFEATURE", "0 (0.0%)", "1 (50.0%)"] in rows
    assert ["sentences also in train", "", "1"] in rows
    assert "leaked sentences: 1\n" in out
    assert "- 1 of 2 sentences of test are in train, such as test document 1: A D90\n" in out
    assert "- PFEATURE: none in train, 1 in test\n" in out


def test_inspect_takes_parts_as_they_are_named(tagloom: Tagloom, tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "new.conll").write_text("A\tO\nD90\tB-PNAME\n\n")
    result = tagloom("data", "inspect", corpus, "--dev", tmp_path / "new.conll", "--test", corpus, "--json")
    content = json.loads(result.out)
    assert {name: part["sentences"] for name, part in content["parts"].items()} == {"train": 12, "dev": 1, "test": 12}
    assert content["parts"]["test"]["in_train"]["leaked_sentences"] == 12
    assert content["sentences"] == 25


def test_inspect_tells_the_parts_of_a_saved_feature_set(tagloom: Tagloom, tmp_path: Path, various: Path) -> None:
    assert tagloom("data", "split", various, tmp_path / "set", "--ratios", "60,20,20").status == 0
    content = json.loads(tagloom("data", "inspect", tmp_path / "set", "--json").out)
    assert {name: part["documents"] for name, part in content["parts"].items()} == {"train": 12, "dev": 4, "test": 4}


def test_inspect_writes_a_page(tagloom: Tagloom, tmp_path: Path, corpus: Path) -> None:
    pytest.importorskip("plotly")
    result = tagloom("data", "inspect", corpus, "--report", tmp_path / "page.html")
    assert result.out.endswith(f"Page {tmp_path / 'page.html'}\n")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "<h1>cameras.conll</h1>" in page
    again = ("data", "inspect", corpus, "--report", tmp_path / "page.html", "--json")
    assert "page.html: expected a file to make, received one that exists." in tagloom(*again).error
    assert json.loads(tagloom(*again, "--overwrite").out)


@pytest.mark.parametrize("missing", ["plotly", "jinja2"])
def test_a_page_without_its_libraries_is_refused_before_anything_is_read(
    tagloom: Tagloom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == missing or name.startswith("tagloom.pages")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Without(missing), *sys.meta_path])
    error = tagloom("data", "inspect", tmp_path / "absent.conll", "--report", tmp_path / "page.html").error
    assert error == f"this needs {missing}, which is not installed. Install it: pip install 'tagloom[report]'"


class Without(importlib.abc.MetaPathFinder):
    """An environment in which a package is not installed."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname.split(".")[0] == self.package:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def test_inspect_reads_a_pair_of_files(tagloom: Tagloom, tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text("A D90\nIt works\n")
    (tmp_path / "t.txt").write_text("O B-PNAME\nO O\n")
    result = tagloom("data", "inspect", tmp_path / "s.txt", tmp_path / "t.txt", "--json")
    assert json.loads(result.out)["entities"] == {"PNAME": 1}


def test_labels_that_look_like_markup_are_shown_as_they_are(tagloom: Tagloom, tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("A\tO\nD90\tB-[bold]\n:camera:\tB-:eye:\n\n" * 2)
    out = tagloom("data", "inspect", tmp_path / "a.conll").out
    assert "│ [bold] │" in out
    assert "│ :eye:  │" in out


def test_a_table_that_is_not_for_a_terminal_is_as_wide_as_it_must_be(tagloom: Tagloom, tmp_path: Path) -> None:
    label = "A_LABEL_WITH_A_NAME_AS_LONG_AS_THIS_" * 4
    (tmp_path / "a.conll").write_text(f"A\tO\nD90\tB-{label}\n\n" * 2)
    assert f"│ {label} │" in tagloom("data", "inspect", tmp_path / "a.conll").out


@pytest.fixture
def various(tmp_path: Path) -> Path:
    """Twenty sentences, no two of them the same."""
    source = tmp_path / "various.conll"
    source.write_text("".join(f"The\tO\nD{number}\tB-PNAME\n\n" for number in range(20)))
    return source


def test_split_makes_a_feature_set_and_tells_its_parts(tagloom: Tagloom, tmp_path: Path, various: Path) -> None:
    result = tagloom("data", "split", various, tmp_path / "set", "--ratios", "60,20,20", "--seed", "5")
    assert (result.status, result.err) == (0, "")
    feature_set = FeatureSet.load(tmp_path / "set")
    assert [len(part) for _, part in feature_set.parts()] == [12, 4, 4]
    assert (feature_set.rule.ratios, feature_set.rule.seed) == ((0.6, 0.2, 0.2), 5)
    rows = [line.replace(" ", "") for line in result.out.splitlines() if line.startswith("│")]
    assert rows[:3] == ["│train│12│24│12│", "│dev│4│8│4│", "│test│4│8│4│"]
    assert rows[3:] == [f"│{name}│60.0│20.0│20.0│" for name in ("asked", "documents", "sentences", "PNAME")]


def test_split_drops_duplicates_where_that_is_asked_for(tagloom: Tagloom, tmp_path: Path, corpus: Path) -> None:
    assert tagloom("data", "split", corpus, tmp_path / "set", "--ratios", "50,25,25", "--drop-duplicates").status == 0
    assert sum(len(part) for _, part in FeatureSet.load(tmp_path / "set").parts()) == 4


@pytest.mark.parametrize("ratios", ["80,20", "a,b,c", "-1,1,1", "0,0,0", "nan,1,1", "80,10,20", ""])
def test_ratios_that_are_none_are_refused(tagloom: Tagloom, tmp_path: Path, corpus: Path, ratios: str) -> None:
    result = tagloom("data", "split", corpus, tmp_path / "set", "--ratios", ratios)
    assert f"--ratios: expected shares of train, dev and test such as 80,10,10, received {ratios!r}." in result.error
    assert not (tmp_path / "set").exists()


def test_a_folder_that_exists_is_not_split_into(tagloom: Tagloom, tmp_path: Path, various: Path) -> None:
    assert "expected a folder to make, received one that exists" in tagloom("data", "split", various, tmp_path).error


def test_a_warning_of_the_library_is_a_line_on_standard_error(tagloom: Tagloom, tmp_path: Path, corpus: Path) -> None:
    result = tagloom("data", "split", corpus, tmp_path / "set", "--ratios", "50,25,25")
    assert result.status == 0
    assert result.err == "tagloom: warning: 3 of 12 documents share sentences and stay in one part\n"


PRODUCTS = ("Nikon D90", "Canon S3", "Leica SL2", "Sony RX")


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    """Forty reviews of four products, a day each; no two share a sentence."""
    lines = [
        {
            "id": f"r{number}",
            "text": f"My {product} has menu number {number}",
            "entities": [{"start": 3, "end": 3 + len(product), "label": "PNAME"}],
            "metadata": {"product": product, "date": f"2024-{1 + number // 28:02}-{1 + number % 28:02}"},
        }
        for number in range(40)
        for product in [PRODUCTS[number % 4]]
    ]
    path = tmp_path / "reviews.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.parametrize(
    ("options", "name", "sizes"),
    [
        (["--by", "product", "--ratios", "50,25,25", "--seed", "3"], "field", [20, 10, 10]),
        (["--by-time", "date"], "time", [32, 4, 4]),
        (["--test-where", "product=Nikon D90", "--dev-where", "id=r1"], "filters", [29, 1, 10]),
        (["--test-where", "product~^Nikon", "--where", "product!=Canon S3 and date>=2024-01-05"], "filters", [18, 9]),
        (["--where", "product~^[NC]", "--ratios", "50,50,0"], "ratios", [10, 10]),
    ],
)
def test_split_by_field_time_and_filters(
    tagloom: Tagloom, tmp_path: Path, reviews: Path, options: list[str], name: str, sizes: list[int]
) -> None:
    result = tagloom("data", "split", reviews, tmp_path / "set", *options)
    assert (result.status, result.err) == (0, "")
    feature_set = FeatureSet.load(tmp_path / "set")
    assert feature_set.rule.name == name
    assert [len(part) for _, part in feature_set.parts()] == sizes


def test_split_takes_the_parts_from_files(tagloom: Tagloom, tmp_path: Path, corpus: Path, various: Path) -> None:
    options = ("--dev", various, "--test", various, "--drop-duplicates", "--where", "label=PNAME")
    result = tagloom("data", "split", corpus, tmp_path / "set", *options)
    assert result.status == 0
    assert result.err == "tagloom: warning: sentences that are in more than one part: 20, so that scores say too much\n"
    assert "leaked sentences (" in result.out
    assert "Left out: 6 documents that do not fit, 4 duplicates." in result.out
    feature_set = FeatureSet.load(tmp_path / "set")
    assert [len(part) for _, part in feature_set.parts()] == [2, 20, 20]
    assert (feature_set.rule.name, feature_set.rule.where) == ("files", "label=PNAME")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--by", "a", "--by-time", "b"], "--by: expected no --by-time beside it"),
        (["--by-time", "a", "--seed", "1"], "--by-time: expected no --seed beside it"),
        (["--test-where", "a=b", "--ratios", "80,10,10"], "--test-where: expected no --ratios beside it"),
        (["--dev-where", "a=b", "--test", "x"], "--dev-where: expected no --test beside it"),
        (["--dev", "x", "--seed", "1"], "--dev: expected no --seed beside it"),
    ],
)
def test_two_ways_to_split_are_wrong_usage(
    tagloom: Tagloom, tmp_path: Path, reviews: Path, options: list[str], message: str
) -> None:
    result = tagloom("data", "split", reviews, tmp_path / "set", *options)
    assert result.status == 2
    assert message in result.error


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--by", "prodct"],
            "by: no document has the field 'prodct'. Known fields are id, text, label, product, date.",
        ),
        (["--test-where", "product"], "filter 'product', position 8: expected one of"),
        (["--test-where", "text~("], "filter 'text~(', position 6: expected a regular expression (missing )"),
        (["--by-time", "product"], "received 'Nikon D90' in document 'r0'"),
    ],
)
def test_fields_and_filters_that_are_none_are_told_in_one_line(
    tagloom: Tagloom, tmp_path: Path, reviews: Path, options: list[str], message: str
) -> None:
    result = tagloom("data", "split", reviews, tmp_path / "set", *options)
    assert (result.status, message in result.error) == (1, True)
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "data.txt: no such file. Check the name and the folder."),
        (b"", "data.txt: expected labelled sentences, received an empty file."),
        (b" \n\n", "data.txt: expected labelled sentences, received an empty file."),
        (b"A\tO\n\0\x01\x02", "data.txt: expected text, received binary data"),
        (b"A\tO\n\x81\xfe\tB-PNAME\n", "data.txt:2: byte 0x81 at position 4 is neither utf-8 nor cp1252."),
        (b"A\tO\nD90\tX-PNAME\n", "data.txt:2: expected O or a tag such as B-NAME"),
        (b"word,other\nA,O\n", "data.txt:1: expected a sentence, a word and a tag column"),
        (b'{"text": "A", "entities": [}\n{"text": 1}\n', "data.txt: expected one of: "),
        (b'{"text": "A \\ud800", "entities": []}\n', "data.txt:1: expected"),
    ],
)
@pytest.mark.parametrize(
    "command", [["data", "inspect"], ["train", "-o", "RUN", "--verbose", "0"]], ids=["inspect", "train"]
)
def test_bad_data_is_told_in_one_line(
    tagloom: Tagloom, tmp_path: Path, command: list[str], content: bytes | None, message: str
) -> None:
    path, run = tmp_path / "data.txt", tmp_path / "run"
    if content is not None:
        path.write_bytes(content)
    result = tagloom(*(str(run) if part == "RUN" else part for part in command), path)
    assert result.status == 1
    assert message in result.error
    assert not run.exists()


def test_a_different_number_of_words_and_tags_is_told_with_its_line(tagloom: Tagloom, tmp_path: Path) -> None:
    (tmp_path / "s.txt").write_text("A D90 works\nIt works\n")
    (tmp_path / "t.txt").write_text("O B-PNAME O\nO\n")
    error = tagloom("data", "inspect", tmp_path / "s.txt", tmp_path / "t.txt").error
    assert "t.txt:2: expected 2 tags for 2 words, received 1. Add the missing tag" in error
