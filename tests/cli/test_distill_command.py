"""`tagloom distill`: a file of vectors that takes the place of nothing it is not told to."""

from pathlib import Path

import pytest
from command_line import CONLL, Tagloom

from tagloom.embeddings.vectors.opening import open_vectors
from tiny_transformers import tiny_transformer

NOWHERE = "no/transformer/of/this/name"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "precious.conll"
    path.write_text(CONLL)
    return path


def test_the_file_has_words_of_the_vocabulary_and_of_the_data(tagloom: Tagloom, data: Path, tmp_path: Path) -> None:
    target = tmp_path / "made" / "vectors.txt"
    result = tagloom("distill", tiny_transformer(tmp_path / "bert"), data, "-o", target, "--width", "4")
    assert (result.status, result.err) == (0, "")
    file = open_vectors(target)
    assert result.out.startswith(f"{target}: {file.num_words} words, 4 wide.")
    assert file.look_up(["camera", "Nikon", "##finder", "unheardof"])[0].tolist() == [True, True, False, False]


def test_what_is_there_is_replaced_only_where_that_is_asked_for(tagloom: Tagloom, tmp_path: Path) -> None:
    target = tmp_path / "vectors.txt"
    target.write_text("mine")
    error = tagloom("distill", NOWHERE, "-o", target).error
    assert "vectors.txt: expected a file to make, received one that exists. Choose another name, or give --" in error
    assert target.read_text() == "mine"
    bert = tiny_transformer(tmp_path / "bert")
    assert tagloom("distill", bert, "-o", target, "--width", "4", "--overwrite").status == 0
    assert open_vectors(target).width == 4


def test_what_is_read_is_never_replaced(tagloom: Tagloom, data: Path, tmp_path: Path) -> None:
    error = tagloom("distill", NOWHERE, data, "-o", data, "--overwrite").error
    assert "precious.conll: expected another file than those that are read" in error
    assert data.read_text() == CONLL
    (tmp_path / "config.json").write_text("{}")
    error = tagloom("distill", tmp_path, "-o", tmp_path / "config.json", "--overwrite").error
    assert "config.json: expected another file than those that are read" in error


def test_a_place_that_cannot_be_written_to_is_told_before_the_work(tagloom: Tagloom, data: Path) -> None:
    error = tagloom("distill", NOWHERE, "-o", data / "vectors.txt").error
    assert NOWHERE not in error
    assert "precious.conll" in error


def test_data_that_is_not_there_is_told_before_the_work(tagloom: Tagloom, tmp_path: Path) -> None:
    error = tagloom("distill", NOWHERE, tmp_path / "none.conll", "-o", tmp_path / "vectors.txt").error
    assert "none.conll: no such file" in error
