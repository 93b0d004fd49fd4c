"""`tagloom data`, on good data and on bad."""

import json
from pathlib import Path

import pytest
from command_line import Tagloom

from tagloom.data.feature_set import FeatureSet


def test_inspect_tells_format_counts_and_problems(tagloom: Tagloom, corpus: Path) -> None:
    result = tagloom("data", "inspect", corpus)
    assert (result.status, result.err) == (0, "")
    assert "Format conll, scheme BIO, encoding utf-8\n" in result.out
    assert "12 documents, 12 sentences, 57 words\n" in result.out
    assert "warning: 8 duplicate sentences. " in result.out
    assert "    document " in result.out  # an example
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.out.splitlines()]
    assert ["PFEATURE", "6"] in cells
    assert ["PNAME", "6"] in cells


def test_inspect_gives_the_same_as_json(tagloom: Tagloom, corpus: Path) -> None:
    content = json.loads(tagloom("data", "inspect", corpus, "--json").out)
    assert (content["format"], content["scheme"], content["encoding"]) == ("conll", "BIO", "utf-8")
    assert (content["documents"], content["sentences"], content["tokens"]) == (12, 12, 57)
    assert content["entities"] == {"PFEATURE": 6, "PNAME": 6}
    (problem,) = content["problems"]
    assert (problem["kind"], problem["severity"], problem["count"]) == ("duplicate_sentences", "warning", 8)
    assert {"examples", "advice"} <= set(problem)


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
    result = tagloom("data", "split", various, tmp_path / "set", "--ratios", "6,2,2", "--seed", "5")
    assert (result.status, result.err) == (0, "")
    feature_set = FeatureSet.load(tmp_path / "set")
    assert [len(part) for _, part in feature_set.parts()] == [12, 4, 4]
    assert (feature_set.rule.ratios, feature_set.rule.seed) == ((0.6, 0.2, 0.2), 5)
    rows = [line.replace(" ", "") for line in result.out.splitlines() if line.startswith("│")]
    assert rows == ["│train│12│24│12│", "│dev│4│8│4│", "│test│4│8│4│"]


def test_split_drops_duplicates_where_that_is_asked_for(tagloom: Tagloom, tmp_path: Path, corpus: Path) -> None:
    assert tagloom("data", "split", corpus, tmp_path / "set", "--ratios", "2,1,1", "--drop-duplicates").status == 0
    assert sum(len(part) for _, part in FeatureSet.load(tmp_path / "set").parts()) == 4


@pytest.mark.parametrize("ratios", ["80,20", "a,b,c", "-1,1,1", "0,0,0", "nan,1,1", ""])
def test_ratios_that_are_none_are_refused(tagloom: Tagloom, tmp_path: Path, corpus: Path, ratios: str) -> None:
    result = tagloom("data", "split", corpus, tmp_path / "set", "--ratios", ratios)
    assert f"--ratios: expected shares of train, dev and test such as 80,10,10, received {ratios!r}." in result.error
    assert not (tmp_path / "set").exists()


def test_a_folder_that_exists_is_not_split_into(tagloom: Tagloom, tmp_path: Path, various: Path) -> None:
    assert "expected a folder to make, received one that exists" in tagloom("data", "split", various, tmp_path).error


def test_a_warning_of_the_library_is_a_line_on_standard_error(tagloom: Tagloom, tmp_path: Path, corpus: Path) -> None:
    result = tagloom("data", "split", corpus, tmp_path / "set", "--ratios", "2,1,1")
    assert result.status == 0
    assert result.err == "tagloom: warning: 3 of 12 documents share sentences and stay in one part\n"


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
