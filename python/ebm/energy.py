"""Energies: trained models, toys, networks with weights of one's own, functions of Python."""
from __future__ import annotations

import os
import pathlib
import warnings
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from . import _core
from .arrays import as_float32, as_rows
from .errors import ShapeError, UsageError, Warning, in_keywords

# Not resolved: in a build tree the files of the package are links.
SHARE = str(pathlib.Path(__file__).absolute().parent / "share" / "ebm")


def warn(line: str) -> None:
    """Gives a line of the library as a warning."""
    warnings.warn(in_keywords(line), Warning, stacklevel=4)


class Energy:
    """An energy E: low where a state is likely, a density exp(-E(x)/T)/Z.

    Made by :func:`load`, :func:`toy`, :func:`network` and :func:`from_callable`. States are
    float32, [n, \\*shape] or [n, dim]; every call is safe from several threads, does not hold the
    GIL, and gives the same bits for any number of threads.

    Attributes
    ----------
    dim : int
        Numbers in a state.
    shape : tuple of int
        Of a state: (channels, height, width) of an image, (dim,) of a point.
    classes : int
        Labels that the energy reads, 0 if it reads none; a label of ``classes`` means "none".
    class_names : list of str
        Their names, or [].
    n_steps : int
        Steps from noise to a sample.
    """

    _bound: "tuple[Energy, int | str | None, float | None] | None" = None  # of whom, at what

    def __init__(self, model: Any) -> None:
        self._model = model

    dim = property(lambda self: self._model.dim)
    classes = property(lambda self: self._model.classes)
    class_names = property(lambda self: self._model.class_names)
    n_steps = property(lambda self: self._model.n_steps)
    is_image = property(lambda self: self._model.is_image)
    precision = property(lambda self: self._model.precision,
                         doc="'f32' or 'bf16' of a compiled network, else None")
    data = property(lambda self: self._model.data, doc="SPEC of the training data, or ''")
    origin = property(lambda self: self._model.origin, doc="file of the weights, or ''")
    log_z = property(lambda self: self._model.log_z,
                     doc="ln of the integral of exp(-E) in nats, where it is known, else None")

    @property
    def shape(self) -> tuple[int, ...]:
        channels, height, width = self._model.shape
        return (channels, height, width) if self.is_image else (self.dim,)

    @property
    def parameters(self) -> list[str]:
        """Names of what the energy is a function of, as tables and traces have them."""
        return self._model.parameter_names()

    def energy(self, x: Any, *, class_: Any = None, level: float | None = None,
               threads: int = 0) -> np.ndarray:
        """E of each state, [n].

        Parameters
        ----------
        x : array, [n, \\*shape] or [n, dim]
        class_ : int, str or sequence of n of them, optional
            Labels of an energy with classes; without them "none".
        level : float, optional
            Noise level of an energy E(x, sigma).
        threads : int
            0: one for each CPU.
        """
        rows = as_rows(x, self.dim)
        return self._walk_model().evaluate(rows, self._contexts(len(rows), class_, level),
                                           _core.resolve_threads(threads), False)

    __call__ = energy

    def energy_and_grad(self, x: Any, *, class_: Any = None, level: float | None = None,
                        threads: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """E of each state, [n], and its gradient in the state, of the shape of x."""
        rows = as_rows(x, self.dim)
        contexts = self._contexts(len(rows), class_, level)
        energies, grads = self._walk_model().evaluate(rows, contexts,
                                                      _core.resolve_threads(threads), True)
        shape = np.shape(x)
        return energies, grads if len(shape) < 2 else grads.reshape(shape)

    def at(self, class_: int | str | None = None, level: float | None = None) -> "Energy":
        """The energy at one class, at one level of noise, or at both.

        ``energy.at(level=0.3).at(3)`` is ``energy.at(3, level=0.3)``. Without a class an energy
        that reads one is taken at none, and a warning says so.

        Raises
        ------
        ebm.errors.UsageError
            For a condition that the energy does not read, or is at already.
        """
        whole = self
        if self._bound is not None:
            whole, of_class, of_level = self._bound
            given = [f"{name} = {value}: the energy is at {name} = {before} already"
                     for name, value, before in (("class", class_, of_class),
                                                 ("level", level, of_level))
                     if value is not None and before is not None]
            if given:
                raise UsageError(given[0])
            class_ = of_class if class_ is None else class_
            level = of_level if level is None else level
        if class_ is None:
            whole._warn_of_none()
        at = Energy(whole._model.bound("" if class_ is None else str(class_), level))
        at._bound = (whole, class_, level)
        return at

    def _warn_of_none(self) -> None:
        """Says that an energy that reads a class is taken at none."""
        if self.classes > 0:
            warn(f"{self.origin or 'the energy'} is taken at no class, as class_='none'")

    def _walk_model(self) -> Any:
        """The model as chains are to be moved on it."""
        return self._model

    def _contexts(self, n: int, class_: Any, level: float | None) -> np.ndarray:
        if self._model.context_dim == 0:
            if class_ is not None or level is not None:
                raise UsageError("this energy reads neither a class nor a level of noise")
            return np.empty((0, 0), np.float32)
        if class_ is None or isinstance(class_, (int, str, np.integer)):
            one = self._model.context_of("" if class_ is None else str(class_), level)
            return np.tile(np.asarray(one, np.float32), (n, 1))
        labels = list(class_)
        if len(labels) != n:
            raise ShapeError(f"class_ has {len(labels)} labels for {n} states")
        known = {each: self._model.context_of(str(each), level) for each in dict.fromkeys(labels)}
        return as_float32([known[each] for each in labels], "class_")

    def __repr__(self) -> str:
        classes = f", classes={self.classes}" if self.classes else ""
        return f"<ebm.Energy {self.origin or type(self).__name__} shape={self.shape}{classes}>"


def load(model: str | os.PathLike[str], *, precision: str | None = None) -> Energy:
    """Opens a trained model.

    Parameters
    ----------
    model : str or path
        A run folder, a checkpoint folder, a ``.safetensors`` file, the name of a model that comes
        with the package (``fashion-mnist``), a toy (``toy:funnel,dim=10``), or an expression of
        them: ``'runs/a + 0.5*runs/b'``, ``'mix(a; b)'``, ``'m#class=2'``.
    precision : {'f32', 'bf16'}, optional
        Of products in a compiled network; by default as the model says.

    Raises
    ------
    ebm.errors.NoInputError, ebm.errors.BadDataError, ebm.errors.UsageError
        Naming the file or the part of the text, and what would be right.
    """
    return Energy(_core.load(os.fspath(model), precision or "", SHARE, warn))


def toy(name: str, **keys: Any) -> Energy:
    """An analytic energy, as ``ebm.toy("funnel", dim=10)``; :func:`toy_names` lists them."""
    spec = "".join(f",{key}={value}" for key, value in keys.items())
    return load(f"toy:{name}{spec}")


def toy_names() -> list[str]:
    """The names of the analytic energies."""
    return _core.toy_names()


class NetworkEnergy(Energy):
    """A network compiled for this machine's CPU, with weights that can be replaced."""

    def __init__(self, text: str, shape: tuple[int, int, int], precision: str) -> None:
        self._core = _core.Network(text, shape, precision)

    def update(self, state_dict: Mapping[str, Any]) -> None:
        """Takes the weights of a PyTorch ``state_dict``; walks that have begun keep theirs."""
        self._core.update(_state(state_dict))
        self._model = self._core.model()

    @property
    def text(self) -> str:
        """The architecture, as a network file has it."""
        return self._core.text


def network(architecture: str | os.PathLike[str], state_dict: Mapping[str, Any],
            input_shape: Sequence[int], *, precision: str = "f32") -> NetworkEnergy:
    """Compiles a network with weights of one's own.

    Parameters
    ----------
    architecture : str or path
        The name of a preset (:func:`preset_names`), a file ``.toml``, or the text of one
        (docs/networks.md).
    state_dict : mapping of str to array
        Weights by PyTorch's names.
    input_shape : (channels, height, width) or (dim,)
    precision : {'f32', 'bf16'}
    """
    shape = _input_shape(input_shape)
    energy = NetworkEnergy(architecture_text(architecture, shape), shape, precision)
    energy.update(state_dict)
    return energy


def architecture_text(architecture: str | os.PathLike[str], shape: Sequence[int]) -> str:
    """The text of a network file, of what :func:`network` takes."""
    text = os.fspath(architecture)
    if "\n" in text:
        return text
    if text.endswith(".toml"):
        return pathlib.Path(text).read_text(encoding="utf-8")
    return _core.preset_text(text, tuple(shape))


def preset_names() -> list[str]:
    """The names of networks that come with the package."""
    return _core.preset_names()


def from_callable(function: Callable[[np.ndarray], tuple[Any, Any]],
                  shape: int | Sequence[int]) -> Energy:
    """An energy from a function of Python: slower, for all samplers.

    Parameters
    ----------
    function : callable
        Takes states [n, \\*shape], float32; returns E [n] and its gradient, of the shape of the
        states. It is called with all chains at once, and a few more (n is a multiple of 16).
    shape : int or sequence of int
        Of one state.
    """
    given = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)

    def call(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        energies, grads = function(rows.reshape(len(rows), *given))
        return as_float32(energies, "energies"), as_float32(grads, "gradients")

    return Energy(_core.from_callable(call, _input_shape(given)))


def _input_shape(shape: Sequence[int]) -> tuple[int, int, int]:
    sizes = tuple(int(size) for size in shape)
    if len(sizes) == 1:
        return (sizes[0], 1, 1)
    if len(sizes) != 3:
        raise ShapeError(f"shape {sizes}: expected (channels, height, width) or (dim,)")
    return sizes


def _state(state_dict: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {name: as_float32(values, name) for name, values in state_dict.items()}
