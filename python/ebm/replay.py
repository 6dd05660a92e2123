"""Replay buffer of persistent chains."""
from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from . import _core
from .arrays import as_rows


class ReplayBuffer:
    """Chains that go on from iteration to iteration (Tieleman 2008; Du & Mordatch 2019).

    >>> buffer = ebm.ReplayBuffer((1, 28, 28), capacity=8192, box=(-1, 1), seed=0)
    >>> x = buffer.draw(64)           # some start anew, with restart_probability
    >>> x = sampler.run(energy, x, steps=20, seed=i).x
    >>> buffer.store(x, steps=20)

    Parameters
    ----------
    shape : int or sequence of int
        Of one state.
    capacity : int
    storage : {'float32', 'uint8'}
        uint8: one of 256 levels of the box, with noise below one level on reading.
    policy : {'in-place', 'ring', 'reservoir'}
    restart_probability : float
        That a drawn chain starts anew.
    box : (low, high), optional
        New chains are uniform on it, else N(0, I).
    seed : int
        Same seed, same draws.
    """

    def __init__(self, shape: int | Sequence[int], capacity: int = 8192, *,
                 storage: str = "float32", policy: str = "in-place",
                 restart_probability: float = 0.05, box: Sequence[float] | None = None,
                 seed: int = 0) -> None:
        self.shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
        self._dim = int(np.prod(self.shape))
        self._core = _core.ReplayBuffer(capacity, self._dim, storage, policy, restart_probability,
                                        None if box is None else tuple(map(float, box)), seed)

    def draw(self, n: int) -> np.ndarray:
        """n chains of distinct slots, [n, \\*shape]."""
        return self._core.draw(n).reshape(n, *self.shape)

    def store(self, x: Any, steps: int) -> None:
        """Stores the chains of the last draw() after so many more steps."""
        self._core.store(as_rows(x, self._dim), steps)

    ages = property(lambda self: self._core.ages, doc="steps since each chain's start, [size]")
    mean_age = property(lambda self: self._core.mean_age)
    capacity = property(lambda self: self._core.capacity)

    def __len__(self) -> int:
        return self._core.size

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint holds; :meth:`load_state_dict` goes on with the same bits."""
        return self._core.state()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on from what :meth:`state_dict` gave."""
        self._core.restore(state)
