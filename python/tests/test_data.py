"""Data sets."""
import numpy as np
import pytest

import ebm


def test_arrays_come_back(tmp_path):
    x = np.random.default_rng(0).uniform(-1, 1, size=(5, 1, 8, 8)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    found = ebm.load_data(f"npy:{tmp_path}/x.npy")
    np.testing.assert_array_equal(found.x, x)
    assert found.labels is None and len(found) == 5


def test_grey_levels_become_numbers(tmp_path):
    levels = np.array([0, 51, 102, 255], np.uint8).reshape(1, 1, 2, 2)
    np.save(tmp_path / "x.npy", levels)
    np.testing.assert_allclose(ebm.load_data(f"npy:{tmp_path}/x.npy").x.ravel(),
                               [-1, -0.6, -0.2, 1], atol=1e-6)


def test_toys_are_points():
    found = ebm.load_data("toy:8gaussians#limit=50")
    assert found.x.shape == (50, 2)


def test_missing_files_are_named():
    with pytest.raises(ebm.errors.NoInputError, match="nowhere"):
        ebm.load_data("npy:/nowhere.npy")
    with pytest.raises(ebm.errors.UsageError, match="did you mean"):
        ebm.load_data("fashion-minst")
