"""Distances between samples and data, on features or points [n, d]."""
from __future__ import annotations

from typing import Any, NamedTuple

from . import _core
from .arrays import as_float32


class KID(NamedTuple):
    """Kernel distance: mean of subsets, and their standard deviation."""

    mean: float
    sd: float


class PRDC(NamedTuple):
    """Precision and recall (k = 3), density and coverage (k = 5)."""

    precision: float
    recall: float
    density: float
    coverage: float


def frechet_distance(reference: Any, samples: Any, *, threads: int = 0) -> float:
    """|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)), squared as the field reports it (FID)."""
    return _core.frechet_distance(*_both(reference, samples), _core.resolve_threads(threads))


def kid(reference: Any, samples: Any, *, subsets: int = 100, subset_size: int = 1000,
        seed: int = 0, threads: int = 0) -> KID:
    """Unbiased squared MMD with the kernel (x.y/d + 1)^3 (Binkowski et al. 2018)."""
    return KID(*_core.kid(*_both(reference, samples), subsets, subset_size, seed,
                          _core.resolve_threads(threads)))


def prdc(reference: Any, samples: Any, *, threads: int = 0) -> PRDC:
    """Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020)."""
    rows, n = _both(reference, samples), _core.resolve_threads(threads)
    return PRDC(*_core.precision_recall(*rows, 3, n), *_core.density_coverage(*rows, 5, n))


def two_sample_1nn(reference: Any, samples: Any, *, threads: int = 0) -> float:
    """Accuracy of leave-one-out 1-nearest-neighbour classification; 1/2 of one distribution."""
    return _core.two_sample_1nn(*_both(reference, samples), _core.resolve_threads(threads))


def wasserstein(reference: Any, samples: Any) -> float:
    """Exact W1 with Euclidean cost, of at most 2^24 pairs; of 1-D arrays for any size."""
    a, b = _both(reference, samples)
    if a.ndim == b.ndim == 1:
        return _core.wasserstein_1d(a, b, 1.0)
    return _core.wasserstein_exact(a, b)


def sliced_wasserstein(reference: Any, samples: Any, *, projections: int = 128, p: float = 1.0,
                       seed: int = 0, threads: int = 0) -> float:
    """Mean of W_p over random directions, each exact (Bonneel et al. 2015)."""
    return _core.sliced_wasserstein(*_both(reference, samples), projections, p, seed,
                                    _core.resolve_threads(threads))


def auroc(positives: Any, negatives: Any) -> float:
    """P(score of a positive > score of a negative) + P(equal)/2."""
    return _core.auroc(as_float32(positives, "positives"), as_float32(negatives, "negatives"))


def _both(reference: Any, samples: Any) -> tuple[Any, Any]:
    return as_float32(reference, "reference"), as_float32(samples, "samples")
