"""What is computed of a whole energy: log Z, its modes, the figures of `ebm eval`."""
from __future__ import annotations

import dataclasses
import json
import math
from typing import Any, Sequence

import numpy as np

from . import _core
from .arrays import as_float32, as_rows
from .energy import SHARE, Energy, load, warn
from .errors import ShapeError, UsageError
from .progress import Bar, Progress
from .sampling import setting


@dataclasses.dataclass(frozen=True)
class LogZ:
    """An estimate of ln Z in nats, Z the integral of exp(-E/T).

    Attributes
    ----------
    log_z : float
        By the mean of the weights w of the chains: exp(log_z) has no bias, log_z is a lower bound
        in the mean.
    se : float
        Standard error of it; NaN for one chain.
    ess : float
        Effective sample size of the weights; below 5 the error is unknown.
    mean_log_w : float
        Mean of ln w: a bound on ln Z, lower from the base, upper from samples of the target.
    n : int
        Chains.
    reverse : LogZ or None
        From the samples of the target that were given.
    gap : float or None
        Nats from the estimate to that of ``reverse``.
    settings : dict
        Of the path: base, temperatures, step sizes, seconds.
    """

    log_z: float
    se: float
    ess: float
    mean_log_w: float
    n: int
    reverse: "LogZ | None" = None
    gap: float | None = None
    settings: dict[str, Any] = dataclasses.field(default_factory=dict, repr=False)


def log_z(energy: Energy | str, n: int = 1024, temperatures: int = 1000, seed: int = 0, *,
          path: str | None = None, schedule: str | None = None, steps: int | None = None,
          sampler: str | None = None, leapfrog: int | None = None, base: str | None = None,
          base_sd: float | None = None, box: Sequence[float] | None = None,
          temperature: float | None = None, reverse: Any = None, threads: int = 0,
          progress: bool | Progress | None = None) -> LogZ:
    """Estimates ln Z by annealed importance sampling (Neal 2001); the bits of ``ebm logz``.

    Parameters
    ----------
    energy : Energy or str
        Or what :func:`load` takes.
    n : int
        Chains, from the base to the energy.
    temperatures : int
        Values of beta from 0 (base) to 1, or levels of noise.
    path : {'beta', 'noise'}, optional
        By default through the levels of noise of a model that has them.
    schedule : {'sigmoidal', 'linear', 'geometric'}, optional
        Spacing of beta.
    steps : int, optional
        Transitions at each beta, by default 1.
    sampler : {'hmc', 'mala'}, optional
    leapfrog : int, optional
        Of an HMC transition at most.
    base : {'gaussian', 'uniform'}, optional
        By default uniform if there is a box.
    base_sd : float, optional
    box : (low, high), optional
        Bounds of the uniform base and of Z.
    temperature : float, optional
        T, by default 1.
    reverse : array, [m, \\*shape], optional
        Samples of the energy, for a run in reverse and an upper bound (Grosse et al. 2015).

    Returns
    -------
    LogZ
    """
    energy = energy if isinstance(energy, Energy) else load(energy)
    energy._warn_of_none()
    of_beta = {"schedule": schedule, "steps": steps, "sampler": sampler, "leapfrog": leapfrog,
               "base": base, "box": box, "temperature": temperature}
    walls = [] if box is None else [float(each) for each in box]
    if len(walls) not in (0, 2):
        raise UsageError(f"box = {box}: must be two numbers, low and high")
    keywords = {
        "n": int(n), "temperatures": int(temperatures), "path": path or "",
        "schedule": schedule or "sigmoidal", "steps": 1 if steps is None else int(steps),
        "sampler": sampler or "hmc", "leapfrog": leapfrog, "base": base or "", "base_sd": base_sd,
        "box": walls, "temperature": 1.0 if temperature is None else float(temperature),
        "seed": int(seed), "threads": _core.resolve_threads(threads), "on_warning": warn,
    }
    rows = None if reverse is None else as_rows(reverse, energy.dim, "reverse")
    given = [name for name, value in of_beta.items() if value is not None]
    with Bar(progress) as bar:
        keywords["on_progress"] = bar
        found = json.loads(_core.log_z(energy._walk_model(), rows, keywords, given))
    back = found.pop("reverse")
    gap = found.pop("gap")
    return _log_z(found, None if back is None else _log_z(back), gap,
                  {name: value for name, value in found.items() if name not in _OF_LOG_Z})


_OF_LOG_Z = ("log_z", "se", "ess", "mean_log_w", "n", "bound", "target")


def _log_z(found: dict[str, Any], reverse: LogZ | None = None, gap: float | None = None,
           settings: dict[str, Any] | None = None) -> LogZ:
    numbers = {name: math.nan if found[name] is None else found[name] for name in _OF_LOG_Z[:4]}
    return LogZ(**numbers, n=found["n"], reverse=reverse, gap=gap, settings=settings or {})


