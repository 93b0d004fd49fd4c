"""ONNX Runtime sessions over a bundle's networks."""

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from tagloom.errors import BundleError


class Network:
    """One network, ready to run.

    Args:
        content: an ONNX model.
        name: what it is called in an error.
        threads: of the processor; 0 leaves the choice to ONNX Runtime.

    Raises:
        BundleError: ONNX Runtime does not take it.
    """

    def __init__(self, content: bytes, name: str, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001  # ONNX Runtime's exceptions share no narrower base
            raise BundleError(f"{name}: ONNX Runtime does not take this network: {error}") from error

    def run(self, **inputs: NDArray[np.generic]) -> NDArray[np.float32]:
        """Its one output for inputs by name."""
        output: NDArray[np.float32] = self._session.run(None, inputs)[0]
        return output
