"""The random numbers of one training step, from (seed, epoch, step) alone, so that a resumed run meets the same."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


class Noise:
    """Masks for one step.

    A mask takes a byte of randomness an element, so a share is rounded to 1/256 and the scale follows what was rounded.

    Args:
        seed: of the run.
        epoch: from 0.
        step: within the epoch, from 0.
        device: where the masks are used.
    """

    def __init__(self, seed: int, epoch: int, step: int, device: torch.device | str = "cpu") -> None:
        self._random = np.random.Generator(np.random.SFC64(np.random.SeedSequence((seed, epoch, step))))
        self._device = device

    def dropout(self, values: Tensor, share: float) -> Tensor:
        """The values with about `share` of them zero and the others scaled up to the same mean (inverted dropout)."""
        return values if share <= 0 else values * self.mask(values.shape, share)

    def mask(self, shape: Sequence[int], share: float) -> Tensor:
        """Zeros in about `share` of the places, one over the rest's share elsewhere."""
        threshold = min(255, round(share * 256))
        kept = self._bytes(shape) >= threshold
        scale = np.float32(256 / (256 - threshold))
        return torch.from_numpy(kept * scale).to(self._device)

    def chosen(self, shape: Sequence[int], share: float) -> Tensor:
        """True in about `share` of the places."""
        return torch.from_numpy(self._bytes(shape) < min(256, round(share * 256))).to(self._device)

    def _bytes(self, shape: Sequence[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return np.frombuffer(self._random.bytes(int(np.prod(shape))), np.uint8).reshape(tuple(shape))