@dataclasses.dataclass(frozen=True)
class Modes:
    """Regions of low energy that chains seldom leave, largest first.

    Attributes
    ----------
    exemplars : ndarray, [n_modes, \\*shape]
        The state of least energy of each.
    masses, energies : ndarray, [n_modes]
        Share of the time, and E of the exemplars.
    escape_times : ndarray, [n_modes]
        Mean steps until chains leave; NaN where none did.
    saddles : ndarray, [m, m], or None
        Highest energy of a minimum-energy path between the exemplars of the m largest.
    tree : list of dict
        left, right (below m a mode, m + i merge i) and energy: which modes are one below which
        energy.
    table : dict
        All that ``ebm modes --json`` has.
    """

    exemplars: np.ndarray
    masses: np.ndarray
    energies: np.ndarray
    escape_times: np.ndarray
    saddles: np.ndarray | None
    tree: list[dict[str, Any]]
    table: dict[str, Any] = dataclasses.field(repr=False)

    def __len__(self) -> int:
        return len(self.masses)

    def to_pandas(self) -> Any:
        """mass, exit, n_states, energy, escape_time of each mode as a DataFrame."""
        import pandas

        return pandas.DataFrame(self.table["modules"])


def modes(energy: Energy | str, x0: Any = None, *, n: int | None = None, frames: int = 10,
          lag: int = 100, burn_in: int = 0, adapt: bool = False, init: str = "", data: str = "",
          states: str = "basins", k: int | None = None, descent_steps: int | None = None,
          descent_step_size: float | None = None, merge_distance: float | None = None,
          paths: int | None = None, band_images: int | None = None, band_steps: int | None = None,
          restarts: int | None = None, seed: int = 0, threads: int = 0,
          progress: bool | Progress | None = None, **settings: Any) -> Modes:
    """Finds the modes of an energy by chains and the map equation; the bits of ``ebm modes``.

    Parameters
    ----------
    energy : Energy or str
        Or what :func:`load` takes.
    x0 : array, [n, \\*shape], optional
        Where chains start, instead of ``init``.
    n : int, optional
        Chains, by default 256.
    frames, lag, burn_in, adapt
        States taken from each chain, steps between them and before the first.
    init : {'data', 'noise', 'replay'}, optional
        By default data for a model, noise for a toy.
    states : {'basins', 'k-means'}
        Nodes of the graph: basins of descent, or k clusters.
    paths : int, optional
        Largest modes between which minimum-energy paths are computed, by default 8; 0: none.
    restarts : int, optional
        Searches for modules, of which the best is kept.
    **settings
        The sampler, by default MALA at the model's temperature, as :func:`ebm.sample` has them.

    Returns
    -------
    Modes
    """
    energy = energy if isinstance(energy, Energy) else load(energy)
    energy._warn_of_none()
    starts = None if x0 is None else as_rows(x0, energy.dim, "x0")
    if starts is not None and n is not None and n != len(starts):
        raise ShapeError(f"x0 has {len(starts)} states for n = {n} chains")
    n_chains = len(starts) if starts is not None else 256 if n is None else int(n)
    keywords = {
        "n": n_chains, "frames": int(frames), "lag": int(lag), "burn_in": int(burn_in),
        "adapt": bool(adapt), "init": init, "data": data, "states": states, "k": k,
        "descent_steps": descent_steps, "descent_step_size": descent_step_size,
        "merge_distance": merge_distance, "paths": paths, "band_images": band_images,
        "band_steps": band_steps, "restarts": restarts, "seed": int(seed),
        "threads": _core.resolve_threads(threads), "on_warning": warn,
    }
    given = {name: setting(value) for name, value in settings.items() if value is not None}
    with Bar(progress) as bar:
        keywords["on_progress"] = bar
        text, exemplars = _core.modes(energy._walk_model(), starts, keywords, given)
    table = json.loads(text)
    each = table["modules"]
    return Modes(
        exemplars=exemplars.reshape(-1, *energy.shape),
        masses=np.array([mode["mass"] for mode in each]),
        energies=np.array([mode["energy"] for mode in each]),
        escape_times=np.array([math.nan if mode["escape_time"] is None else mode["escape_time"]
                               for mode in each]),
        saddles=np.array(table["saddles"]) if "saddles" in table else None,
        tree=table.get("tree", []), table=table)


