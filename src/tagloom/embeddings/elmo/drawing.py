"""The weights that an ELMo begins its training with."""

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.elmo.characters import NUM_CHARACTERS
from tagloom.embeddings.elmo.options import ElmoOptions
from tagloom.embeddings.elmo.weights import DIRECTIONS, ElmoWeights, Highway, ProjectedLSTM

_PASSED = -2.0  # the bias of highways' gates: at first most of the input is passed on (Srivastava et al. 2015)

Array = NDArray[np.float32]


def drawn_weights(options: ElmoOptions, seed: int) -> ElmoWeights:
    """Weights drawn as bilm-tf draws them; the same seed gives the same.

    Args:
        options: sizes.
        seed: of the chance.
    """
    drawing = _Drawing(seed)
    filters, projection, units = options.num_filters, options.projection, options.units
    characters = drawing.uniform(1.0, NUM_CHARACTERS, options.character_width)
    characters[0] = 0
    return ElmoWeights(
        characters=characters,
        kernels=tuple(_kernel(drawing, options, window, number) for window, number in options.filters),
        biases=tuple(np.zeros(number, np.float32) for _, number in options.filters),
        highways=tuple(_highway(drawing, filters) for _ in range(options.highways)),
        projection=drawing.normal(filters**-0.5, filters, projection),
        projection_bias=np.zeros(projection, np.float32),
        lstms=tuple(
            tuple(
                ProjectedLSTM(
                    kernel=drawing.glorot(2 * projection, 4 * units),
                    bias=np.zeros(4 * units, np.float32),
                    projection=drawing.glorot(units, projection),
                )
                for _ in range(options.layers)
            )
            for _ in DIRECTIONS
        ),
    )


def _kernel(drawing: "_Drawing", options: ElmoOptions, window: int, number: int) -> Array:
    shape = window, options.character_width, number
    if options.activation == "tanh":
        return drawing.normal((window * options.character_width) ** -0.5, *shape)
    return drawing.uniform(0.05, *shape)


def _highway(drawing: "_Drawing", width: int) -> Highway:
    return Highway(
        carry=drawing.normal(width**-0.5, width, width),
        carry_bias=np.full(width, _PASSED, np.float32),
        transform=drawing.normal(width**-0.5, width, width),
        transform_bias=np.zeros(width, np.float32),
    )


class _Drawing:
    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng(seed)

    def uniform(self, most: float, *shape: int) -> Array:
        return self._chance.uniform(-most, most, shape).astype(np.float32)

    def normal(self, deviation: float, *shape: int) -> Array:
        return self._chance.normal(0, deviation, shape).astype(np.float32)

    def glorot(self, inputs: int, outputs: int) -> Array:
        return self.uniform((6 / (inputs + outputs)) ** 0.5, inputs, outputs)
