"""The tables that a model begins with: which words they have, and how much of a corpus they cover."""

from pathlib import Path

import numpy as np
import pytest

from tagloom.embeddings.choice import EmbeddingChoice, parse_embeddings
from tagloom.embeddings.embedding import Embedding, joined, parted
from tagloom.embeddings.tables import TableOptions, word_tables
from tagloom.errors import ConfigError, DataError
from vector_files import VECTORS, WIDTH, glove

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


def test_learned_tables_have_the_words_of_the_training_part_and_begin_at_random(tmp_path: Path) -> None:
    choices = parse_embeddings(f"learned:7 + vectors:{glove(tmp_path / 'some.txt')}")
    (learned, vectors), _ = word_tables(choices, TRAINED, COUNTS, options(tunes=True, dropouts=(0.1, 0.2)))
    assert (learned.index.words, learned.values) == (("nikon", "the", "lens"), None)
    assert (learned.embedding, learned.is_trained, learned.dropout) == (Embedding("learned", "", 7), True, 0.1)
    assert (vectors.is_trained, vectors.dropout) == (True, 0.2)


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
