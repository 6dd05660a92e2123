"""Metrics against closed forms."""
import numpy as np
import pytest

import ebm
from ebm import metrics


def test_frechet_distance_of_moments():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 4))
    # The same points, twice as wide and moved: S2 = 4 S1, so tr(S1 + 4 S1 - 4 S1) = tr S1.
    expected = 9 + np.trace(np.cov(x.T))
    moved = 2 * (x - x.mean(0)) + x.mean(0) + np.array([3, 0, 0, 0])
    assert metrics.frechet_distance(x, moved) == pytest.approx(expected, rel=1e-4)


def test_kid_of_equal_constants_is_zero():
    x = np.ones((20, 3))
    found = metrics.kid(x, x, subsets=4, subset_size=10)
    assert found.mean == pytest.approx(0, abs=1e-12) and found.sd == pytest.approx(0, abs=1e-12)


def test_kid_of_two_points():
    # k(x, y) = (x.y/d + 1)^3: 1 for x = 0, 8 for y = 1 with itself, 1 between them.
    x, y = np.zeros((10, 2)), np.ones((10, 2))
    assert metrics.kid(x, y, subsets=3, subset_size=10).mean == pytest.approx(1 + 8 - 2)


def test_prdc_of_copies_and_of_strangers():
    x = np.random.default_rng(1).normal(size=(50, 2))
    same = metrics.prdc(x, x)
    assert (same.precision, same.recall, same.coverage) == (1, 1, 1)
    assert metrics.prdc(x, x + 100) == (0, 0, 0, 0)


def test_wasserstein_of_shifts():
    x = np.random.default_rng(2).normal(size=(40, 3))
    assert metrics.wasserstein(x, x + [3, 4, 0]) == pytest.approx(5, rel=1e-5)
    assert metrics.wasserstein([0, 1, 3], [5, 6, 8]) == pytest.approx(5)
    assert metrics.sliced_wasserstein(x, x) == pytest.approx(0, abs=1e-7)


def test_auroc_counts_pairs():
    assert metrics.auroc([1, 2, 3], [0, 2]) == pytest.approx((1 + 0 + 1 + 0.5 + 1 + 1) / 6)


def test_two_sample_1nn():
    x = np.arange(10)[:, None]
    assert metrics.two_sample_1nn(x, x + 1000) == 1


@pytest.mark.parametrize("call", [
    lambda: metrics.frechet_distance(np.ones((3, 2)), np.ones((3, 3))),
    lambda: metrics.frechet_distance(np.ones(3), np.ones(3)),
    lambda: metrics.kid(np.ones((5, 2)), np.ones((5, 2)))])
def test_sizes_that_do_not_fit_are_refused(call):
    with pytest.raises(ebm.Error):
        call()


def test_not_a_number_is_refused():
    with pytest.raises(ebm.errors.BadDataError, match="samples"):
        metrics.frechet_distance(np.ones((3, 2)), np.full((3, 2), np.nan))
