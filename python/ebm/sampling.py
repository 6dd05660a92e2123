"""Chains: samples in one call, and walks with draws, counts and diagnoses."""
from __future__ import annotations

import dataclasses
import re
from typing import Any, Sequence

import numpy as np

from . import _core
from .arrays import as_rows
from .diagnostics import Diagnosis, diagnose
from .energy import Energy, load, warn
from .errors import ShapeError, UsageError
from .progress import Bar, Progress


@dataclasses.dataclass(frozen=True)
class Walk:
    """Where chains are after a walk, and what was counted on the way.

    Attributes
    ----------
    x : ndarray, [n, \\*shape]
        States at the end.
    energies : ndarray, [n]
        E of them.
    draws : ndarray, [n_draws, n, \\*shape], or None
        States after each ``thinning`` steps, with ``trace=True``.
    parameters : ndarray, [n_draws, n, len(names)], or None
        What ``names`` are of the draws: functions of a state, as theta = mu + tau z of eight
        schools, or its coordinates.
    draw_energies, hamiltonians : ndarray, [n_draws, n], or None
    acceptance : ndarray, [n]
        Mean acceptance probability of each chain; NaN of samplers that propose nothing.
    n_divergent : ndarray, [n]
        Proposals whose energy error was too large.
    step_size, inverse_mass, temperature
        Of the sampler, as adaptation left them.
    seconds : float
        That the steps after burn-in took.
    labels : ndarray, [n], int32, or None
        The class of each chain, with ``class_``; ``classes`` of the energy is "none".
    class_names : list of str
        Those that were asked for, in their order.
    """

    x: np.ndarray
    energies: np.ndarray
    acceptance: np.ndarray
    n_divergent: np.ndarray
    sampler: str
    step_size: float
    inverse_mass: np.ndarray
    temperature: float
    seconds: float
    seed: int
    names: list[str]
    draws: np.ndarray | None = None
    parameters: np.ndarray | None = None
    draw_energies: np.ndarray | None = None
    hamiltonians: np.ndarray | None = None
    swap_rates: np.ndarray | None = None
    labels: np.ndarray | None = None
    class_names: list[str] = dataclasses.field(default_factory=list)

    def diagnose(self, *, threads: int = 0) -> Diagnosis:
        """Means, errors, effective sample sizes, R-hat and warnings of the draws."""
        if self.draws is None:
            raise UsageError("diagnose: no draws were kept; walk with trace=True")
        has_momentum = self.sampler in ("hmc", "nuts")
        proposes = not np.isnan(self.acceptance).all()
        return diagnose(self.parameters, names=self.names, energies=self.draw_energies,
                        hamiltonians=self.hamiltonians if has_momentum else None,
                        acceptance=self.acceptance if proposes else None,
                        n_divergent=self.n_divergent if proposes else None,
                        seconds=self.seconds, threads=threads)

    def to_arviz(self) -> Any:
        """The draws for ArviZ: the groups posterior and sample_stats.

        Parameters named ``theta[1]``, ``theta[2]``, ... are one variable, ``theta``. The stats are
        lp = -E/T and, of HMC and NUTS, the Hamiltonian as ``energy``.
        """
        if self.draws is None:
            raise UsageError("to_arviz: no draws were kept; walk with trace=True")
        import arviz  # heavy, and not everyone has it

        by_chain = np.moveaxis(self.parameters, 0, 1)
        columns, indices = _variables(self.names)
        posterior = {name: by_chain[:, :, at] for name, at in columns.items()}
        stats = {}
        if self.temperature > 0:
            stats["lp"] = -self.draw_energies.T / self.temperature
        if self.sampler in ("hmc", "nuts"):
            stats["energy"] = self.hamiltonians.T
        keywords = {"dims": {name: [f"{name}_index"] for name in indices},
                    "coords": {f"{name}_index": each for name, each in indices.items()}}
        groups = {"posterior": posterior, "sample_stats": stats}
        if int(arviz.__version__.partition(".")[0]) >= 1:
            return arviz.from_dict(groups, **keywords)
        return arviz.from_dict(**groups, **keywords)


