"""A Keras model read whole: word embedding, characters, BiLSTM layers, scores, and what makes tags of these."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tagloom.keras.reading.graph import Step, graph_of
from tagloom.keras.reading.recurrent import Directions, read_bidirectional
from tagloom.keras.reading.refusal import refused
from tagloom.keras.reading.scores import Scores, read_scores
from tagloom.keras.reading.words import Beginning, read_beginning


@dataclass(frozen=True, eq=False)
class ReadModel:
    """The parts of a Keras model that a bundle can hold.

    Args:
        model: functional, of the same layers, with its inputs as a list: word numbers (batch, length) and character
            numbers (batch, length, characters) in either order.
        beginning: what gives a word's vector.
        layers: of each BiLSTM layer both directions' weights; the first reads words before characters.
        scores: the last layers.
    """

    model: Any
    beginning: Beginning
    layers: tuple[Directions, ...]
    scores: Scores

    @property
    def units(self) -> int:
        """LSTM units per direction."""
        return int(self.layers[0][0]["recurrent_kernel"].shape[1])


def read_model(model: Any) -> ReadModel:
    """The parts of a model.

    Raises:
        BundleError: a layer that no bundle holds, or in a place where none has it; it is named.
    """
    graph = graph_of(model)
    scores, step = read_scores(graph.last)
    layers, step = _read_layers(step)
    beginning = read_beginning(step)
    return ReadModel(graph.model, beginning, (_words_first(layers[0], beginning), *layers[1:]), scores)


def _read_layers(step: Step) -> tuple[list[Directions], Step]:
    """The BiLSTM layers from the first to the last, and the call before them."""
    layers: list[Directions] = []
    last, units = step.layer, None
    while isinstance(step.layer, keras.layers.Bidirectional):
        layers.insert(0, read_bidirectional(step.layer, return_sequences=True))
        own = step.layer.forward_layer.units
        if units not in (None, own):
            raise refused(step.layer, f"{units} units, as behind it", f"{own}", "Give each BiLSTM layer as many.")
        units, step = own, step.only
    if not layers:
        expected = "Bidirectional(LSTM(units, return_sequences=True)) right before the last Dense"
        raise refused(last, expected, type(last).__name__, "Put one there, with nothing but dropout between them.")
    return layers, step


def _words_first(directions: Directions, beginning: Beginning) -> Directions:
    """The first layer, reading a word's vector before that of its characters."""
    if not beginning.are_characters_first:
        return directions
    width = beginning.words.table.shape[1]
    onwards, back = ({**one, "kernel": np.roll(one["kernel"], width, axis=1)} for one in directions)
    return onwards, back
