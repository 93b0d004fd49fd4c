"""`weights.hdf5` of an ELMo, read into arrays and written from them.

The names in the file are TensorFlow's (https://github.com/allenai/bilm-tf). An LSTM's gates come there in the order
input, candidate, forget, output, and `FORGET` is added to what the forget gate gets.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.elmo.characters import NUM_CHARACTERS
from tagloom.embeddings.elmo.options import ElmoOptions
from tagloom.errors import DataError, one_line
from tagloom.files import write_bytes

WEIGHTS = "weights.hdf5"

FORGET = 1.0
"""What TensorFlow adds to the forget gate, so that a cell keeps what it has while nothing is learned."""

DIRECTIONS = (0, 1)
"""Onwards and back, as the file numbers them."""

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Highway:
    """A layer that passes its input on as far as its gate says.

    Args:
        carry: of the gate, (width, width).
        carry_bias: (width,).
        transform: of what comes in its place, (width, width).
        transform_bias: (width,).
    """

    carry: Array
    carry_bias: Array
    transform: Array
    transform_bias: Array


@dataclass(frozen=True)
class ProjectedLSTM:
    """One layer in one direction; gates in the file's order.

    Args:
        kernel: of inputs and states, (projection + projection, 4 * units).
        bias: (4 * units,), without the 1 of the forget gate.
        projection: of the output, (units, projection).
    """

    kernel: Array
    bias: Array
    projection: Array


@dataclass(frozen=True)
class ElmoWeights:
    """All weights of an ELMo.

    Args:
        characters: vector of each, (characters, width); that of 0 is 0.
        kernels: of each window, (window, width, filters).
        biases: of each window, (filters,).
        highways: in order.
        projection: from all filters to a word's vector, (filters, projection).
        projection_bias: (projection,).
        lstms: for each direction its layers.
    """

    characters: Array
    kernels: tuple[Array, ...]
    biases: tuple[Array, ...]
    highways: tuple[Highway, ...]
    projection: Array
    projection_bias: Array
    lstms: tuple[tuple[ProjectedLSTM, ...], ...]


def read_weights(path: Path, options: ElmoOptions) -> ElmoWeights:
    """The weights in a file.

    Raises:
        DataError: it is no HDF5, lacks one of them or has one of another shape, or refers to anything outside itself.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return _read(_Source(file, path), options)
    except (OSError, KeyError, RuntimeError, ValueError) as error:  # what h5py raises of a damaged file
        raise DataError(f"{path}: expected HDF5, received {one_line(error)}.") from error


def write_weights(path: Path, weights: ElmoWeights) -> None:
    """Writes a file that `read_weights` reads, and AllenNLP and bilm-tf did."""
    import h5py

    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, values in _named(weights):
            file.create_dataset(name, data=values)
    write_bytes(path, content.getvalue())


def _named(weights: ElmoWeights) -> Iterator[tuple[str, Array]]:
    yield "char_embed", weights.characters[1:]
    for number, (kernel, bias) in enumerate(zip(weights.kernels, weights.biases, strict=True)):
        yield f"CNN/W_cnn_{number}", kernel[None]
        yield f"CNN/b_cnn_{number}", bias
    for number, highway in enumerate(weights.highways):
        yield f"CNN_high_{number}/W_carry", highway.carry
        yield f"CNN_high_{number}/b_carry", highway.carry_bias
        yield f"CNN_high_{number}/W_transform", highway.transform
        yield f"CNN_high_{number}/b_transform", highway.transform_bias
    yield "CNN_proj/W_proj", weights.projection
    yield "CNN_proj/b_proj", weights.projection_bias
    for direction, layers in zip(DIRECTIONS, weights.lstms, strict=True):
        for number, lstm in enumerate(layers):
            cell = _cell(direction, number)
            yield f"{cell}/W_0", lstm.kernel
            yield f"{cell}/B", lstm.bias
            yield f"{cell}/W_P_0", lstm.projection


def _read(source: "_Source", options: ElmoOptions) -> ElmoWeights:
    filters, projection = options.num_filters, options.projection
    characters = source.array("char_embed", (NUM_CHARACTERS - 1, options.character_width))
    return ElmoWeights(
        characters=np.concatenate([np.zeros((1, options.character_width), np.float32), characters]),
        kernels=tuple(
            source.array(f"CNN/W_cnn_{number}", (1, window, options.character_width, own))[0]
            for number, (window, own) in enumerate(options.filters)
        ),
        biases=tuple(source.array(f"CNN/b_cnn_{number}", (own,)) for number, (_, own) in enumerate(options.filters)),
        highways=tuple(
            Highway(
                source.array(f"CNN_high_{number}/W_carry", (filters, filters)),
                source.array(f"CNN_high_{number}/b_carry", (filters,)),
                source.array(f"CNN_high_{number}/W_transform", (filters, filters)),
                source.array(f"CNN_high_{number}/b_transform", (filters,)),
            )
            for number in range(options.highways)
        ),
        projection=source.array("CNN_proj/W_proj", (filters, projection)),
        projection_bias=source.array("CNN_proj/b_proj", (projection,)),
        lstms=tuple(
            tuple(_read_lstm(source, _cell(direction, number), options) for number in range(options.layers))
            for direction in DIRECTIONS
        ),
    )


def _read_lstm(source: "_Source", cell: str, options: ElmoOptions) -> ProjectedLSTM:
    return ProjectedLSTM(
        source.array(f"{cell}/W_0", (2 * options.projection, 4 * options.units)),
        source.array(f"{cell}/B", (4 * options.units,)),
        source.array(f"{cell}/W_P_0", (options.units, options.projection)),
    )


def _cell(direction: int, layer: int) -> str:
    return f"RNN_{direction}/RNN/MultiRNNCell/Cell{layer}/LSTMCell"


class _Source:
    """An HDF5 file of which only what lies in it is read: no link leads anywhere, no values lie elsewhere."""

    def __init__(self, file: Any, path: Path) -> None:
        self._file, self._path = file, path

    def array(self, name: str, shape: tuple[int, ...]) -> Array:
        """The finite numbers under a name, of a shape.

        Raises:
            DataError: there are none, or they are something else.
        """
        values = self._dataset(name, shape)[()].astype(np.float32)
        if not np.isfinite(values).all():
            raise DataError(f"{self._path}: expected finite numbers as {name}, received others.")
        array: Array = values
        return array

    def _dataset(self, name: str, shape: tuple[int, ...]) -> Any:
        import h5py

        found, place = self._file, ""
        for part in name.split("/"):
            place = f"{place}/{part}".lstrip("/")
            link = found.get(part, getlink=True) if isinstance(found, h5py.Group) else None
            if link is None:
                raise DataError(f"{self._path}: expected {name} {shape}, found none. Is it an ELMo of these options?")
            if not isinstance(link, h5py.HardLink):
                raise DataError(f"{self._path}: expected {place} itself, received a link, which is not followed.")
            found = found[part]
        if not isinstance(found, h5py.Dataset) or found.shape != shape or found.dtype.kind != "f":
            received = f"{found.dtype} {found.shape}" if isinstance(found, h5py.Dataset) else "something else"
            raise DataError(f"{self._path}: expected {name}, numbers {shape}, received {received}.")
        if found.is_virtual or found.external:
            raise DataError(f"{self._path}: expected the numbers of {name} in the file, received those of another one.")
        if found.id.get_storage_size() < found.size * found.dtype.itemsize:  # a small file may claim any size
            raise DataError(f"{self._path}: expected {name} whole and not packed, received less than its numbers.")
        return found
