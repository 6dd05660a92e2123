"""Training of energies into run folders, those of `ebm train`."""
from __future__ import annotations

import base64
import csv
import html
import json
import os
import pathlib
from typing import Any, Callable, Sequence

import numpy as np

from . import _core
from .arrays import as_float32
from .data import Dataset
from .energy import SHARE, Energy, load, warn
from .errors import IoError, NoInputError, UsageError
from .progress import Bar, Progress


class Callback:
    """What is told of a training run; methods that are not overridden do nothing.

    An object of any class will do that has some of these methods, and a function is taken as
    ``on_log``. They may call ``run.stop()``. What they raise reaches the caller of
    :func:`train`, once the run is saved; :meth:`Run.resume` goes on from there.
    """

    def on_log(self, run: "Run", iteration: int, figures: dict[str, float]) -> None:
        """Every ``log_every`` iterations, with a row of metrics.csv."""

    def on_samples(self, run: "Run", iteration: int, samples: np.ndarray, source: str) -> None:
        """Every ``sample_every`` iterations, with samples [n, \\*shape] from 'noise', 'buffer'."""

    def on_checkpoint(self, run: "Run", iteration: int, path: pathlib.Path) -> None:
        """When a checkpoint folder has been written."""

    def on_end(self, run: "Run") -> None:
        """When training has ended, the model is written."""


Callbacks = Sequence["Callback | Callable[[Run, int, dict[str, float]], None]"]


