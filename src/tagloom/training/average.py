"""Averaged weights: what a training has gone through on its way, instead of where it happens to stand."""

import contextlib
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from tagloom.models.tagger import Tagger


class AveragedWeights:
    """A mean of the network's weights after each step, in which older steps count less and less.

    After step `n` the mean moves towards the weights by `1 - min(decay, n / (n + 9))`, so that the first steps, far
    from anything, are soon forgotten (an exponential moving average; Polyak & Juditsky 1992; the decay rises as
    TensorFlow's does).

    Args:
        tagger: whose tensors training changes in place.
        decay: what the mean counts against the newest weights, below 1.
    """

    def __init__(self, tagger: Tagger, decay: float) -> None:
        self._decay = decay
        every: dict[Tensor, str] = {tensor: name for name, tensor in tagger.state_dict(keep_vars=True).items()}
        self._tensors = {name: tensor for tensor, name in every.items() if tensor.is_floating_point()}  # each once
        self.means = {name: tensor.detach().clone() for name, tensor in self._tensors.items()}

    @torch.no_grad()
    def follow(self, steps_done: int) -> None:
        """Takes in the weights after so many steps."""
        share = 1 - min(self._decay, steps_done / (steps_done + 9))
        for name, tensor in self._tensors.items():
            self.means[name].lerp_(tensor, share)

    def restore(self, means: Mapping[str, Tensor]) -> None:
        """Goes on from these means."""
        for name, mean in means.items():
            self.means[name].copy_(mean)

    @contextlib.contextmanager
    def placed(self) -> Iterator[None]:
        """Within the block the network has the means as its weights; what is built there may go on pointing at them."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        for name, tensor in self._tensors.items():
            tensor.data, self.means[name] = self.means[name], tensor.data
