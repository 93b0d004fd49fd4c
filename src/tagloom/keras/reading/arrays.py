"""The numbers of Keras's weights."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def array(weight: Any) -> Array:
    """A weight in single precision."""
    return np.array(keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(weight)), np.float32)