def evaluate(energy: Energy | str | None = None, *, samples: Any = None, data: str = "",
             ood: Sequence[str] = (), n: int | None = None, steps: int | None = None,
             long_run: int | None = None, long: bool = False, temperatures: int | None = None,
             densities: int = 0, features: str = "", seed: int = 0, threads: int = 0,
             progress: bool | Progress | None = None) -> dict[str, Any]:
    """The figures of ``ebm eval``: FD, KID, precision, coverage, AUROC, long chains, log Z.

    Parameters
    ----------
    energy : Energy or str
        A model of images, or what :func:`load` takes.
    samples : array, [n, channels, height, width]
        Images in [-1, 1] to evaluate instead of a model.
    data : str, optional
        SPEC of the training data, by default the model's own.
    ood : sequence of str
        SPECs of out-of-distribution images.
    n : int, optional
        Images of each kind, by default 2000, or all if fewer.
    steps : int, optional
        Of each chain, by default the model's own.
    long_run : int, optional
        Steps of long chains from noise; 0: none.
    long : bool
        FD and energy after 10 and 100 times the steps, too.
    temperatures : int, optional
        Of annealed importance sampling; 0: no log Z.
    densities : int
        Test images whose density is found, of a model with levels of noise.
    features : str, optional
        File of ``ebm features train``.

    Returns
    -------
    dict
        What ``ebm eval --json`` prints (docs/evaluate.md).
    """
    if (energy is None) == (samples is None):
        raise UsageError("give either an energy or samples")
    rows = model = None
    if samples is not None:
        rows, name = as_float32(samples, "samples"), "samples"
        if rows.ndim != 4:
            raise ShapeError(f"samples has shape {rows.shape}; expected "
                             "[n, channels, height, width]")
        if not data:
            raise UsageError("data is missing: give the SPEC that the samples are compared with")
        if steps is not None or long_run or long or temperatures or densities or ood:
            raise UsageError("ood, steps, long_run, long, temperatures and densities need an "
                             "energy")
    else:
        name = energy if isinstance(energy, str) else energy.origin or "the energy"
        energy = energy if isinstance(energy, Energy) else load(energy)
        energy._warn_of_none()
        model = energy._walk_model()
    keywords = {
        "data": data, "ood": [ood] if isinstance(ood, str) else [str(each) for each in ood],
        "n": n, "steps": steps, "long_run": long_run, "long": bool(long),
        "temperatures": temperatures, "densities": int(densities), "features": features,
        "seed": int(seed), "threads": _core.resolve_threads(threads), "on_warning": warn,
        "share": SHARE,
    }
    with Bar(progress) as bar:
        keywords["on_progress"] = bar
        return json.loads(_core.evaluate(model, rows, name, keywords))


@dataclasses.dataclass(frozen=True)
class Restoration:
    """Images that were restored.

    Attributes
    ----------
    samples : ndarray, [n_images, n, \\*shape]
        Draws from the posterior.
    mean, spread : ndarray, [n_images, \\*shape]
        Of the draws; the spread is their standard deviation.
    denoised : ndarray, [n_images, \\*shape], or None
        Mean of the posterior by Tweedie's formula, of a model that goes through levels of noise.
    """

    samples: np.ndarray
    mean: np.ndarray
    spread: np.ndarray
    denoised: np.ndarray | None


def restore(energy: Energy | str, y: Any, operator: str, noise_sd: float, *, n: int = 8,
            steps: int | None = None, burn_in: int | None = None, adapt: bool = False,
            strength: float = 1.0, init: str = "observation", data: str = "", seed: int = 0,
            threads: int = 0, progress: bool | Progress | None = None,
            **settings: Any) -> Restoration:
    """Draws images x of which y = A x + noise was observed; the bits of ``ebm restore``.

    Parameters
    ----------
    energy : Energy or str
        A model of images, or what :func:`load` takes.
    y : array, [n_images, ...]
        Observations; of a mask whole images, whose hidden entries do not matter.
    operator : str
        A: ``"noise"``, ``"blur=1"``, ``"downsample=2"``, ``"mask=box:X,Y,WIDTH,HEIGHT"``,
        ``"projection=FILE.npy"``, as ``ebm restore --help`` has them.
    noise_sd : float
        Standard deviation of the noise; 0 with a mask: what it shows stays as it is.
    n : int
        Samples of each image.
    steps : int, optional
        Of each chain, by default the model's own.
    burn_in, adapt
        Steps before, and whether step size and mass adapt meanwhile (then 1000 by default).
    strength : float
        Weight of the likelihood; 1 is the posterior at the temperature of the sampler.
    init : {'observation', 'noise', 'nearest', 'total-variation'}
        Where chains start.
    data : str, optional
        SPEC of training images, which 'nearest' and 'total-variation' take.
    **settings
        The sampler, as :func:`ebm.sample` has them.

    Returns
    -------
    Restoration
    """
    name = energy if isinstance(energy, str) else energy.origin or "the energy"
    energy = energy if isinstance(energy, Energy) else load(energy)
    energy._warn_of_none()
    rows = as_float32(y, "y")
    if rows.ndim < 2 or rows.size == 0:
        raise ShapeError(f"y has shape {rows.shape}; expected [n_images, ...]")
    keywords = {
        "operator": operator, "noise_sd": float(noise_sd), "n": int(n), "steps": steps,
        "burn_in": (1000 if adapt else 0) if burn_in is None else int(burn_in),
        "adapt": bool(adapt), "strength": float(strength), "init": init, "data": data,
        "seed": int(seed), "threads": _core.resolve_threads(threads), "on_warning": warn,
    }
    given = {key: setting(value) for key, value in settings.items() if value is not None}
    with Bar(progress) as bar:
        keywords["on_progress"] = bar
        out = _core.restore(energy._walk_model(), rows, name, keywords, given)
    shape, denoised = energy.shape, out["denoised"]
    return Restoration(
        samples=out["samples"].reshape(len(rows), -1, *shape),
        mean=out["mean"].reshape(-1, *shape), spread=out["spread"].reshape(-1, *shape),
        denoised=None if denoised is None else denoised.reshape(-1, *shape))
