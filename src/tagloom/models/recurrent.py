"""Bidirectional LSTMs over padded sentences (Hochreiter & Schmidhuber 1997), exact whatever the padding.

The backward direction is a second LSTM over each sentence reversed within its own length: padding stays behind, and
both directions run as one fused operator each.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tagloom.models.initializers import KERNEL_INITIALIZERS
from tagloom.models.noise import Noise


class _Reverse(torch.autograd.Function):
    """Rows in another order; the order is its own inverse, so the gradient takes the same way."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, values: Tensor, order: Tensor) -> Tensor:
        ctx.save_for_backward(order)
        return values.flatten(0, 1).index_select(0, order).view_as(values)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, *gradients: Tensor) -> tuple[Tensor, None]:
        (order,) = ctx.saved_tensors  # type: ignore[attr-defined]  # torch does not type its context
        (gradient,) = gradients
        return gradient.contiguous().flatten(0, 1).index_select(0, order).view_as(gradient), None


def reversed_order(lengths: Tensor, longest: int) -> Tensor:
    """Places (longest * batch,) that turn each sentence round within its length, for values (longest, batch, ...)."""
    steps = torch.arange(longest, device=lengths.device)[:, None]  # (longest, 1)
    turned = torch.where(steps < lengths, lengths - 1 - steps, steps)  # (longest, batch)
    return (turned * len(lengths) + torch.arange(len(lengths), device=lengths.device)).flatten()


def reverse(values: Tensor, order: Tensor) -> Tensor:
    """Values (length, batch, width) with each sentence turned round."""
    result: Tensor = _Reverse.apply(values, order)  # type: ignore[no-untyped-call]  # torch does not type it
    return result


class OneWayLSTM(nn.Module):
    """One layer in one direction.

    The input matrix begins as `kernel_initializer` says, the recurrent one orthogonal, the forget gate's bias at 1
    (Jozefowicz et al. 2015). Gates are in torch's order i, f, g, o.

    Args:
        inputs: width of what comes in.
        units: width of the state.
        kernel_initializer: a name of `KERNEL_INITIALIZERS`.
        generator: of the first values.
    """

    def __init__(self, inputs: int, units: int, kernel_initializer: str, generator: torch.Generator) -> None:
        super().__init__()
        fill = KERNEL_INITIALIZERS[kernel_initializer]
        self.kernel = nn.Parameter(fill(torch.empty(4 * units, inputs), generator))
        gates = [nn.init.orthogonal_(torch.empty(units, units), generator=generator) for _ in range(4)]
        self.recurrent_kernel = nn.Parameter(torch.cat(gates))
        self.bias = nn.Parameter(torch.cat([torch.zeros(units), torch.ones(units), torch.zeros(2 * units)]))

    def forward(self, values: Tensor, recurrent_dropout: float, noise: Noise | None) -> Tensor:
        """States (length, batch, units) of values (length, batch, inputs).

        Recurrent dropout leaves out state units on their way to the next word, as Keras's: one choice a batch, by
        zeroing columns of the recurrent matrix, so that the operator stays fused.
        """
        units = self.recurrent_kernel.shape[1]
        recurrent: Tensor = self.recurrent_kernel
        if noise is not None and recurrent_dropout > 0:
            recurrent = recurrent * noise.mask((1, units), recurrent_dropout)
        zero = values.new_zeros(1, values.shape[1], units)
        weights = [self.kernel, recurrent, self.bias, torch.zeros_like(self.bias)]
        states: Tensor = torch.lstm(values, (zero, zero), weights, True, 1, 0.0, self.training, False, False)[0]
        return states


class BiLSTM(nn.Module):
    """Layers of LSTMs in both directions, with dropout before, between and after.

    Args:
        inputs: width of what comes in.
        units: per direction.
        layers: 0 for none, but for dropout once.
        kernel_initializer: a name of `KERNEL_INITIALIZERS`.
        generator: of the first values.
    """

    def __init__(
        self, inputs: int, units: int, *, layers: int, kernel_initializer: str, generator: torch.Generator
    ) -> None:
        super().__init__()
        widths = [inputs, *[2 * units] * (layers - 1)][:layers]
        self.forwards = nn.ModuleList(OneWayLSTM(width, units, kernel_initializer, generator) for width in widths)
        self.backwards = nn.ModuleList(OneWayLSTM(width, units, kernel_initializer, generator) for width in widths)

    def forward(
        self, values: Tensor, lengths: Tensor, *, dropout: float, recurrent_dropout: float, noise: Noise | None
    ) -> Tensor:
        """States of both directions, (length, batch, 2 * units), of values (length, batch, inputs)."""
        order = reversed_order(lengths, values.shape[0])
        for onwards, back in zip(self.forwards, self.backwards, strict=True):
            if noise is not None:
                values = noise.dropout(values, dropout)
            ahead = onwards(values, recurrent_dropout, noise)
            behind = reverse(back(reverse(values, order), recurrent_dropout, noise), order)
            values = torch.cat((ahead, behind), dim=2)  # (length, batch, 2 * units)
        return values if noise is None else noise.dropout(values, dropout)

    def directions(self) -> Sequence[tuple[OneWayLSTM, OneWayLSTM]]:
        """Both directions of each layer."""
        return list(zip(self.forwards, self.backwards, strict=True))  # type: ignore[arg-type]  # ModuleList forgets
