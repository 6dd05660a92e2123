"""Energies and their gradients, and what is refused."""
import concurrent.futures
import gc

import numpy as np
import pytest

import ebm


def test_gaussian_has_its_formula():
    energy = ebm.toy("gaussian", dim=3, mean=0.5, sd=2)
    x = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    energies, grads = energy.energy_and_grad(x)
    np.testing.assert_allclose(energies, ((x - 0.5) ** 2).sum(1) / 8, rtol=1e-5)
    np.testing.assert_allclose(grads, (x - 0.5) / 4, rtol=1e-5)
    assert energy.log_z == pytest.approx(1.5 * np.log(2 * np.pi * 4), rel=1e-6)
    np.testing.assert_array_equal(energy(x), energies)


def test_shipped_model_gives_the_energies_of_the_command_line(command):
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, size=(20, 1, 28, 28)).astype(np.float32)
    np.save(command.folder / "x.npy", x)
    command("score", "fashion-mnist", "--data", "npy:x.npy", "--out", "energies.npy")
    energy = ebm.load("fashion-mnist")
    assert (energy.shape, energy.dim, energy.is_image) == ((1, 28, 28), 784, True)
    np.testing.assert_array_equal(energy(x), np.load(command.folder / "energies.npy"))


def test_gradient_of_the_shipped_model_equals_differences():
    energy = ebm.load("fashion-mnist")
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, size=(4, 1, 28, 28)).astype(np.float32)
    _, grads = energy.energy_and_grad(x)
    assert grads.shape == x.shape
    step = rng.normal(size=x.shape).astype(np.float32) * 1e-3
    change = energy(x + step).astype(np.float64) - energy(x - step)
    expected = 2 * (grads.astype(np.float64) * step).reshape(4, -1).sum(1)
    np.testing.assert_allclose(change, expected, rtol=2e-2, atol=2e-5)


def test_each_state_has_its_own_class():
    energy = ebm.load("fashion-mnist-classes")
    assert energy.classes == 10 and energy.class_names[7] == "Sneaker"
    x = np.random.default_rng(2).uniform(-1, 1, size=(5, 784)).astype(np.float32)
    several = energy(x, class_=[3, "Sneaker", 3, "none", 9])
    for row, class_ in ((0, 3), (1, 7), (3, "none"), (4, "Ankle boot")):
        assert several[row] == energy(x, class_=class_)[row] == energy.at(class_)(x)[row]


def test_threads_do_not_change_bits():
    energy = ebm.load("fashion-mnist")
    x = np.random.default_rng(3).uniform(-1, 1, size=(100, 784)).astype(np.float32)
    one = energy.energy_and_grad(x, threads=1)
    three = energy.energy_and_grad(x, threads=3)
    np.testing.assert_array_equal(one[0], three[0])
    np.testing.assert_array_equal(one[1], three[1])


@pytest.mark.parametrize("make", [
    lambda x: x.astype(np.float64), lambda x: np.asfortranarray(x), lambda x: x.tolist(),
    lambda x: np.repeat(x, 2, axis=1)[:, ::2], lambda x: x[::-1][::-1]])
def test_other_layouts_are_converted(make):
    energy = ebm.toy("rings")
    x = np.random.default_rng(4).normal(size=(17, 2)).astype(np.float32)
    np.testing.assert_array_equal(energy(make(x)), energy(x))


@pytest.mark.parametrize("x, message", [
    (np.zeros((3, 4)), r"x has shape \(3, 4\); expected \[n, \.\.\.\] with 2 values"),
    (np.zeros(()), r"x has shape \(\)"),
    (np.zeros((3, 2), complex), "x has dtype complex128; expected real numbers"),
    (np.array([["a", "b"]]), "x has dtype <U1"),
    ([[1, 2], [3]], "x: rows differ in length")])
def test_arrays_that_do_not_fit_are_refused(x, message):
    with pytest.raises(ebm.Error, match=message):
        ebm.toy("rings")(x)


def test_no_states_have_no_energies():
    energies, grads = ebm.toy("rings").energy_and_grad(np.zeros((0, 2)))
    assert energies.shape == (0,) and grads.shape == (0, 2)


def test_not_a_number_is_passed_on():
    energies = ebm.toy("gaussian", dim=2)([[np.nan, 0], [1, 1]])
    assert np.isnan(energies[0]) and energies[1] == 1


def test_names_that_do_not_exist_are_answered():
    with pytest.raises(ebm.errors.NoInputError, match="did you mean fashion-mnist"):
        ebm.load("fashion-mnits")
    with pytest.raises(ebm.errors.UsageError, match="did you mean funnel") as caught:
        ebm.toy("funel")
    assert caught.value.exit_code == 64 and isinstance(caught.value, ValueError)
    with pytest.raises(ebm.errors.UsageError, match="reads neither a class"):
        ebm.toy("rings")([[0, 0]], class_=3)


