"""What tests of embeddings share."""

from pathlib import Path

import pytest

from tiny_transformers import tiny_transformer


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small transformer."""
    return tiny_transformer(tmp_path_factory.mktemp("models") / "bert")
