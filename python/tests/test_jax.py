"""Arrays of JAX, in and out."""
import numpy as np
import pytest

import ebm

jax = pytest.importorskip("jax", reason="JAX is not installed")


def test_arrays_are_taken_as_they_are():
    x = jax.random.normal(jax.random.PRNGKey(0), (33, 2))
    energy = ebm.toy("rings")
    energies, grads = energy.energy_and_grad(x)
    np.testing.assert_array_equal(energies, energy(np.asarray(x)))
    assert grads.shape == x.shape
    walk = ebm.walk(energy, x, steps=0)
    np.testing.assert_array_equal(walk.x, np.asarray(x))
    halves = x.astype("bfloat16")
    np.testing.assert_array_equal(energy(halves), energy(halves.astype("float32")))


def test_float32_is_not_copied():
    x = jax.numpy.arange(6, dtype="float32").reshape(3, 2)
    taken = ebm.arrays.as_float32(x, "x")
    assert taken.ctypes.data == x.unsafe_buffer_pointer()


def test_samples_become_arrays_of_jax():
    x = ebm.sample("toy:rings", n=16, steps=5)
    np.testing.assert_array_equal(np.asarray(jax.numpy.from_dlpack(x)), x)


def test_a_jitted_density_is_sampled():
    both = jax.jit(jax.vmap(jax.value_and_grad(lambda x: 0.5 * (x**2).sum())))
    walk = ebm.walk(ebm.from_callable(both, 3), n=32, steps=300, burn_in=50, sampler="mala",
                    step_size=0.8, trace=True)
    row = walk.diagnose()["x[0]"]
    assert abs(row["mean"]) < 5 * row["mcse_mean"] and row["sd"] == pytest.approx(1, rel=0.06)