class Run:
    """A run folder, as :func:`train` and ``ebm train`` make them; it shows itself in notebooks.

    Parameters
    ----------
    path : str or path

    Attributes
    ----------
    path : pathlib.Path
    end : {'iterations', 'minutes', 'signal'}, or None
        Why training ended ('signal' also after :meth:`stop`); None of a folder that was opened.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = pathlib.Path(path)
        if not (self.path / "config.toml").exists():
            raise NoInputError(f"no run: there is no {self.path / 'config.toml'}")
        self.end: str | None = None
        self._stops = False

    @property
    def metrics(self) -> Any:
        """metrics.csv: a DataFrame with pandas, else arrays by name; NaN: not taken."""
        columns = self._columns()
        try:
            import pandas
        except ImportError:
            return columns
        return pandas.DataFrame(columns)

    @property
    def iteration(self) -> int:
        """Iterations in metrics.csv."""
        made = self._columns().get("iteration", ())
        return int(made[-1]) if len(made) else 0

    @property
    def samples(self) -> list[pathlib.Path]:
        """The pictures of samples, by iteration."""
        return sorted((self.path / "samples").glob("*.png"),
                      key=lambda each: (_number(each.stem.rpartition("_")[2]), each.stem))

    @property
    def checkpoints(self) -> list[pathlib.Path]:
        """The checkpoint folders, by iteration; :func:`ebm.load` takes them."""
        found = (each for each in (self.path / "checkpoints").glob("*") if each.name.isdigit())
        return sorted(found, key=lambda each: _number(each.name))

    def load(self, **keywords: Any) -> Energy:
        """The model, as :func:`ebm.load` opens it."""
        return load(self.path, **keywords)

    def resume(self, *, callbacks: Callbacks = (), progress: bool | Progress | None = None,
               **settings: Any) -> "Run":
        """Goes on from the newest checkpoint, with the bits of a run that was never stopped.

        Parameters
        ----------
        callbacks, progress
            As of :func:`train`.
        **settings
            data, iterations, minutes, threads and keep_checkpoints may change.
        """
        _train(self, "", True, settings, callbacks, progress)
        return self

    def stop(self) -> None:
        """Ends training after the present iteration, saved: for callbacks, from any thread."""
        self._stops = True

    def _columns(self) -> dict[str, np.ndarray]:
        path = self.path / "metrics.csv"
        if not path.exists():
            return {}
        with open(path, encoding="utf-8", newline="") as file:
            names, *rows = csv.reader(file)
        columns = {name: np.array([float(row[i] or "nan") for row in rows])
                   for i, name in enumerate(names)}
        whole = columns.get("iteration")
        return columns if whole is None else {**columns, "iteration": whole.astype(np.int64)}

    def __repr__(self) -> str:
        return f"<ebm.Run {self.path} iteration={self.iteration}>"

    def _repr_html_(self) -> str:
        last = {name: values[-1] for name, values in self._columns().items() if len(values)}
        rows = "".join(f"<tr><th>{html.escape(name)}</th><td>{value:.6g}</td></tr>"
                       for name, value in last.items() if not np.isnan(value))
        picture = ""
        if self.samples:
            data = base64.b64encode(self.samples[-1].read_bytes()).decode()
            picture = (f'<img alt="samples" style="image-rendering: pixelated; width: 320px" '
                       f'src="data:image/png;base64,{data}">')
        return (f"<p><b>{html.escape(str(self.path))}</b></p><div style='display: flex; gap: 1em'>"
                f"<table>{rows}</table>{picture}</div>")


def train(data: Any, *, out: str | os.PathLike[str], net: str | os.PathLike[str] | None = None,
          objective: str | None = None, recipe: str | os.PathLike[str] = "",
          callbacks: Callbacks = (), progress: bool | Progress | None = None,
          **settings: Any) -> Run:
    """Trains an energy on the CPU; run folder and bits are those of ``ebm train``.

    Parameters
    ----------
    data : str, Dataset or array [n, \\*shape]
        A SPEC as ``"fashion-mnist"`` or ``"images:photos#size=32"`` (docs/data.md); an array,
        images in [-1, 1] or uint8 or points, is kept in the run folder as data.npy.
    out : str or path
        The run folder. One that holds a run already is an error: :meth:`Run.resume` goes on.
    net : str or path, optional
        A preset (:func:`preset_names`), a file ``.toml``, or the text of one (docs/networks.md).
    objective : str, optional
        ``"cd"``, ``"dsm"``, ``"nce"``, ... (docs/train.md).
    recipe : str or path, optional
        ``"quick"``, ``"good"``, ..., or a TOML file of keys.
    callbacks : sequence of Callback or callable
    progress : bool or callable, optional
        A bar of tqdm, by default in notebooks only; or it is called with ("train", fraction,
        iterations a second).
    **settings
        Any key that ``ebm train --help`` lists: ``iterations``, ``minutes``, ``seed``,
        ``batch_size``, ``learning_rate``, ``steps``, ``threads``, ...; ``minutes`` ends the run
        after an iteration, also where the command cuts a long one short.

    Returns
    -------
    Run

    Raises
    ------
    KeyboardInterrupt
        At Ctrl-C, once the run is saved.
    ebm.errors.UsageError
        Naming a key, its value and what would be right.
    ebm.errors.DivergedError
        At the fourth divergence.
    """
    folder = pathlib.Path(out)
    if (folder / "config.toml").exists():
        raise UsageError(f"out = {folder}: holds a run already; ebm.Run(out).resume() goes on, or "
                         "choose another")
    run = Run.__new__(Run)
    run.path, run.end, run._stops = folder, None, False
    given = {"net": net, "objective": objective, **settings}
    if isinstance(data, Dataset):
        data = data.name
    is_text = isinstance(net, str) and "\n" in net
    items = None if isinstance(data, str) else _items(data)
    try:
        if items is not None or is_text:
            folder.mkdir(parents=True, exist_ok=True)
        if is_text:
            (folder / "net.toml").write_text(net, encoding="utf-8")
            given["net"] = folder / "net.toml"
        if items is not None:
            np.save(folder / "data.npy", items)
            data = f"npy:{folder / 'data.npy'}"
    except OSError as error:
        raise IoError(f"cannot write into {folder}: {error.strerror}") from None
    _train(run, os.fspath(recipe), False, {"data": data, **given}, callbacks, progress)
    return run


def _number(digits: str) -> int:
    return int(digits) if digits.isdigit() else -1


def _items(data: Any) -> np.ndarray:
    if str(getattr(data, "dtype", "")) in ("uint8", "torch.uint8"):
        return np.ascontiguousarray(data)
    return as_float32(data, "data")


def _train(run: Run, config: str, resumes: bool, settings: dict[str, Any], callbacks: Callbacks,
           progress: bool | Progress | None) -> None:
    assignments = [f"{key}={_text(value, key)}" for key, value in settings.items()
                   if value is not None]
    told = [each if _has_methods(each) else _OnLog(each) for each in callbacks]
    run._stops, run.end = False, None
    with Bar(progress, "iterations/s") as bar:
        n_iterations = 0

        def tell(kind: str, iteration: int, payload: Any) -> bool:
            nonlocal n_iterations
            if kind == "start":
                n_iterations = payload
            elif kind == "iteration" and bar is not None:
                bar("train", iteration / n_iterations, payload["iterations_per_s"])
            for each in told:
                method = getattr(each, f"on_{kind}", None)
                if method is None:
                    continue
                if kind == "log":
                    method(run, iteration, payload)
                elif kind == "samples":
                    method(run, iteration, payload["x"], payload["from"])
                elif kind == "checkpoint":
                    method(run, iteration, run.path / "checkpoints" / f"{iteration:06d}")
            return run._stops

        made = json.loads(_core.train(config, str(run.path), resumes, assignments, SHARE, tell,
                                      warn))
    run.end = made["end"]
    for each in told:
        if hasattr(each, "on_end"):
            each.on_end(run)


def _has_methods(callback: Any) -> bool:
    return any(hasattr(callback, name) for name in vars(Callback) if name.startswith("on_"))


class _OnLog:
    """A function as a callback."""

    def __init__(self, function: Callable[[Run, int, dict[str, float]], None]) -> None:
        if not callable(function):
            raise UsageError(f"callbacks: {function!r} is no function and has none of on_log, "
                             "on_samples, on_checkpoint, on_end")
        self.on_log = function


def _text(value: Any, key: str) -> str:
    """A value as --set takes it."""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (np.integer, np.floating)):
        value = value.item()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (str, os.PathLike)):
        return os.fspath(value)
    raise UsageError(f"{key} = {value!r}: must be a number, a bool or a text")
