"""Arrays of users as arrays that the compiled part reads: float32, C order, on the CPU."""
from __future__ import annotations

from typing import Any

import numpy as np

from .errors import ShapeError, UsageError

# DLPack's numbers of devices whose memory the CPU reads: CPU, CUDA host memory.
_CPU_DEVICES = (1, 3)


def as_float32(values: Any, name: str) -> np.ndarray:
    """The values as float32 in C order, without a copy where they are that already.

    Takes NumPy arrays, nested sequences, and arrays of other libraries by ``__dlpack__`` (PyTorch,
    JAX). Other types of real numbers are converted.
    """
    if not isinstance(values, np.ndarray) and hasattr(values, "__dlpack__"):
        values = _from_dlpack(values, name)
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ShapeError(f"{name}: rows differ in length: {error}") from None
    if array.dtype.kind not in "fiub":
        raise UsageError(f"{name} has dtype {array.dtype}; expected real numbers")
    return array.astype(np.float32, order="C", copy=False)


def _from_dlpack(values: Any, name: str) -> np.ndarray:
    if getattr(values, "requires_grad", False):
        values = values.detach()
    device = values.__dlpack_device__()[0]
    if int(device) not in _CPU_DEVICES:
        raise UsageError(f"{name} is on another device ({getattr(values, 'device', device)}); "
                         "move it to the CPU, with x.cpu() in PyTorch")
    if str(getattr(values, "dtype", "")) == "torch.bfloat16":
        values = values.float()  # NumPy has no such type
    elif str(getattr(values, "dtype", "")) == "bfloat16":
        values = values.astype("float32")  # of JAX
    try:
        return np.from_dlpack(values)
    except (BufferError, TypeError, RuntimeError) as error:
        raise UsageError(f"{name} cannot be read: {error}") from None


def as_rows(values: Any, dim: int, name: str = "x") -> np.ndarray:
    """States as rows [n, dim]: any shape whose last axes hold `dim` numbers, the first is n."""
    array = as_float32(values, name)
    if array.ndim == 1 and array.size == dim:
        return array.reshape(1, dim)
    per_item = int(np.prod(array.shape[1:])) if array.ndim > 0 else 0
    if array.ndim == 0 or per_item != dim:
        raise ShapeError(f"{name} has shape {array.shape}; expected [n, ...] with {dim} values "
                         "in each of n states")
    return array.reshape(array.shape[0], dim)
