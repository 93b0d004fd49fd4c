"""The tables that a model begins with: which words they have, and how much of a corpus they cover."""

from pathlib import Path

import numpy as np
import pytest

from tagloom.embeddings.choice import EmbeddingChoice, located, parse_embeddings
from tagloom.embeddings.embedding import Embedding, joined, parted
from tagloom.embeddings.tables import TableOptions, open_file, word_tables
from tagloom.embeddings.vectors.opening import open_vectors
from tagloom.errors import ConfigError, DataError
from tagloom.features.ngrams import ngrams
from tagloom.features.word_index import WordIndex
from vector_files import VECTORS, WIDTH, fasttext, glove

COUNTS = {"The": 3, "the": 2, "Nikon": 4, "NIKON": 1, "D90": 2, "1985": 1, "47": 5, "lens": 2}
TRAINED = {"The": 3, "Nikon": 4, "lens": 2}


def options(*, tunes: bool = False, spare: int = 0, dropouts: tuple[float, ...] = (0.0,)) -> TableOptions:
    return TableOptions(tunes, spare, dropouts)


def test_words_are_looked_for_as_written_then_in_lower_case_then_by_their_digits(tmp_path: Path) -> None:
    path = glove(tmp_path / "some.txt")
    (table,), (coverage,) = word_tables([EmbeddingChoice("vectors", str(path))], TRAINED, COUNTS, options())
    assert table.embedding == Embedding("vectors", "some.txt", WIDTH)
    assert coverage.different_found == {"surface": 2, "lower": 2, "folded": 1, "hashed": 1}
    assert (coverage.found, coverage.num_words, coverage.num_different) == (17, 20, 8)
    assert str(coverage) == (
        f"vectors:{path}: 85.0% of 20 words have a vector; 6 of 8 different ones (2 as written, 2 in lower case, "
        "1 in lower case with zeros for digits, 1 with # for digits)."
    )
    assert table.values is not None
    found = table.values[table.index.numbers(["The", "the", "Nikon", "NIKON", "D90", "D70", "47", "lens", "1985"])]
    expected = [VECTORS[word] for word in ("the", "the", "Nikon", "nikon", "d00", "d00", "##")]
    np.testing.assert_array_equal(found, [*expected, (0, 0, 0), (0, 0, 0)])


def test_a_model_gets_the_words_of_its_corpus_and_as_many_of_the_first_others_as_it_is_given(tmp_path: Path) -> None:
    choice = EmbeddingChoice("vectors", str(glove(tmp_path / "some.txt")))
    for spare, others in (
        (0, ()),
        (2, ("Nikon",)),
        (3, ("Nikon", "nikon")),
        (100, ("Nikon", "nikon", "d00", "##", "日本")),
    ):
        (table,), _ = word_tables([choice], {}, {"The": 1}, options(spare=spare))
        assert table.index.words[: len(others) + 1] == ("the", *others)
        assert table.values is not None
        assert len(table.values) == table.index.num_rows


