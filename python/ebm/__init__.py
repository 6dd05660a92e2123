"""Energy-based models: fast samplers, networks compiled for the CPU, trained models.

>>> import ebm
>>> energy = ebm.load("fashion-mnist")
>>> images = ebm.sample(energy, n=64, seed=1)

Same seed, same bits, for any number of threads, and those of the command line. Arrays are NumPy's;
those of PyTorch and JAX are taken as they are.
"""
from . import errors, metrics, samplers
from ._core import __version__, apply_simd_override as _apply_simd_override, simd_target
from .data import Dataset, load_data
from .diagnostics import Diagnosis, diagnose
from .energy import (Energy, NetworkEnergy, from_callable, load, network, preset_names, toy,
                     toy_names)
from .errors import Error
from .estimates import LogZ, Modes, Restoration, evaluate, log_z, modes, restore
from .replay import ReplayBuffer
from .sampling import Walk, sample, walk
from .training import Callback, Run, train

_apply_simd_override()

__all__ = [
    "Callback", "Dataset", "Diagnosis", "Energy", "Error", "LogZ", "Modes", "NetworkEnergy",
    "ReplayBuffer", "Restoration", "Run", "Walk", "__version__", "diagnose", "errors", "evaluate",
    "from_callable", "load", "load_data", "log_z", "metrics", "modes", "network", "preset_names",
    "restore", "sample", "samplers", "simd_target", "toy", "toy_names", "train", "walk",
]
