"""log Z, modes, evaluations: exact values, the figures of the command line, what is refused."""
import json

import numpy as np
import pytest

import ebm


def without_times(document):
    return {key: value for key, value in document.items()
            if key not in ("seconds", "warnings", "target")}


def test_log_z_of_a_gaussian_has_its_formula():
    energy = ebm.toy("gaussian", dim=3, mean=0.5, sd=2)
    exact = 1.5 * np.log(2 * np.pi * 4)
    target = np.random.default_rng(0).normal(0.5, 2, (64, 3))
    found = ebm.log_z(energy, n=256, temperatures=300, seed=1, reverse=target)
    assert abs(found.log_z - exact) < 5 * found.se + 1e-3 and found.se < 0.1
    assert abs(found.reverse.log_z - exact) < 5 * found.reverse.se + 1e-3
    assert found.mean_log_w < exact + 5 * found.se
    assert found.gap == pytest.approx(found.reverse.log_z - found.log_z, abs=1e-9)
    assert found.settings["exact_log_z"] == pytest.approx(exact, rel=1e-6)


def test_log_z_is_that_of_the_command_line(command):
    found = ebm.log_z("toy:8gaussians", n=64, temperatures=50, seed=3, sampler="mala",
                      base="uniform", box=(-6, 6), threads=2)
    text = command("logz", "--energy", "toy:8gaussians", "--n", "64", "--temperatures", "50",
                   "--seed", "3", "--sampler", "mala", "--base", "uniform", "--box", "-6,6",
                   "--json")
    expected = json.loads(text)
    assert (found.log_z, found.se, found.ess) == tuple(expected[key]
                                                       for key in ("log_z", "se", "ess"))
    assert found.settings["leapfrog_step_sizes"] == expected["leapfrog_step_sizes"]


@pytest.mark.parametrize("keywords, message", [
    ({"n": 0}, "n = 0: must be at least 1"), ({"temperatures": 1}, "temperatures = 1"),
    ({"sampler": "nuts"}, "sampler"), ({"sampler": "mala", "leapfrog": 3}, "leapfrog"),
    ({"path": "noise"}, "goes through no levels"), ({"box": (1,)}, "box"),
    ({"seed": -1}, "seed = -1"), ({"schedule": "cubic"}, "schedule"),
    ({"reverse": np.zeros((3, 5))}, r"reverse has shape \(3, 5\)")])
def test_wrong_keywords_of_log_z_are_named(keywords, message):
    with pytest.raises(ebm.Error, match=message):
        ebm.log_z("toy:rings", **keywords)


def test_keywords_of_a_path_by_beta_are_refused_by_noise():
    with pytest.raises(ebm.errors.UsageError, match="steps: is for a path by beta"):
        ebm.log_z("fashion-mnist-levels", steps=2)


pytestmark = pytest.mark.filterwarnings("ignore::ebm.errors.Warning")

MODES = {"n": 128, "frames": 20, "lag": 50, "burn_in": 200, "step_size": 0.05,
         "temperature": 0.4, "seed": 2}


def test_a_double_well_has_two_modes_of_one_mass():
    energy = ebm.toy("double-well", dim=1)
    found = ebm.modes(energy, **MODES)
    assert len(found) == 2 and found.exemplars.shape == (2, 1)
    np.testing.assert_allclose(found.masses, 0.5, atol=0.1)
    np.testing.assert_allclose(np.sort(found.exemplars.ravel()), [-1, 1], atol=0.02)
    np.testing.assert_allclose(found.energies, energy(found.exemplars), atol=1e-5)
    barrier = energy([[0.0]])[0]
    assert found.saddles[0, 1] == pytest.approx(barrier, abs=0.02)
    assert found.tree[0]["energy"] == pytest.approx(barrier, abs=0.02)


def test_modes_are_those_of_the_command_line(command):
    found = ebm.modes("toy:double-well", threads=2, **MODES)
    given = [word for name, value in MODES.items()
             for word in (f"--{name.replace('_', '-')}", str(value))]
    text = command("modes", "--energy", "toy:double-well", *given, "--json")
    assert without_times(found.table) == without_times(json.loads(text))


def test_modes_start_where_one_says():
    x0 = np.full((32, 1), 1.0)
    found = ebm.modes("toy:double-well,dim=1", x0, frames=5, lag=1, step_size=1e-3, paths=0)
    assert len(found) == 1 and found.exemplars[0, 0] == pytest.approx(1, abs=0.1)
    assert found.saddles is None and np.isnan(found.escape_times[0])


@pytest.mark.parametrize("keywords, message", [
    ({"n": 0}, "n = 0"), ({"frames": 0}, "frames = 0"), ({"states": "cells"}, "states"),
    ({"x0": np.zeros((3, 5))}, "x0 has shape"), ({"x0": np.zeros((3, 2)), "n": 4}, "x0 has 3"),
    ({"stepsize": 1.0}, "stepsize: unknown setting"), ({"init": "nowhere"}, "nowhere"),
    ({"restarts": 0}, "restarts = 0"), ({"seed": -1}, "seed = -1")])
