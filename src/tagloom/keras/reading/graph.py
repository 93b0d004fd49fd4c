"""The calls of layers that make up a Keras model, from its one output back to its inputs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras

from tagloom.errors import BundleError
from tagloom.keras.characters import CharacterCNN
from tagloom.keras.crf import CRF
from tagloom.keras.reading.refusal import CHAIN, advice, named, refused

NOISE = (
    keras.layers.Dropout,
    keras.layers.SpatialDropout1D,
    keras.layers.GaussianNoise,
    keras.layers.GaussianDropout,
    keras.layers.ActivityRegularization,
    keras.layers.Identity,
)
"""Layers that do nothing at prediction."""

_MODELS = (keras.Sequential, keras.Function)
_KNOWN = (
    *NOISE,
    keras.layers.InputLayer,
    keras.layers.Embedding,
    CharacterCNN,
    keras.layers.Concatenate,
    keras.layers.Bidirectional,
    keras.layers.TimeDistributed,
    keras.layers.Dense,
    keras.layers.Activation,
    CRF,
)


@dataclass(frozen=True, eq=False)
class Step:
    """One call of one layer.

    Args:
        layer: that is called.
        before: the calls whose outputs it takes, in order; none for an input.
    """

    layer: Any
    before: tuple["Step", ...]

    @property
    def only(self) -> "Step":
        """The one call before it, past what does nothing at prediction."""
        if len(self.before) != 1:
            raise refused(self.layer, "one input", f"{len(self.before)}", f"A bundle holds {CHAIN}.")
        return past_noise(self.before[0])


@dataclass(frozen=True, eq=False)
class Graph:
    """A model as calls of layers.

    Args:
        model: functional, of the same layers, with its inputs and outputs as lists.
        last: the call that gives the model's output.
    """

    model: Any
    last: Step


def graph_of(model: Any) -> Graph:
    """The graph of a functional or Sequential model; models inside it are opened.

    Raises:
        BundleError: it is another model or not built, has more than one output, or a layer that no bundle holds.
    """
    plain = _plain(model)
    _expect_known(plain)
    return Graph(plain, _last_step(plain, {}))


def past_noise(step: Step) -> Step:
    """The first call, from this one back, that does something at prediction."""
    layer = step.layer
    inner = layer.layer if isinstance(layer, keras.layers.TimeDistributed) else layer
    return step.only if isinstance(inner, NOISE) else step


def _plain(model: Any) -> Any:
    """The model as a functional one, whose graph Keras tells."""
    if not isinstance(model, _MODELS):
        received = type(model).__name__
        raise BundleError(f"the model: expected a functional or Sequential one, received {received}. Write it as one.")
    try:
        outputs = model.outputs
    except AttributeError as error:  # Sequential
        raise refused(model, "a built model", "one that knows no input", "Begin it with keras.Input.") from error
    if len(outputs) != 1:
        raise refused(model, "one output", f"{len(outputs)}", "Export a model that gives tags alone.")
    return keras.Model(model.inputs, outputs)


def _expect_known(plain: Any) -> None:
    for operation in plain.operations:
        if isinstance(operation, _MODELS):
            _expect_known(_plain(operation))
        elif isinstance(operation, keras.layers.Layer):
            _expect_known_layer(operation)


def _expect_known_layer(layer: Any) -> None:
    parts = list(_parts(layer))
    if any(type(part) not in (*_KNOWN, keras.layers.LSTM) for part in parts) or type(layer) is keras.layers.LSTM:
        raise refused(layer, CHAIN, type(layer).__name__, advice(layer))
    if any(getattr(part, "quantization_mode", None) is not None for part in parts):
        raise refused(layer, "weights in float32", "quantized ones", "Export the model before it is quantized.")


def _parts(layer: Any) -> Iterator[Any]:
    """The layer, and what it wraps."""
    yield layer
    if isinstance(layer, keras.layers.TimeDistributed):
        yield from _parts(layer.layer)
    elif isinstance(layer, keras.layers.Bidirectional):
        yield from (layer.forward_layer, layer.backward_layer)


def _last_step(plain: Any, given: Mapping[str, Step]) -> Step:
    """The last call of a model whose inputs are given by name, or are inputs of the whole."""
    config = plain.get_config()
    operations = {operation.name: operation for operation in plain.operations}
    nodes = {entry["name"]: entry["inbound_nodes"] for entry in config["layers"]}
    steps: dict[str, Step] = dict(given)

    def step_of(name: str, output: int) -> Step:
        operation = operations[name]
        if output != 0:
            raise refused(operation, "one output", f"its output number {output}", "Leave return_state out.")
        if name not in steps:
            calls = nodes[name]
            if len(calls) > 1:
                raise refused(operation, "one call", f"{len(calls)}", "Give each place a layer of its own.")
            before = tuple(step_of(*source) for call in calls for source in _sources(operation, call))
            steps[name] = _called(operation, before)
        return steps[name]

    (name, _, output), *_ = _histories(config["output_layers"])
    return step_of(name, output)


def _called(operation: Any, before: tuple[Step, ...]) -> Step:
    if not isinstance(operation, _MODELS):
        return Step(operation, before)
    plain = _plain(operation)
    names = [tensor.name for tensor in plain.inputs]
    return _last_step(plain, dict(zip(names, before, strict=True)))


def _sources(operation: Any, call: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Name and output number of what a call takes; a mask is no source, but what Keras makes of the embeddings."""
    others = {name: value for name, value in call["kwargs"].items() if name != "mask" and list(_histories(value))}
    if others:
        raise refused(operation, "no tensor beside its input", ", ".join(others), "Leave them out.")
    return [(name, output) for name, _, output in _histories(call["args"][:1])]


def _histories(value: Any) -> Iterator[tuple[str, int, int]]:
    """Each place in a model's config that names a tensor: layer, call, output."""
    if isinstance(value, dict):
        history = (
            value.get("config", {}).get("keras_history") if value.get("class_name") == "__keras_tensor__" else None
        )
        yield from _histories(history if history is not None else list(value.values()))
    elif isinstance(value, list | tuple):
        if len(value) == 3 and isinstance(value[0], str) and all(type(number) is int for number in value[1:]):
            yield value[0], value[1], value[2]
        else:
            for entry in value:
                yield from _histories(entry)


def expect_input(step: Step) -> None:
    """Lets pass an input of the model.

    Raises:
        BundleError: there is a layer where the model's input should be.
    """
    if not isinstance(step.layer, keras.layers.InputLayer):
        raise refused(step.layer, "the model's input", named(step.layer), f"A bundle holds {CHAIN}.")
