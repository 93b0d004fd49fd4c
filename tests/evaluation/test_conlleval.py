import gzip
import random
from pathlib import Path

import pytest
from seqeval.metrics import f1_score, precision_score, recall_score

from tagloom.errors import DataError
from tagloom.evaluation.conlleval import conlleval
from tagloom.schemes import scheme

CHUNKS = [(0, 2, "PNAME"), (2, 3, "PNAME"), (4, 7, "PFEATURE")]
OTHERS = [(0, 2, "PNAME"), (3, 4, "PNAME"), (4, 7, "PFEATURE")]


@pytest.mark.parametrize("number", range(1, 51))
def test_the_output_is_the_perl_scripts_line_for_line(shared_data: Path, number: int) -> None:
    folder = shared_data / "conlleval"
    with gzip.open(folder / f"{number:02}.input.txt.gz", "rt", encoding="utf-8", newline="\n") as lines:
        printed = conlleval(lines, f"{number:02}.input.txt")
    assert printed.split("\n") == (folder / f"{number:02}.expected.txt").read_bytes().decode().split("\n")


def test_figures_equal_seqevals_on_random_tags() -> None:
    choose = random.Random(31)
    tags = ["O", "B-A", "I-A", "B-B", "I-B"]
    for _ in range(300):
        gold, predicted = ([choose.choices(tags, k=12) for _ in range(3)] for _ in range(2))
        rows = [
            [f"w {' '.join(pair)}" for pair in zip(*both, strict=True)] for both in zip(gold, predicted, strict=True)
        ]
        printed = conlleval([line for sentence in rows for line in (*sentence, "")], "random")
        figures = [f(gold, predicted, zero_division=0) for f in (precision_score, recall_score, f1_score)]
        expected = "precision: {:6.2f}%; recall: {:6.2f}%; FB1: {:6.2f}".format(*(100 * float(one) for one in figures))
        assert printed.split("\n")[1].endswith(expected)


@pytest.mark.parametrize("name", ["BIO", "IOB1", "BIOES", "BILOU"])
def test_every_scheme_gives_the_same_phrases(name: str) -> None:
    lines = [f"w {gold} {guess}" for gold, guess in zip(written(CHUNKS, name), written(OTHERS, name), strict=True)]
    head, _, *rows = conlleval(lines, name).split("\n")
    assert head == "processed 7 tokens with 3 phrases; found: 3 phrases; correct: 2."
    assert rows[0] == "         PFEATURE: precision: 100.00%; recall: 100.00%; FB1: 100.00  1"
    assert rows[1] == "            PNAME: precision:  50.00%; recall:  50.00%; FB1:  50.00  2"


def written(chunks: list[tuple[int, int, str]], name: str) -> list[str]:
    tags = scheme(name).encode(chunks, 7)
    return [tag[0].translate(str.maketrans("ES", "LU")) + tag[1:] for tag in tags] if name == "BILOU" else tags


def test_a_file_without_phrases_has_two_lines() -> None:
    assert conlleval(["a O O"], "tags.txt") == (
        "processed 1 tokens with 0 phrases; found: 0 phrases; correct: 0.\n"
        "accuracy: 100.00%; precision:   0.00%; recall:   0.00%; FB1:   0.00\n"
    )


def test_a_label_is_padded_to_17_bytes_as_the_script_does() -> None:
    rows = conlleval(["a B-名前 O", "b B-a.label.longer.than.that O"], "tags.txt").split("\n")[2:4]
    assert [row.split(":")[0] for row in rows] == ["a.label.longer.than.that", " " * 11 + "名前"]


def test_a_sentences_end_ends_its_chunks() -> None:
    lines = ["a B-A B-A", "", "b I-A I-A"]
    assert conlleval(lines, "tags.txt").startswith("processed 2 tokens with 2 phrases; found: 2 phrases; correct: 2.")


@pytest.mark.parametrize("lines", [[], ["\n"], ["a O\n"], ["a O X-A\n"]])
def test_what_cannot_be_read_is_refused_with_the_files_name(lines: list[str]) -> None:
    with pytest.raises(DataError, match=r"tags\.txt:1: expected .* received "):
        conlleval(lines, "tags.txt")
