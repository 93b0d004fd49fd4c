"""The bidirectional language model of ELMo in torch (Peters et al. 2018): characters, then projected LSTMs each way."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from tagloom.embeddings.elmo.options import ElmoOptions
from tagloom.embeddings.elmo.weights import FORGET, ElmoWeights, Highway, ProjectedLSTM
from tagloom.models.recurrent import reverse, reversed_order

State = tuple[Tensor, Tensor]
"""What an LSTM carries on: states (directions, batch, projection) and cells (directions, batch, units)."""


def _parameter(values: NDArray[np.float32]) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(np.array(values, np.float32)))


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return tensor.detach().cpu().numpy()


class WordsFromCharacters(nn.Module):
    """Vectors of words from their characters: a CNN, highways and a projection.

    Args:
        options: sizes.
        weights: that it begins with.
    """

    def __init__(self, options: ElmoOptions, weights: ElmoWeights) -> None:
        super().__init__()
        self._activation = torch.relu if options.activation == "relu" else torch.tanh
        self.table = _parameter(weights.characters)
        self.kernels = nn.ParameterList(_parameter(kernel) for kernel in weights.kernels)
        self.biases = nn.ParameterList(_parameter(bias) for bias in weights.biases)
        self.highways = nn.ModuleList(_HighwayLayer(highway) for highway in weights.highways)
        self.projection, self.projection_bias = _parameter(weights.projection), _parameter(weights.projection_bias)

    def forward(self, characters: Tensor) -> Tensor:
        """(words, projection) of characters (words, longest)."""
        across = functional.embedding(characters, self.table, padding_idx=0).transpose(1, 2)  # (words, width, longest)
        highest = [
            functional.conv1d(across, kernel.permute(2, 1, 0), bias).amax(dim=2)
            for kernel, bias in zip(self.kernels, self.biases, strict=True)
        ]
        values = self._activation(torch.cat(highest, dim=1))
        for highway in self.highways:
            values = highway(values)
        return values @ self.projection + self.projection_bias


class _HighwayLayer(nn.Module):
    def __init__(self, highway: Highway) -> None:
        super().__init__()
        self.carry, self.carry_bias = _parameter(highway.carry), _parameter(highway.carry_bias)
        self.transform, self.transform_bias = _parameter(highway.transform), _parameter(highway.transform_bias)

    def forward(self, values: Tensor) -> Tensor:
        share = torch.sigmoid(values @ self.carry + self.carry_bias)
        other = torch.relu(values @ self.transform + self.transform_bias)
        return share * other + (1 - share) * values

    def weights(self) -> Highway:
        return Highway(*map(_array, (self.carry, self.carry_bias, self.transform, self.transform_bias)))


class _LSTMLayer(nn.Module):
    """One layer in both directions at once, over sequences that are each as its direction reads them."""

    def __init__(self, options: ElmoOptions, directions: Sequence[ProjectedLSTM]) -> None:
        super().__init__()
        self._cell_clip, self._projection_clip = options.cell_clip, options.projection_clip
        self.kernel = _parameter(np.stack([one.kernel for one in directions]))
        self.bias = _parameter(np.stack([one.bias for one in directions]))
        self.projection = _parameter(np.stack([one.projection for one in directions]))

    def forward(self, values: Tensor, state: State, within: Tensor | None) -> tuple[Tensor, State]:
        """Outputs (directions, length, batch, projection), and what is carried on.

        Args:
            values: (directions, length, batch, projection).
            state: that it begins with.
            within: whether a place is in its sentence, (length, batch); None where all are.
        """
        width = values.shape[-1]
        added = torch.einsum("dlbp,dpg->dlbg", values, self.kernel[:, :width])
        added = added + self._bias_with_forget()[:, None, None]
        recurrent, outputs = self.kernel[:, width:], []
        output, cell = state
        for step in range(values.shape[1]):
            gates = torch.baddbmm(added[:, step], output, recurrent)
            enter, candidate, keep, leave = gates.chunk(4, dim=2)
            fresh = _clipped(torch.sigmoid(keep) * cell + torch.sigmoid(enter) * torch.tanh(candidate), self._cell_clip)
            shown = _clipped(
                torch.bmm(torch.sigmoid(leave) * torch.tanh(fresh), self.projection), self._projection_clip
            )
            outputs.append(shown)
            if within is None:
                output, cell = shown, fresh
            else:
                place = within[step][None, :, None]
                output, cell = torch.where(place, shown, output), torch.where(place, fresh, cell)
        return torch.stack(outputs, dim=1), (output, cell)

    def _bias_with_forget(self) -> Tensor:
        units = self.bias.shape[1] // 4
        forget = self.bias.new_zeros(4 * units)
        forget[2 * units : 3 * units] = FORGET
        return self.bias + forget

    def weights(self, direction: int) -> ProjectedLSTM:
        return ProjectedLSTM(*(_array(one[direction]) for one in (self.kernel, self.bias, self.projection)))


def _clipped(values: Tensor, bound: float | None) -> Tensor:
    return values if bound is None else values.clamp(-bound, bound)


class BiLM(nn.Module):
    """The whole network.

    Args:
        options: sizes.
        weights: that it begins with.
    """

    def __init__(self, options: ElmoOptions, weights: ElmoWeights) -> None:
        super().__init__()
        self.options = options
        self.words = WordsFromCharacters(options, weights)
        self.layers = nn.ModuleList(
            _LSTMLayer(options, [direction[number] for direction in weights.lstms]) for number in range(options.layers)
        )

    def forward(
        self, characters: Tensor, places: Tensor, lengths: Tensor, states: Sequence[State] | None = None
    ) -> tuple[Tensor, list[State]]:
        """All layers of each word, (length, batch, layers, 2 * projection), and what each LSTM layer carries on.

        Args:
            characters: of different words, (different, longest).
            places: which of them stands where, (length, batch), with what begins and ends a sentence.
            lengths: of the sentences, (batch,).
            states: that the LSTM layers begin with; None for zeros.
        """
        words = self.words(characters)
        onwards = words.index_select(0, places.flatten()).view(*places.shape, -1)
        order = reversed_order(lengths, len(places))
        both = torch.stack([onwards, reverse(onwards, order)])
        within = torch.arange(len(places), device=lengths.device)[:, None] < lengths
        layers, carried = [torch.cat([onwards, onwards], dim=-1)], []
        for values, state in self.through_layers(both, states, within):
            layers.append(torch.cat([values[0], reverse(values[1], order)], dim=-1))
            carried.append(state)
        return torch.stack(layers, dim=2), carried

    def through_layers(
        self,
        values: Tensor,
        states: Sequence[State] | None = None,
        within: Tensor | None = None,
        dropout: float = 0.0,
    ) -> list[tuple[Tensor, State]]:
        """Each LSTM layer's outputs, (directions, length, batch, projection), and what it carries on.

        Args:
            values: vectors of words, each sequence as its direction reads it, (directions, length, batch, projection).
            states: that the layers begin with; None for zeros.
            within: whether a place is in its sentence, (length, batch); None where all are.
            dropout: share of each layer's inputs that a training step leaves out.
        """
        found: list[tuple[Tensor, State]] = []
        for number, layer in enumerate(self.layers):
            state = self.zeros(values.shape[2]) if states is None else states[number]
            entered = functional.dropout(values, dropout, training=self.training)
            outputs, carried = layer(entered, state, within)
            values = outputs + values if self.options.skips and number else outputs
            found.append((values, carried))
        return found

    def zeros(self, batch: int) -> State:
        """What a layer carries on from nothing."""
        like, options = self.words.projection, self.options
        return like.new_zeros(2, batch, options.projection), like.new_zeros(2, batch, options.units)

    def weights(self) -> ElmoWeights:
        """The weights as they are now."""
        words = self.words
        characters = _array(words.table).copy()
        characters[0] = 0
        return ElmoWeights(
            characters=characters,
            kernels=tuple(map(_array, words.kernels)),
            biases=tuple(map(_array, words.biases)),
            highways=tuple(highway.weights() for highway in words.highways),  # type: ignore[operator]  # ModuleList forgets
            projection=_array(words.projection),
            projection_bias=_array(words.projection_bias),
            lstms=tuple(tuple(layer.weights(way) for layer in self.layers) for way in (0, 1)),  # type: ignore[operator]
        )
