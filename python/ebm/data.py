"""Data sets, as the command line reads them."""
from __future__ import annotations

import dataclasses

import numpy as np

from . import _core
from .energy import warn


@dataclasses.dataclass(frozen=True)
class Dataset:
    """Items of a data set.

    Attributes
    ----------
    x : ndarray, [n, channels, height, width] or [n, dim], float32
        Images in [-1, 1]: a grey level v is v/127.5 - 1.
    labels : ndarray, [n], or None
    class_names : list of str
    name : str
        The SPEC, with defaults filled in.
    """

    x: np.ndarray
    labels: np.ndarray | None
    class_names: list[str]
    name: str

    def __len__(self) -> int:
        return len(self.x)


def load_data(spec: str) -> Dataset:
    """Reads a data set: ``"fashion-mnist#split=test,limit=100"``, ``"images:photos#size=32"``,
    ``"cifar10:FOLDER"``, ``"npy:x.npy"``, ``"toy:8gaussians"`` (docs/data.md)."""
    return Dataset(**_core.load_data(spec, warn))
