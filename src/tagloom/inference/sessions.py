"""ONNX Runtime sessions over a bundle's networks."""

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tagloom.errors import BundleError, one_line

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # it gathers what it does in a database from its import on

import onnxruntime

_FATAL = 4  # what goes wrong is raised, and need not be printed too


class Network:
    """One network, ready to run. Threads may share it.

    Args:
        content: an ONNX model.
        name: what it is called in an error.
        threads: of the processor; 0 leaves the choice to ONNX Runtime.

    Raises:
        BundleError: ONNX Runtime does not take it.
    """

    def __init__(self, content: bytes, name: str, threads: int = 0) -> None:
        self._name = name
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # it takes from others
        options.log_severity_level = _FATAL
        try:
            self._session = onnxruntime.InferenceSession(
                content,
                options,
                providers=["CPUExecutionProvider"],
                enable_fallback=0,  # it would print to standard output
            )
        except Exception as error:  # ONNX Runtime's exceptions share no narrower base
            raise self._error("a network that ONNX Runtime takes", error) from error

    @property
    def output_width(self) -> int:
        """The last axis of its first output.

        Raises:
            BundleError: it depends on the input.
        """
        width = self._session.get_outputs()[0].shape[-1]
        if not isinstance(width, int):
            raise self._error("an output of a fixed width", width)
        return width

    def run(self, shape: tuple[int, ...], **inputs: NDArray[np.generic]) -> NDArray[np.float32]:
        """Its one output, of that shape, for inputs by name.

        Raises:
            BundleError: it does not take these inputs, or gives something else.
        """
        (output,) = self.run_all([shape], **inputs)
        return output

    def run_all(
        self, shapes: Sequence[tuple[int, ...]], **inputs: NDArray[np.generic]
    ) -> Sequence[NDArray[np.float32]]:
        """Its outputs, of these shapes, for inputs by name.

        Raises:
            BundleError: it does not take these inputs, or gives something else.
        """
        try:
            outputs: list[NDArray[np.float32]] = self._session.run(None, inputs)
        except Exception as error:  # ONNX Runtime's exceptions share no narrower base
            raise self._error(f"a network that takes {', '.join(inputs)}", error) from error
        received = [f"{output.dtype} {output.shape}" for output in outputs]
        if received != [f"float32 {shape}" for shape in shapes]:
            number = "one output" if len(shapes) == 1 else f"{len(shapes)} outputs"
            raise self._error(f"{number} float32 {', '.join(map(str, shapes))}", ", ".join(received))
        if not all(np.isfinite(output).all() for output in outputs):
            raise self._error("finite numbers", "others")
        return outputs

    def _error(self, expected: str, received: object) -> BundleError:
        return BundleError(f"{self._name}: expected {expected}, received {one_line(received)}.")
