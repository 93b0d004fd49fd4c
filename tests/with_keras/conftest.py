"""Keras takes its backend from the environment when it is first imported: JAX here, unless another was asked for."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
