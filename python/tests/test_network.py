"""Networks with weights of one's own."""
import numpy as np
import pytest

import ebm
from ebm import _core

MLP = """
name = "mlp"
input = [3, 1, 1]
[[layer]]
type = "linear"
out_features = 4
[[layer]]
type = "tanh"
[[layer]]
type = "linear"
out_features = 1
"""


def weights(seed):
    rng = np.random.default_rng(seed)
    return {"0.weight": rng.normal(size=(4, 3)), "0.bias": rng.normal(size=4),
            "2.weight": rng.normal(size=(1, 4)), "2.bias": rng.normal(size=1)}


def formula(x, w):
    return (np.tanh(x @ w["0.weight"].T + w["0.bias"]) @ w["2.weight"].T + w["2.bias"])[:, 0]


def test_energies_are_those_of_the_formula_and_follow_the_weights():
    x = np.random.default_rng(0).normal(size=(20, 3))
    energy = ebm.network(MLP, weights(1), (3,))
    np.testing.assert_allclose(energy(x), formula(x, weights(1)), rtol=1e-5, atol=1e-5)
    energy.update(weights(2))
    np.testing.assert_allclose(energy(x), formula(x, weights(2)), rtol=1e-5, atol=1e-5)
    _, grads = energy.energy_and_grad(x)
    step = 1e-5 * np.eye(3)
    for k in range(3):
        slope = (formula(x + step[k], weights(2)) - formula(x - step[k], weights(2))) / 2e-5
        np.testing.assert_allclose(grads[:, k], slope, rtol=1e-3, atol=1e-4)


def test_presets_take_weights_by_name():
    assert "uva" in ebm.preset_names()
    text = _core.preset_text("uva", (1, 28, 28))
    rng = np.random.default_rng(0)
    state = {name: rng.normal(size=shape) / 10
             for name, shape in _core.tensors_of(text, (1, 28, 28)).items()}
    energy = ebm.network("uva", state, (1, 28, 28))
    x = rng.uniform(-1, 1, size=(5, 1, 28, 28))
    wrapped = {f"module.{name}": values for name, values in state.items()}
    np.testing.assert_array_equal(ebm.network(text, wrapped, (1, 28, 28))(x), energy(x))
    rounded = ebm.network("uva", state, (1, 28, 28), precision="bf16")
    assert rounded.precision == "bf16"
    np.testing.assert_allclose(rounded(x), energy(x), rtol=0.1, atol=0.1)


@pytest.mark.parametrize("change, message", [
    (lambda w: w.pop("2.bias"), "2.bias"),
    (lambda w: w.update({"0.weight": np.zeros((5, 3))}), "0.weight"),
    (lambda w: w.update({"0.bias": np.full(4, np.nan)}), "finite")])
def test_weights_that_do_not_fit_are_named(change, message):
    state = weights(1)
    change(state)
    with pytest.raises(ebm.errors.BadDataError, match=message):
        ebm.network(MLP, state, (3,))


def test_texts_that_are_wrong_are_answered():
    with pytest.raises(ebm.errors.BadDataError, match="did you mean"):
        ebm.network(MLP.replace('"linear"', '"linaer"'), weights(1), (3,))
    with pytest.raises(ebm.errors.UsageError, match="uva"):
        ebm.network("uvaa", {}, (1, 28, 28))
