"""The samplers, each a small class of its parameters.

>>> nuts = ebm.samplers.NUTS(step_size=0.1)
>>> walk = nuts.run(ebm.toy("funnel", dim=10), n=64, steps=1000, burn_in=500, adapt=True)
>>> print(walk.diagnose())

What each does, and when to take which: docs/samplers.md.
"""
from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, Sequence

from .energy import Energy
from .sampling import Walk, walk


@dataclasses.dataclass(frozen=True)
class Sampler:
    """What the samplers have in common.

    Attributes
    ----------
    step_size : float, optional
        By default the model's own, or one for energies of order one.
    temperature : float, optional
        T of exp(-E/T); by default the model's own.
    box : (low, high), optional
        Walls of every coordinate.
    box_rule : {'clamp', 'reflect'}, optional
    """

    name: ClassVar[str] = ""
    step_size: float | None = None
    temperature: float | None = None
    box: Sequence[float] | None = None
    box_rule: str | None = None

    def run(self, energy: Energy | str, x0: Any = None, steps: int | None = None, seed: int = 0,
            **keywords: Any) -> Walk:
        """Moves chains from x0, or from noise; keywords as :func:`ebm.walk` has them."""
        settings = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return walk(energy, x0, steps=steps, seed=seed, sampler=self.name, **settings, **keywords)


@dataclasses.dataclass(frozen=True)
class Langevin(Sampler):
    """x' = x - step_size dE/dx + noise; ``noise_scale`` instead of the temperature.

    ``clamp_energy_grad`` is the clipping threshold of each entry of dE/dx.
    """

    name: ClassVar[str] = "langevin"
    noise_scale: float | None = None
    clamp_energy_grad: float | None = None


@dataclasses.dataclass(frozen=True)
class MALA(Sampler):
    """Langevin steps that are accepted or rejected (Roberts & Tweedie 1996)."""

    name: ClassVar[str] = "mala"


@dataclasses.dataclass(frozen=True)
class HMC(Sampler):
    """Hamiltonian Monte Carlo with ``leapfrog`` steps a trajectory (Neal 2011)."""

    name: ClassVar[str] = "hmc"
    leapfrog: int | None = None
    jitter: float | None = None


@dataclasses.dataclass(frozen=True)
class NUTS(Sampler):
    """The no-U-turn sampler with multinomial draws (Hoffman & Gelman 2014; Betancourt 2017)."""

    name: ClassVar[str] = "nuts"
    max_tree_depth: int | None = None


@dataclasses.dataclass(frozen=True)
class Underdamped(Sampler):
    """Underdamped Langevin dynamics by the BAOAB splitting (Leimkuhler & Matthews 2013)."""

    name: ClassVar[str] = "underdamped"
    friction: float | None = None


@dataclasses.dataclass(frozen=True)
class GradientDescent(Sampler):
    """Steps downhill, without noise."""

    name: ClassVar[str] = "gradient-descent"


@dataclasses.dataclass(frozen=True)
class Nesterov(Sampler):
    """Gradient descent with momentum."""

    name: ClassVar[str] = "nesterov"
    momentum: float | None = None


@dataclasses.dataclass(frozen=True)
class ParallelTempering(Sampler):
    """Replicas at a ladder of temperatures that swap states; ``inner`` moves each."""

    name: ClassVar[str] = "parallel-tempering"
    inner: str | None = None
    ladder: Sequence[float] | None = None
    replicas: int | None = None
    max_temperature: float | None = None


@dataclasses.dataclass(frozen=True)
class Annealed(Sampler):
    """A sampler whose temperature and step size follow schedules."""

    name: ClassVar[str] = "annealed"
    inner: str | None = None
    temperature_schedule: str | None = None
    step_schedule: str | None = None


@dataclasses.dataclass(frozen=True)
class GradientFlow(Sampler):
    """Heun's method along dx/dt = -grad E to ``flow_time``, then Langevin steps."""

    name: ClassVar[str] = "gradient-flow"
    flow_time: float | None = None
    noise_scale: float | None = None


@dataclasses.dataclass(frozen=True)
class _Levels(Sampler):
    level_max: float | None = None
    level_min: float | None = None
    levels: int | None = None


@dataclasses.dataclass(frozen=True)
class AnnealedLangevin(_Levels):
    """Langevin steps at each of several levels of noise of E(x, sigma) (Song & Ermon 2019)."""

    name: ClassVar[str] = "annealed-langevin"


@dataclasses.dataclass(frozen=True)
class ProbabilityFlow(_Levels):
    """Heun's method along the probability-flow ODE of E(x, sigma) (Karras et al. 2022)."""

    name: ClassVar[str] = "probability-flow"


@dataclasses.dataclass(frozen=True)
class Ancestral(_Levels):
    """The diffusion of noise backwards, by ancestral sampling (Ho et al. 2020)."""

    name: ClassVar[str] = "ancestral"


@dataclasses.dataclass(frozen=True)
class Recovery(_Levels):
    """Conditional chains of recovery likelihood, level after level (Gao et al. 2021)."""

    name: ClassVar[str] = "recovery"