def test_a_word_that_stands_in_a_file_twice_has_one_row_and_one_that_looks_like_a_stretch_none(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text("zebra 1 2\nthe 3 4\nzebra 5 6\n\x1f<th 7 8\n")
    (table,), _ = word_tables([EmbeddingChoice("vectors", str(path))], {}, {"the": 1}, options(spare=9))
    assert table.index.words == ("the", "zebra")
    assert WordIndex.from_json(table.index.to_json()) == table.index
    assert table.values is not None
    assert table.values.tolist() == [[0, 0], [3, 4], [1, 2]]


def test_unknown_words_are_made_of_the_stretches_that_a_file_of_fasttext_knows(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    words, numbers = ["the", "Nikon", "viewfinder"], random.standard_normal((3 + 7, 4)).astype(np.float32)
    path = fasttext(tmp_path / "some.bin", words, numbers, shortest=2, longest=3)  # 7 buckets: many stretches share one
    (table,), (coverage,) = word_tables([EmbeddingChoice("vectors", str(path))], {}, {"Nikon": 1}, options(spare=1000))
    assert coverage.found == 1
    assert table.values is not None
    assert table.index.has_pieces
    known = {ngram for word in words for ngram in ngrams(word, 2, 3)}
    asked = ["Nikon's", "finder", "Niken", "NIKON"]
    is_found, exact = open_vectors(path).look_up(asked)
    assert is_found.all()
    for word, expected in zip(asked, exact, strict=True):
        own = list(ngrams(word, 2, 3))
        rows = table.index.pieces(word)
        assert len(rows) == sum(ngram in known for ngram in own)
        if set(own) <= known:
            np.testing.assert_allclose(table.values[rows].mean(axis=0), expected, rtol=1e-5)
    assert set(ngrams("finder", 3, 3)) - known == {"<fi"}
    assert table.index.pieces("日") == []


def test_a_word_of_known_stretches_alone_has_the_vector_that_fasttext_gives_it(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).standard_normal((2 + 5, 4)).astype(np.float32)
    path = fasttext(tmp_path / "some.bin", ["barbara", "ab"], numbers, shortest=2, longest=2)
    (table,), _ = word_tables([EmbeddingChoice("vectors", str(path))], {}, {"barbara": 1}, options(spare=1000))
    _, (expected,) = open_vectors(path).look_up(["bara"])  # whose stretches are those of barbara
    assert table.values is not None
    np.testing.assert_allclose(table.values[table.index.pieces("bara")].mean(axis=0), expected, rtol=1e-5)


def test_as_many_stretches_are_kept_as_words(tmp_path: Path) -> None:
    numbers = np.ones((3 + 7, 4), np.float32)
    path = fasttext(tmp_path / "some.bin", ["barbara", "ab", "barb"], numbers, shortest=2, longest=2)
    (table,), _ = word_tables([EmbeddingChoice("vectors", str(path))], {}, {"barbara": 1}, options(spare=2))
    assert table.index.words == ("barbara", "ab", "\x1fba", "\x1far")  # those that stand most often in its words


def test_learned_tables_have_the_words_of_the_training_part_and_begin_at_random(tmp_path: Path) -> None:
    choices = parse_embeddings(f"learned:7 + vectors:{glove(tmp_path / 'some.txt')}")
    (learned, vectors), _ = word_tables(choices, TRAINED, COUNTS, options(tunes=True, dropouts=(0.1, 0.2)))
    assert (learned.index.words, learned.values) == (("nikon", "the", "lens"), None)
    assert (learned.embedding, learned.is_trained, learned.dropout) == (Embedding("learned", "", 7), True, 0.1)
    assert (vectors.is_trained, vectors.dropout) == (True, 0.2)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("vectors:some.txt + learned:50", "vectors:{base}/some.txt + learned:50"),
        ("vectors:nowhere.txt", "vectors:nowhere.txt"),
        ("vectors:{base}/some.txt", "vectors:{base}/some.txt"),
        ("transformer:model", "transformer:{base}/model"),
        ("transformer:bert-base-cased", "transformer:bert-base-cased"),
        ("distilled:./model:16", "distilled:{base}/model:16"),
        ("distilled:minilm:16", "distilled:minilm:16"),
        ("transformer:minilm", "transformer:minilm"),
        ("elmo:~/model", "elmo:{base}/model"),
        ("minilm", "minilm"),
    ],
)
def test_files_and_folders_are_found_from_anywhere(
    asked: str, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "some.txt").touch()
    (tmp_path / "model").mkdir()
    assert located(asked.format(base=tmp_path), tmp_path) == found.format(base=tmp_path)


def test_a_path_that_reads_as_two_embeddings_or_cannot_be_one_is_left_as_it_was_named(tmp_path: Path) -> None:
    base = tmp_path / "a + b"
    base.mkdir()
    (base / "some.txt").touch()
    for asked in ("vectors:some.txt", f"vectors:{'x' * 300}"):
        assert located(asked, base) == asked


def test_the_home_of_nobody_is_one_line() -> None:
    with pytest.raises(DataError, match=r"~nobody-here/some\.txt: expected the home folder of somebody"):
        open_file(EmbeddingChoice("vectors", "~nobody-here/some.txt"))


def test_vectors_of_none_of_the_words_are_refused(tmp_path: Path) -> None:
    choice = EmbeddingChoice("vectors", str(glove(tmp_path / "some.txt")))
    with pytest.raises(DataError, match="such as 'objektiv', received none among 7 words"):
        word_tables([choice], {}, {"objektiv": 1}, options())


@pytest.mark.parametrize("name", ["glove.6B.100d.txt", "a:b", "a + b", "x" * 300])
def test_the_embeddings_of_a_model_are_told_in_one_string_and_read_from_it(name: str) -> None:
    string = joined([Embedding("learned", "", 50), Embedding("vectors", name, 100)])
    learned, vectors = parted(string)
    assert learned == Embedding("learned", "", 50)
    assert (vectors.kind, vectors.width) == ("vectors", 100)
    assert joined([learned, vectors]) == string


@pytest.mark.parametrize("string", ["", "learned", "learned:0", "learned:a:5", "vectors:5", "glove:a:5", "learned:5 +"])
def test_what_tells_no_embeddings_is_refused(string: str) -> None:
    with pytest.raises(ConfigError, match="expected learned:WIDTH or KIND:NAME:WIDTH"):
        parted(string)
