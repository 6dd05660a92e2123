"""How far something is: by tqdm, by a function of the caller, or not at all."""
from __future__ import annotations

import sys
from typing import Any, Callable

from .errors import UsageError

# Called with (phase, fraction done, units a second).
Progress = Callable[[str, float, float], None]


class Bar:
    """Shows progress by tqdm, by a function of the caller, or not at all.

    Parameters
    ----------
    progress : bool or callable or None
        None: a bar where somebody types, as in notebooks, and none in scripts.
    unit : str
        Of the rate.
    """

    def __init__(self, progress: bool | Progress | None, unit: str = "chain-steps/s") -> None:
        self._call = progress if callable(progress) else None
        self._unit = unit
        self._bar = None
        if progress is True or (progress is None and _is_interactive()):
            try:
                from tqdm.auto import tqdm
            except ImportError:
                if progress is True:
                    raise UsageError("progress: tqdm is not installed") from None
                return
            self._bar = tqdm(total=1.0, leave=False, delay=1.0,
                             bar_format="{desc}{percentage:3.0f}%|{bar}| [{elapsed}<{remaining}]")

    def __enter__(self) -> Progress | None:
        if self._call is not None:
            return self._call
        return self._show if self._bar is not None else None

    def _show(self, phase: str, fraction: float, rate: float) -> None:
        text = f"{phase} {rate:.3g} {self._unit} " if rate else f"{phase} "
        self._bar.set_description_str(text.lstrip(), refresh=False)
        self._bar.update(fraction - self._bar.n)

    def __exit__(self, *unused: Any) -> None:
        if self._bar is not None:
            self._bar.close()


def _is_interactive() -> bool:
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules
