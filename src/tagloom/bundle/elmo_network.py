"""The network of an ELMo as an ONNX graph: its LSTMs are loops (`Scan`) that clip cells and outputs at each step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from tagloom.bundle.encoder_files import ElmoFiles, ElmoForm
from tagloom.bundle.graph import Graph
from tagloom.embeddings.elmo.elmo_folder import ElmoFolder
from tagloom.embeddings.elmo.options import ElmoOptions
from tagloom.embeddings.elmo.weights import FORGET, ElmoWeights, ProjectedLSTM

Array = NDArray[np.float32]

_WAYS = "onwards", "back"


@dataclass(frozen=True, slots=True)
class _Carried:
    """Names of what an LSTM begins with, or ends with."""

    output: str
    cell: str


def elmo_files(folder: ElmoFolder, layers: int | None = None) -> ElmoFiles:
    """An ELMo as part of a bundle.

    Args:
        folder: of the ELMo.
        layers: that are given, the last ones; all where it has fewer, and where None.

    Raises:
        DataError: its weights cannot be read.
    """
    options = folder.options
    layers = min(layers or options.num_layers, options.num_layers)
    form = ElmoForm(layers=layers, longest=options.word_form.longest, window=options.word_form.window)
    return ElmoFiles(elmo_network(options, folder.weights(), layers=layers), form)


def elmo_network(
    options: ElmoOptions, weights: ElmoWeights, *, layers: int | None = None, carries: bool = False
) -> bytes:
    """Layers of each word, one behind the other.

    Inputs are `characters` int32 (different, longest), `places` int32 (length, batch), which of them stands where, and
    `lengths` int64 (batch,); the output is `states` float32 (batch, length, layers * width). What stands behind a
    sentence's end is any number.

    Args:
        options: sizes.
        weights: all of them.
        layers: that are given, the last ones; None for all.
        carries: whether the network also takes and gives what its LSTMs carry on, `outputs` (2 * layers, batch,
            projection) and `cells` (2 * layers, batch, units), then `last_outputs` and `last_cells`; else each sentence
            begins with zeros.
    """
    graph = Graph()
    words = _words(graph, options, weights)
    ways = {"onwards": graph.add("Gather", [words, "places"], "onwards")}  # (length, batch, projection)
    ways["back"] = _reversed(graph, ways["onwards"], "back")
    found = [graph.add("Concat", [ways["onwards"], ways["onwards"]], "layer0", axis=2)]
    begins = list(_begins(graph, options, carries=carries))
    ends: list[_Carried] = []
    within = _within(graph) if carries else None
    for number in range(options.layers):
        for way, lstms in zip(_WAYS, weights.lstms, strict=True):
            name = f"{way}{number + 1}"
            states, end = _lstm(graph, name, options, lstms[number], ways[way], begins[len(ends)], within)
            is_added = options.skips and number
            ways[way] = graph.add("Add", [states, ways[way]], f"{name}_added") if is_added else states
            ends.append(end)
        back = _reversed(graph, ways["back"], f"back{number + 1}_turned")
        found.append(graph.add("Concat", [ways["onwards"], back], f"layer{number + 1}", axis=2))
    given = found[-(layers or len(found)) :]
    graph.add("Transpose", [graph.add("Concat", given, "layers", axis=2)], "states", perm=[1, 0, 2])
    return _serialized(graph, options, len(given), ends if carries else [])


def _words(graph: Graph, options: ElmoOptions, weights: ElmoWeights) -> str:
    """Vectors of words from their characters, (different, projection)."""
    embedded = graph.add("Gather", [graph.constant("table", weights.characters), "characters"], "embedded")
    across = graph.add("Transpose", [embedded], "across", perm=[0, 2, 1])  # (different, width, longest)
    highest = []
    for number, (kernel, bias) in enumerate(zip(weights.kernels, weights.biases, strict=True)):
        inputs = [across, graph.constant(f"kernel{number}", kernel.transpose(2, 1, 0))]
        answers = graph.add("Conv", [*inputs, graph.constant(f"bias{number}", bias)], f"answers{number}")
        highest.append(graph.add("ReduceMax", [answers], f"highest{number}", axes=[2], keepdims=0))
    joined = graph.add("Concat", highest, "joined", axis=1)
    values = graph.add({"relu": "Relu", "tanh": "Tanh"}[options.activation], [joined], "filtered")
    for number, highway in enumerate(weights.highways):
        name = f"highway{number}"
        carry = _dense(graph, f"{name}_carry", values, highway.carry, highway.carry_bias)
        share = graph.add("Sigmoid", [carry], f"{name}_share")
        transform = _dense(graph, f"{name}_transform", values, highway.transform, highway.transform_bias)
        other = graph.add("Relu", [transform], f"{name}_other")
        change = graph.add("Mul", [share, graph.add("Sub", [other, values], f"{name}_from")], f"{name}_change")
        values = graph.add("Add", [values, change], f"{name}_out")
    return _dense(graph, "words", values, weights.projection, weights.projection_bias)


def _dense(graph: Graph, name: str, values: str, matrix: Array, bias: Array) -> str:
    product = graph.add("MatMul", [values, graph.constant(f"{name}_matrix", matrix)], f"{name}_product")
    return graph.add("Add", [product, graph.constant(f"{name}_bias", bias)], name)


def _reversed(graph: Graph, values: str, name: str) -> str:
    """Values (length, batch, width) with each sentence turned round."""
    return graph.add("ReverseSequence", [values, "lengths"], name, time_axis=0, batch_axis=1)


def _begins(graph: Graph, options: ElmoOptions, *, carries: bool) -> Iterator[_Carried]:
    """What each LSTM begins with, layer by layer, onwards and back."""
    number = 2 * options.layers
    if not carries:
        batch = graph.add("Shape", ["lengths"], "batch")
        zeros = _Carried(
            *(_zeros(graph, name, batch, width) for name, width in _carried_widths(options)),
        )
        yield from [zeros] * number
        return
    for place in range(number):
        row = graph.constant(f"row{place}", np.array(place, np.int64))
        yield _Carried(
            *(graph.add("Gather", [name, row], f"{name}{place}", axis=0) for name, _ in _carried_widths(options))
        )


def _carried_widths(options: ElmoOptions) -> list[tuple[str, int]]:
    return [("outputs", options.projection), ("cells", options.units)]


def _zeros(graph: Graph, name: str, batch: str, width: int) -> str:
    own = graph.constant(f"{name}_width", np.array([width], np.int64))
    shape = graph.add("Concat", [batch, own], f"{name}_shape", axis=0)
    return graph.add("ConstantOfShape", [shape], f"{name}_zeros")


def _within(graph: Graph) -> str:
    """Whether each place is in its sentence, (length, batch, 1)."""
    shape = graph.add("Shape", ["places"], "places_shape")
    length = graph.add("Gather", [shape, graph.constant("first", np.array(0, np.int64))], "length")
    limits = graph.constant("zero", np.array(0, np.int64)), graph.constant("one", np.array(1, np.int64))
    steps = graph.add("Range", [limits[0], length, limits[1]], "steps")
    upright = graph.add("Unsqueeze", [steps, graph.constant("second_axis", np.array([1], np.int64))], "upright")
    present = graph.add("Less", [upright, "lengths"], "present")
    return graph.add("Unsqueeze", [present, graph.constant("third_axis", np.array([2], np.int64))], "within")


def _lstm(
    graph: Graph,
    name: str,
    options: ElmoOptions,
    lstm: ProjectedLSTM,
    values: str,
    begin: _Carried,
    within: str | None,
) -> tuple[str, _Carried]:
    """Outputs (length, batch, projection) of one LSTM, and what it ends with."""
    kernel, bias = _gates_together(lstm.kernel), _gates_together(_with_forget(lstm.bias))
    entered = _dense(graph, f"{name}_entered", values, kernel[: options.projection], bias)
    body = _step(name, options, kernel[options.projection :], lstm.projection, is_masked=within is not None)
    scanned = [entered] if within is None else [entered, within]
    end, states = _Carried(f"{name}_output", f"{name}_cell"), f"{name}_states"
    graph.nodes.append(
        helper.make_node(
            "Scan",
            [begin.output, begin.cell, *scanned],
            [end.output, end.cell, states],
            name=name,
            body=body,
            num_scan_inputs=len(scanned),
        )
    )
    return states, end


def _step(name: str, options: ElmoOptions, recurrent: Array, projection: Array, *, is_masked: bool) -> object:
    """What an LSTM does at each word; gates come in the order input, forget, output, candidate."""
    graph = Graph()

    def named(part: str) -> str:
        return f"{name}_step_{part}"

    output, cell, entered, within = map(named, ("output", "cell", "entered", "within"))
    product = graph.add("MatMul", [output, graph.constant(named("recurrent"), recurrent)], named("product"))
    gates = graph.add("Add", [product, entered], named("gates"))
    units = options.units
    parts = graph.constant(named("parts"), np.array([3 * units, units], np.int64))
    graph.nodes.append(helper.make_node("Split", [gates, parts], [named("open"), named("new")], axis=1))
    opened = graph.add("Sigmoid", [named("open")], named("opened"))
    thirds = graph.constant(named("thirds"), np.array([units] * 3, np.int64))
    ways = [named(part) for part in ("enter", "keep", "leave")]
    graph.nodes.append(helper.make_node("Split", [opened, thirds], ways, axis=1))
    enter, keep, leave = ways
    added = graph.add("Mul", [enter, graph.add("Tanh", [named("new")], named("candidate"))], named("added"))
    summed = graph.add("Add", [graph.add("Mul", [keep, cell], named("kept")), added], named("summed"))
    fresh = _clipped(graph, named("fresh"), summed, options.cell_clip)
    shown = graph.add("Mul", [leave, graph.add("Tanh", [fresh], named("squashed"))], named("shown"))
    narrow = graph.add("MatMul", [shown, graph.constant(named("projection"), projection)], named("narrow"))
    states = _clipped(graph, named("states"), narrow, options.projection_clip)
    carried = {"output": (output, states), "cell": (cell, fresh)}
    ends = {
        part: graph.add("Where", [within, new, old], named(f"{part}_on"))
        if is_masked
        else graph.add("Identity", [new], named(f"{part}_on"))
        for part, (old, new) in carried.items()
    }
    widths = {"output": options.projection, "cell": units}
    inputs = [_value(named(part), ["batch", width]) for part, width in widths.items()]
    inputs.append(_value(entered, ["batch", 4 * units]))
    if is_masked:
        inputs.append(helper.make_tensor_value_info(within, TensorProto.BOOL, ["batch", 1]))
    outputs = [_value(ends[part], ["batch", width]) for part, width in widths.items()]
    return graph.body(named("body"), inputs, [*outputs, _value(states, ["batch", options.projection])])


def _clipped(graph: Graph, name: str, values: str, bound: float | None) -> str:
    if bound is None:
        return graph.add("Identity", [values], name)
    bounds = [graph.constant(f"{name}_{sign}", np.array(sign * bound, np.float32)) for sign in (-1, 1)]
    return graph.add("Clip", [values, *bounds], name)


def _gates_together(values: Array) -> Array:
    """Columns of the gates input, candidate, forget, output as input, forget, output, candidate."""
    enter, candidate, keep, leave = np.split(values, 4, axis=-1)
    return np.concatenate([enter, keep, leave, candidate], axis=-1)


def _with_forget(bias: Array) -> Array:
    enter, candidate, keep, leave = np.split(bias, 4)
    return np.concatenate([enter, candidate, keep + np.float32(FORGET), leave])


def _value(name: str, shape: list[str | int]) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _serialized(graph: Graph, options: ElmoOptions, num_layers: int, ends: list[_Carried]) -> bytes:
    inputs = [
        helper.make_tensor_value_info("characters", TensorProto.INT32, ["different", "longest"]),
        helper.make_tensor_value_info("places", TensorProto.INT32, ["length", "batch"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT64, ["batch"]),
    ]
    outputs = [_value("states", ["batch", "length", num_layers * options.width])]
    if ends:
        axis = graph.constant("first_axis", np.array([0], np.int64))
        for name, width in _carried_widths(options):
            last = [end.output if name == "outputs" else end.cell for end in ends]
            rows = [graph.add("Unsqueeze", [one, axis], f"{one}_row") for one in last]
            graph.add("Concat", rows, f"last_{name}", axis=0)
            inputs.append(_value(name, [len(ends), "batch", width]))
            outputs.append(_value(f"last_{name}", [len(ends), "batch", width]))
    return graph.serialized("elmo", inputs, outputs)
