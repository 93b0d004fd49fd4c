"""A tensor, as annotations name it: each backend has a type of its own."""

from typing import Any

Tensor = Any
