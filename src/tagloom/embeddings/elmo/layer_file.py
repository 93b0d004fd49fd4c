"""Layers of an ELMo in a file, as bilm-tf writes them: HDF5 with a dataset for each sentence, named by its number."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagloom.files import whole_file


def write_layers(path: Path, sentences: Iterable[NDArray[np.float32]]) -> None:
    """Writes the layers of each sentence, (layers, words, width), whole or not at all."""
    import h5py

    with whole_file(path) as stream, h5py.File(stream, "w") as file:
        for number, layers in enumerate(sentences):
            file.create_dataset(str(number), data=layers)
