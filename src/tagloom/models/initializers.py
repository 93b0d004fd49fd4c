"""How weights begin, by Keras's names. Matrices are (out, in), as torch keeps them."""

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

Initializer = Callable[[Tensor, torch.Generator], Tensor]


def _scaled(mode: str, scale: float, distribution: str) -> Initializer:
    """Keras's VarianceScaling: variance `scale` over the fan (in, or the mean of in and out)."""

    def fill(matrix: Tensor, generator: torch.Generator) -> Tensor:
        fan_out, fan_in = matrix.shape
        fan = fan_in if mode == "in" else (fan_in + fan_out) / 2
        if distribution == "uniform":
            bound = math.sqrt(3.0 * scale / fan)
            return nn.init.uniform_(matrix, -bound, bound, generator=generator)
        deviation = math.sqrt(scale / fan) / 0.87962566103423978  # of a normal cut at two deviations
        return nn.init.trunc_normal_(matrix, 0.0, deviation, -2 * deviation, 2 * deviation, generator=generator)

    return fill


KERNEL_INITIALIZERS: Mapping[str, Initializer] = {
    "glorot_uniform": _scaled("mean", 1.0, "uniform"),
    "glorot_normal": _scaled("mean", 1.0, "normal"),
    "he_uniform": _scaled("in", 2.0, "uniform"),
    "he_normal": _scaled("in", 2.0, "normal"),
    "lecun_uniform": _scaled("in", 1.0, "uniform"),
    "lecun_normal": _scaled("in", 1.0, "normal"),
    "orthogonal": lambda matrix, generator: nn.init.orthogonal_(matrix, generator=generator),
    "random_uniform": lambda matrix, generator: nn.init.uniform_(matrix, -0.05, 0.05, generator=generator),
    "random_normal": lambda matrix, generator: nn.init.normal_(matrix, 0.0, 0.05, generator=generator),
}


def embedding_table(rows: int, width: int, generator: torch.Generator) -> Tensor:
    """A table of vectors, uniform within +-sqrt(3 / width) (Ma & Hovy 2016, section 3.1), (rows, width)."""
    bound = math.sqrt(3.0 / width)
    return torch.empty(rows, width).uniform_(-bound, bound, generator=generator)
