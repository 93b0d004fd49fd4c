"""Names that options choose from, `training` having the code; those of the network are in `bundle.architecture`."""

from collections.abc import Mapping

OPTIMIZERS = ("adam", "adamw", "nadam", "rmsprop", "sgd")

SCHEDULES = ("constant", "inverse_time", "linear", "cosine")

LOSSES: Mapping[str, str] = {"crf": "crf", "softmax": "cross_entropy"}
"""The loss that each decoder trains by."""