def test_expressions_add_energies():
    x = np.random.default_rng(5).normal(size=(9, 2)).astype(np.float32)
    both = ebm.load("toy:gaussian,dim=2 + 0.5*toy:rings")
    np.testing.assert_allclose(both(x), ebm.toy("gaussian", dim=2)(x) + 0.5 * ebm.toy("rings")(x),
                               rtol=1e-5)


def test_results_own_their_memory():
    energies, grads = ebm.toy("gaussian", dim=2).energy_and_grad(np.ones((5, 2)))
    gc.collect()
    np.testing.assert_array_equal(energies, np.ones(5))
    np.testing.assert_array_equal(grads, np.ones((5, 2)))


def test_several_threads_of_python_evaluate_at_once():
    energy = ebm.load("fashion-mnist")
    x = np.random.default_rng(6).uniform(-1, 1, size=(64, 784)).astype(np.float32)
    expected = energy(x)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: energy(x), range(16)):
            np.testing.assert_array_equal(found, expected)


def test_function_of_python():
    def quartic(x):
        assert x.dtype == np.float32 and len(x) % 16 == 0
        return (x ** 4).sum((1, 2, 3)) / 4, x ** 3

    energy = ebm.from_callable(quartic, (1, 2, 3))
    x = np.random.default_rng(7).normal(size=(20, 1, 2, 3))
    energies, grads = energy.energy_and_grad(x)
    np.testing.assert_allclose(energies, (x ** 4).sum((1, 2, 3)) / 4, rtol=1e-5)
    np.testing.assert_allclose(grads, x ** 3, rtol=1e-4, atol=1e-6)


def test_faults_of_a_function_reach_its_caller():
    def fails(x):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        ebm.from_callable(fails, 2)([[0, 0]])
    with pytest.raises(ebm.errors.ShapeError, match="returned 32 energies; expected 16"):
        ebm.from_callable(lambda x: (np.zeros(2 * len(x)), x), 2)([[0, 0]])


@pytest.mark.parametrize("line, expected", [
    ("box-rule = clamp: needs --box LOW,HIGH", "box_rule = clamp: needs box=(LOW, HIGH)"),
    ("uniform: has no sd; leave out --base-sd", "uniform: has no sd; leave out base_sd"),
    ("data = x: needs --init data", 'data = x: needs init="data"'),
    ("take --precision f32, or T of 2", 'take precision="f32", or T of 2'),
    ("; --iterations 300 would fit", "; iterations=300 would fit"),
    ("give --init FILE.npy", "give init=FILE"), ("in place of --class", "in place of class_"),
    ("take a smaller --step-size, or --adapt with --burn-in",
     "take a smaller step_size, or adapt with burn_in"),
    ("expected class (--set condition=class)", "expected class (condition=class)"),
    ("ebm train --help lists `ebm sample --class`", "ebm train --help lists `ebm sample --class`"),
    ("/tmp/a--b.npy: x-y = 3", "/tmp/a--b.npy: x-y = 3")])
def test_messages_name_keywords(line, expected):
    assert ebm.errors.in_keywords(line) == expected


def test_exceptions_and_warnings_name_keywords():
    with pytest.raises(ebm.errors.UsageError, match=r"^box_rule = reflect: needs box=\(LOW, "):
        ebm.sample("toy:rings", box_rule="reflect", sampler="langevin")
    with pytest.warns(ebm.errors.Warning, match="take a smaller step_size"):
        ebm.sample("toy:double-well", n=64, steps=100, sampler="mala", step_size=50.0)


def test_conditions_are_bound_once():
    energy = ebm.load("fashion-mnist-classes")
    with pytest.raises(ebm.errors.UsageError, match="class = 4: the energy is at class = 3"):
        energy.at(3).at(4)
    levels = ebm.load("fashion-mnist-levels")
    with pytest.raises(ebm.errors.UsageError, match="level = 1.0: the energy is at level = 0.5"):
        levels.at(level=0.5).at(level=1.0)
    with pytest.raises(ebm.errors.UsageError, match="class = 3: .*levels.safetensors has no"):
        levels.at(level=0.5).at(3)


def test_no_class_is_told():
    energy = ebm.load("fashion-mnist-classes")
    x = np.zeros((1, 784), np.float32)
    with pytest.warns(ebm.errors.Warning, match="is taken at no class, as class_='none'"):
        whole = energy.at()
    assert whole(x) == energy(x, class_="none")
    assert whole.at(3)(x) == energy(x, class_=3) != whole(x)
    with pytest.warns(ebm.errors.Warning, match="is taken at no class"):
        ebm.sample(energy, n=1, steps=1)