def test_wrong_keywords_of_modes_are_named(keywords, message):
    with pytest.raises(ebm.Error, match=message):
        ebm.modes("toy:rings", **keywords)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    path = tmp_path_factory.mktemp("images") / "x.npy"
    np.save(path, np.random.default_rng(0).uniform(-1, 1, (400, 1, 28, 28)).astype(np.float32))
    return path


def test_figures_are_those_of_the_command_line(command, images):
    found = ebm.evaluate("fashion-mnist", data=f"npy:{images}", n=70, steps=2, long_run=0,
                         temperatures=0, seed=1, threads=2)
    text = command("eval", "fashion-mnist", "--data", f"npy:{images}", "--n", "70", "--steps", "2",
                   "--long-run", "0", "--temperatures", "0", "--seed", "1", "--json")
    expected = json.loads(text)
    for document in (found, expected):  # share/ is found in two places
        assert document.pop("file").endswith("share/ebm/models/fashion-mnist.safetensors")
        document["features"] = document["features"]["name"]
    assert without_times(found) == without_times(expected)


def test_samples_are_evaluated(command, images):
    x = np.load(images)[:100] * 0.5
    np.save(command.folder / "samples.npy", x)
    found = ebm.evaluate(samples=x, data=f"npy:{images}", n=70)
    text = command("eval", "--samples", "npy:samples.npy", "--data", f"npy:{images}", "--n", "70",
                   "--json")
    assert found["fd"] > 0 and found["fd"] == json.loads(text)["fd"]


def test_wrong_keywords_of_evaluate_are_named(images):
    spec = f"npy:{images}"
    for keywords, message in (
            ({}, "either an energy or samples"), ({"energy": "toy:rings", "data": spec}, "points"),
            ({"samples": np.zeros((70, 784)), "data": spec}, "samples has shape"),
            ({"samples": np.zeros((70, 1, 28, 28))}, "data is missing"),
            ({"samples": np.zeros((70, 1, 28, 28)), "data": spec, "steps": 3}, "need an energy"),
            ({"energy": "fashion-mnist", "data": spec, "temperatures": 1}, "temperatures = 1"),
            ({"energy": "fashion-mnist", "data": "npy:/nowhere.npy"}, "nowhere")):
        with pytest.raises(ebm.Error, match=message):
            ebm.evaluate(**keywords)


@pytest.mark.parametrize("model, operator, noise_sd, keywords", [
    ("fashion-mnist", "blur=1", 0.1, {"steps": 10, "n": 3}),
    ("fashion-mnist", "mask=box:4,4,8,8", 0.0, {"steps": 10, "n": 2, "init": "noise"}),
    ("fashion-mnist-levels", "noise", 0.3, {"steps": 8, "n": 2})])
def test_restored_images_are_those_of_the_command_line(command, images, model, operator, noise_sd,
                                                       keywords):
    y = np.load(images)[:2]
    np.save(command.folder / "y.npy", y)
    found = ebm.restore(model, y, operator, noise_sd, seed=4, threads=2, **keywords)
    given = [word for key, value in keywords.items() for word in (f"--{key}", str(value))]
    command("restore", model, "--observed", "y.npy", "--operator", operator, "--noise-sd",
            str(noise_sd), "--no-baselines", "--seed", "4", *given, "--out", "x.npy", "--mean",
            "mean.npy", "--spread", "spread.npy")
    np.testing.assert_array_equal(found.samples, np.load(command.folder / "x.npy"))
    np.testing.assert_array_equal(found.mean, np.load(command.folder / "mean.npy"))
    np.testing.assert_array_equal(found.spread, np.load(command.folder / "spread.npy"))
    if "mask" in operator:
        assert (found.samples[:, :, :, 0, :] == y[:, None, :, 0, :]).all()
    assert (found.denoised is not None) == model.endswith("levels")


def test_starts_at_training_images(images):
    y = np.load(images)[:2]
    found = ebm.restore("fashion-mnist", y, "noise", 0.2, n=2, steps=0, init="nearest",
                        data=f"npy:{images}")
    np.testing.assert_allclose(found.samples[:, 0], y, atol=1e-6)


def test_wrong_keywords_of_restore_are_named():
    y = np.zeros((1, 1, 28, 28))
    for keywords, message in (
            ({"operator": "blurr=1"}, "blur"), ({"y": np.zeros((1, 5))}, "y holds 5 values"),
            ({"noise_sd": 0.0}, "noise-sd"), ({"init": "nowhere"}, "init"), ({"n": 0}, "n = 0"),
            ({"energy": "toy:rings"}, "points"), ({"y": np.full_like(y, np.nan)}, "finite"),
            ({"y": 3.0}, r"y has shape \(\)")):
        with pytest.raises(ebm.Error, match=message):
            ebm.restore(**{"energy": "fashion-mnist", "y": y, "operator": "noise",
                           "noise_sd": 0.1, **keywords})
