"""Where and in which precision a training computes. The one place that knows accelerate."""

import os

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from tagloom.errors import ConfigError

_MIXED = {"float32": "no", "bfloat16": "bf16"}


def accelerator(device: str, precision: str, threads: int) -> Accelerator:
    """What moves, scales and clips for the device that was asked for.

    Args:
        device: `auto` takes a GPU where there is one; `cpu`, `cuda`, `mps`.
        precision: `float32` or `bfloat16`.
        threads: of the processor; 0 for `OMP_NUM_THREADS`, or else as many as this process may use.

    Raises:
        ConfigError: the device is not there, or cannot compute in that precision.
    """
    present = {"auto": True, "cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not present[device]:
        raise ConfigError(f"option device: received {device!r}, but this machine has none. Set device to auto or cpu.")
    on_cpu = device == "cpu" or not (present["cuda"] or present["mps"])
    if on_cpu and precision != "float32":
        raise ConfigError(f"option precision: received {precision!r}, expected float32 on a CPU.")
    torch.set_num_threads(threads or _available_threads())
    AcceleratorState._reset_state(reset_partial_state=True)  # else a process could train in one way only
    return Accelerator(cpu=on_cpu, mixed_precision=_MIXED[precision])


def batch_size(num_sentences: int, device: torch.device) -> int:
    """Sentences a step: few where there are few, so that an epoch has many steps; on a GPU what fits its memory."""
    small = 8 if num_sentences < 3_000 else 16 if num_sentences < 10_000 else 32
    if device.type != "cuda":
        return small
    gigabytes = torch.cuda.get_device_properties(device).total_memory / 2**30
    return max(small, min(256, int(gigabytes * 16), num_sentences // 100))


def _available_threads() -> int:
    """What `OMP_NUM_THREADS` says, or else the processors that this process may use."""
    asked = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0]
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
