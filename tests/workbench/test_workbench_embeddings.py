"""Of what lies in the owner's folder, trainings are offered what they can use."""

from pathlib import Path

import pytest

from tagloom.workbench.trainings.embeddings import offered_embeddings
from tiny_transformers import tiny_transformer
from vector_files import glove, word2vec_binary, zipped


def from_folder(folder: Path) -> list[str]:
    """What is offered of a folder, without what lies beside learned vectors."""
    return [name for name in offered_embeddings(folder) if folder.name in name and " + " not in name]


def test_a_file_is_offered_where_it_looks_like_vectors(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("Vectors for my trainings\n\nglove.txt is from Stanford.\n")
    (tmp_path / "empty.vec").touch()
    (tmp_path / "lens.md").write_text("a 1 2\n")
    word2vec_binary(tmp_path / "word2vec.bin")
    zipped(glove(tmp_path / "glove.txt"))
    expected = [f"vectors:./{tmp_path.name}/{name}" for name in ("glove.txt", "glove.txt.gz", "word2vec.bin")]
    assert from_folder(tmp_path) == expected


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_is_offered_where_it_has_the_files_of_a_transformer(missing: str, tmp_path: Path) -> None:
    bert = tiny_transformer(tmp_path / "bert")
    assert from_folder(tmp_path) == [f"{kind}:./{tmp_path.name}/bert" for kind in ("transformer", "distilled")]
    (bert / missing).unlink()
    assert from_folder(tmp_path) == []
