"""The architecture has moved to `tagloom.bundle`; this name goes when nobody imports it."""

from tagloom.bundle.architecture import ALGORITHMS, CHARACTERS, DECODERS, Architecture

__all__ = ["ALGORITHMS", "CHARACTERS", "DECODERS", "Architecture"]
