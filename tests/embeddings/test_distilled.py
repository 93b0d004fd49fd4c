"""Static vectors taken from a transformer: for any word, from pieces where a model lacks it, and as a file."""

from pathlib import Path

import numpy as np
import pytest

from tagloom.embeddings.encoders.encoder import MEAN
from tagloom.embeddings.encoders.model_folder import ModelFolder, find_model
from tagloom.embeddings.vectors.opening import open_vectors
from tagloom.embeddings.vectors.writing import write_vectors
from tagloom.errors import ConfigError
from tagloom.training.distilled import DistilledVectors
from tagloom.training.encoder_networks import frozen_encoder
from tiny_transformers import WIDTH, tiny_transformer

WORDS = ["camera", "Viewfinder", "d90", "日本", "unheardof", "\u00ad", ""]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return find_model(str(tiny_transformer(tmp_path_factory.mktemp("models") / "bert")))


def test_the_vocabulary_lies_along_its_principal_components(folder: ModelFolder) -> None:
    whole = DistilledVectors(folder, WIDTH)
    pieces = whole.first_words(whole.num_words)
    _, encoder = frozen_encoder(folder, layers=1, pooling=MEAN, threads=1)
    encoded = np.concatenate(encoder.vectors([[piece.removeprefix("##")] for piece in pieces]))
    expected = np.linalg.svd(encoded - encoded.mean(axis=0), full_matrices=False)[1] ** 2
    _, vectors = whole.look_up(pieces)
    weights = np.log1p([max(own) for own in whole._subwords.of([piece.removeprefix("##") for piece in pieces])])
    along = vectors / weights[:, None]
    spread = ((along - along.mean(axis=0)) ** 2).sum(axis=0)
    np.testing.assert_allclose(spread / spread.sum(), expected / expected.sum(), atol=1e-4)


def test_every_word_has_a_vector_and_the_first_numbers_of_a_wider_one_up_to_scale(folder: ModelFolder) -> None:
    is_found, narrow = DistilledVectors(folder, 4).look_up(WORDS)
    assert is_found.all()
    _, wide = DistilledVectors(folder, 8).look_up(WORDS)
    np.testing.assert_allclose(narrow, wide[:, :4] * (narrow[0, 0] / wide[0, 0]), atol=1e-4)
    assert "##finder" in DistilledVectors(folder, 4).first_words(99)
    assert "[CLS]" not in DistilledVectors(folder, 4).first_words(99)


def test_a_width_beyond_the_transformers_is_refused(folder: ModelFolder) -> None:
    with pytest.raises(ConfigError, match=f"expected a width of at most {WIDTH}, that of bert, received 17"):
        DistilledVectors(folder, 17)


def test_what_is_written_is_read_as_any_file_of_vectors(folder: ModelFolder, tmp_path: Path) -> None:
    source = DistilledVectors(folder, 4)
    assert write_vectors(tmp_path / "some.txt", source, [*WORDS, "two words"]) == 6
    is_found, vectors = open_vectors(tmp_path / "some.txt").look_up(WORDS)
    assert is_found.tolist() == [True] * 6 + [False]
    np.testing.assert_allclose(vectors, source.look_up(WORDS[:-1])[1], rtol=1e-3, atol=1e-5)