def sample(energy: Energy | str, n: int = 64, steps: int | None = None, seed: int = 0, *,
           class_: Any = None, guidance: float | None = None,
           guidance_start: float | None = None, guidance_end: float | None = None,
           init: Any = "noise", data: str = "", burn_in: int = 0, adapt: bool = False,
           threads: int = 0, progress: bool | Progress | None = None,
           **settings: Any) -> np.ndarray:
    """Draws samples; the bits are those of ``ebm sample`` with the same options.

    Parameters
    ----------
    energy : Energy or str
        Or what :func:`load` takes.
    n : int
        Samples, each the end of a chain of its own; of each class, where there are several:
        those of the first class come first, and :func:`walk` returns their labels, too.
    steps : int, optional
        Of each chain; by default the model's own (1000 for toys).
    seed : int
    class_ : int, str or sequence, optional
        Classes: ``3``, ``"Sandal"``, ``[0, 1]``, ``"all"``, ``"none"``.
    guidance : float, optional
        w of E(x, none) + w (E(x, y) - E(x, none)); by default the model's own.
    guidance_start, guidance_end : float, optional
        Of models whose samples follow a flow: the times from and until which w counts; E(x, y)
        does before and after. By default the model's own.
    init : {'noise', 'replay', 'data'} or array
        Where chains start.
    burn_in, adapt
        Steps before the first draw, and whether step size and mass adapt meanwhile.
    progress : bool or callable, optional
        A bar of tqdm; or it is called with (phase, fraction, chain-steps a second).
    **settings
        The sampler, where it is not the model's: ``sampler="mala"``, ``step_size``,
        ``temperature``, ``noise_scale``, ``box``, ``leapfrog``, ... as ``ebm sample --help`` has
        them, with underscores.

    Returns
    -------
    ndarray, [n, \\*shape], float32
    """
    return walk(energy, n=n, steps=steps, seed=seed, class_=class_, guidance=guidance,
                guidance_start=guidance_start, guidance_end=guidance_end, init=init, data=data,
                burn_in=burn_in, adapt=adapt, threads=threads, progress=progress, **settings).x


def walk(energy: Energy | str, x0: Any = None, *, n: int | None = None, steps: int | None = None,
         seed: int = 0, class_: Any = None, guidance: float | None = None,
         guidance_start: float | None = None, guidance_end: float | None = None,
         init: Any = "noise", data: str = "", burn_in: int = 0, adapt: bool = False,
         target_acceptance: float | None = None, thinning: int = 1, trace: bool = False,
         threads: int = 0, progress: bool | Progress | None = None, **settings: Any) -> Walk:
    """Moves chains, as :func:`sample` does, and keeps what happens.

    Parameters
    ----------
    x0 : array, [n, \\*shape], optional
        Where chains start, instead of ``init``.
    thinning : int
        Steps between draws.
    trace : bool
        Whether draws are kept.

    Returns
    -------
    Walk
    """
    energy = energy if isinstance(energy, Energy) else load(energy)
    if x0 is None and not isinstance(init, str):
        x0 = init
    starts = None if x0 is None else as_rows(x0, energy.dim, "x0")
    if starts is not None and class_ is None:
        if n is not None and n != len(starts):
            raise ShapeError(f"x0 has {len(starts)} states for n = {n} chains")
        n = len(starts)
    keywords = {
        "n": 64 if n is None else int(n), "steps": steps, "seed": int(seed),
        "classes": _classes(class_), "guidance": guidance,
        "guidance_start": guidance_start, "guidance_end": guidance_end,
        "init": init if isinstance(init, str) else "noise", "data": data,
        "burn_in": int(burn_in), "adapt": bool(adapt), "target_acceptance": target_acceptance,
        "thinning": int(thinning), "keep_draws": bool(trace),
        "threads": _core.resolve_threads(threads), "on_warning": warn,
    }
    if class_ is None:
        energy._warn_of_none()
    given = {name: setting(value) for name, value in settings.items() if value is not None}
    with Bar(progress) as bar:
        keywords["on_progress"] = bar
        out = _core.walk(energy._walk_model(), starts, keywords, given)
    shape = energy.shape
    draws = out.get("draws")
    return Walk(
        x=out["x"].reshape(-1, *shape), energies=out["energies"],
        acceptance=out["counts"]["acceptance"], n_divergent=out["counts"]["n_divergent"],
        sampler=out["sampler"], step_size=out["step_size"],
        inverse_mass=np.asarray(out["inverse_mass"], np.float32),
        temperature=out["temperature"], seconds=out["seconds"], seed=int(seed),
        names=energy.parameters,
        draws=None if draws is None else draws.reshape(*draws.shape[:2], *shape),
        parameters=None if draws is None else _parameters(energy, draws),
        draw_energies=out.get("draw_energies"), hamiltonians=out.get("draw_hamiltonians"),
        swap_rates=np.asarray(out["swap_rates"]), labels=out["labels"], class_names=out["classes"])


def _parameters(energy: Energy, draws: np.ndarray) -> np.ndarray:
    """Of draws [n_draws, n, dim]."""
    values = energy._model.parameter_values(draws)
    return draws if values is None else values.reshape(*draws.shape[:2], -1)


def _variables(names: Sequence[str]) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The columns of each variable, and the indices of those that are vectors."""
    columns: dict[str, Any] = {}
    indices: dict[str, list[int]] = {}
    for column, name in enumerate(names):
        entry = re.fullmatch(r"(.+)\[(\d+)\]", name)
        if entry is None:
            columns[name] = column
            continue
        columns.setdefault(entry[1], []).append(column)
        indices.setdefault(entry[1], []).append(int(entry[2]))
    return columns, indices


def _classes(class_: Any) -> str:
    if class_ is None:
        return ""
    if isinstance(class_, (str, int, np.integer)):
        return str(class_)
    return ",".join(str(each) for each in class_)


def setting(value: Any) -> Any:
    """A value of a sampler's setting as the compiled part takes it."""
    if isinstance(value, (np.integer, np.floating)):
        return value.item()
    if isinstance(value, (tuple, np.ndarray)):
        return [float(each) for each in value]
    return value
