"""Samples, walks, diagnoses: exact moments, the bits of the command line, what is refused."""
import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest

import ebm


@pytest.mark.parametrize("model, keywords, options", [
    ("fashion-mnist", {"steps": 10}, ["--steps", "10"]),
    ("fashion-mnist-classes", {"steps": 5, "class_": [3, "Bag"], "guidance": 1.5},
     ["--steps", "5", "--class", "3,Bag", "--guidance", "1.5"]),
    ("fashion-mnist-matching", {"steps": 4, "class_": "all"}, ["--steps", "4", "--class", "all"]),
    ("fashion-mnist-matching", {"steps": 9, "class_": 5, "guidance": 3, "guidance_start": 0.1,
                                "guidance_end": 0.25},
     ["--steps", "9", "--class", "5", "--guidance", "3", "--guidance-start", "0.1",
      "--guidance-end", "0.25"]),
    ("fashion-mnist-classes + fashion-mnist-classifier", {"steps": 4, "class_": "Sneaker"},
     ["--steps", "4", "--class", "Sneaker"]),
    ("fashion-mnist-levels", {"steps": 4}, ["--steps", "4"]),
    ("toy:funnel,dim=5", {"steps": 50, "sampler": "nuts", "burn_in": 20, "adapt": True},
     ["--steps", "50", "--sampler", "nuts", "--burn-in", "20", "--adapt"]),
    ("toy:8gaussians", {"steps": 30, "sampler": "parallel-tempering", "step_size": 0.1,
                        "ladder": (1, 3, 9, 27)},
     ["--steps", "30", "--sampler", "parallel-tempering", "--step-size", "0.1",
      "--ladder", "1,3,9,27"])])
def test_samples_have_the_bits_of_the_command_line(command, model, keywords, options):
    named = ["--energy", model] if model.startswith("toy:") else [model]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x = ebm.sample(model, n=3, seed=5, threads=2, **keywords)
    command("sample", *named, "--n", "3", "--seed", "5", *options, "--out", "x.npy")
    np.testing.assert_array_equal(x, np.load(command.folder / "x.npy").reshape(x.shape))


def test_starts_of_ones_own_go_on():
    energy = ebm.toy("rings")
    x0 = np.random.default_rng(0).normal(size=(33, 2))
    walk = ebm.samplers.Langevin(step_size=0.01).run(energy, x0, steps=0)
    np.testing.assert_array_equal(walk.x, x0.astype(np.float32))
    np.testing.assert_array_equal(walk.energies, energy(x0))


@pytest.mark.parametrize("sampler", [
    ebm.samplers.MALA(step_size=0.5), ebm.samplers.HMC(step_size=0.4, leapfrog=5),
    ebm.samplers.NUTS(step_size=0.4), ebm.samplers.Langevin(step_size=0.02),
    ebm.samplers.Underdamped(step_size=0.2),
    ebm.samplers.ParallelTempering(step_size=0.5, ladder=(1.0, 2.0))])
def test_samplers_reach_the_moments_of_a_gaussian(sampler):
    walk = sampler.run(ebm.toy("gaussian", dim=2, mean=1, sd=0.5), n=64, steps=1500, burn_in=300,
                       seed=1, trace=True)
    assert walk.draws.shape == (1500, 64, 2)
    found = walk.diagnose()
    for name in ("x[0]", "x[1]"):
        row = found[name]
        # Langevin dynamics without an accept step has a bias of order step_size.
        assert abs(row["mean"] - 1) < 5 * row["mcse_mean"] + 2e-3
        assert row["sd"] == pytest.approx(0.5, rel=0.03)
        assert row["r_hat"] < 1.02


def test_function_of_python_is_sampled():
    energy = ebm.from_callable(lambda x: ((x ** 2).sum(1) / 2, x), 3)
    walk = ebm.walk(energy, n=32, steps=400, burn_in=50, sampler="mala", step_size=0.8, trace=True)
    row = walk.diagnose()["x[2]"]
    assert abs(row["mean"]) < 5 * row["mcse_mean"] and row["sd"] == pytest.approx(1, rel=0.05)


def test_names_and_adaptation():
    walk = ebm.samplers.NUTS().run(ebm.toy("eight-schools"), n=16, steps=300, burn_in=300, seed=2,
                                   adapt=True, trace=True)
    found = walk.diagnose()
    assert found["mu"]["mean"] == pytest.approx(5.75, abs=0.8)
    assert "theta[8]" in str(found) and walk.inverse_mass.shape == (10,)
    assert 0.5 < walk.acceptance.mean() < 1


def test_threads_and_seeds():
    one, three, other = (ebm.sample("toy:rings", n=100, steps=50, seed=seed, threads=threads)
                         for seed, threads in ((1, 1), (1, 3), (2, 1)))
    np.testing.assert_array_equal(one, three)
    assert (one != other).all()


@pytest.mark.parametrize("keywords, message", [
    ({"n": 0}, "n = 0: must be at least 1"), ({"seed": -1}, "seed = -1: must be 0 or more"),
    ({"steps": -3}, "steps = -3"), ({"sampler": "nutz"}, "did you mean nuts"),
    ({"step_size": 0.0}, "step_size"), ({"leapfrogs": 3}, "leapfrogs: unknown setting"),
    ({"threads": -1}, "threads = -1"), ({"class_": 3}, "class"), ({"guidance": 2.0}, "guidance"),
    ({"guidance_end": 0.5}, "guidance_end = 0.5: needs a class"),
    ({"init": "nowhere"}, "nowhere"), ({"thinning": 0, "steps": 5}, "thinning = 0"),
    ({"adapt": True, "sampler": "nuts"}, "burn_in = 0")])
def test_wrong_keywords_are_named(keywords, message):
    with pytest.raises(ebm.errors.UsageError, match=message):
        ebm.sample("toy:rings", **keywords)


def test_wrong_starts_are_refused():
    with pytest.raises(ebm.errors.ShapeError, match=r"x0 has shape \(3, 5\)"):
        ebm.walk("toy:rings", np.zeros((3, 5)))
    with pytest.raises(ebm.errors.ShapeError, match="x0 has 3 states for n = 4"):
        ebm.walk("toy:rings", np.zeros((3, 2)), n=4)
    with pytest.raises(ebm.Error, match="finite|diverged"):
        ebm.walk("toy:rings", np.full((3, 2), np.nan), steps=5)


def test_chains_that_diverge_are_named():
    with pytest.raises(ebm.errors.DivergedError, match=r"chain \d became non-finite"):
        ebm.sample("toy:double-well", n=4, steps=500, step_size=50.0)


def test_warnings_are_pythons():
    with pytest.warns(ebm.errors.Warning):
        ebm.sample("toy:double-well", n=64, steps=100, sampler="mala", step_size=50.0)


def test_replay_buffer_goes_on_with_the_same_bits():
    def run(buffer, first, last):
        for i in range(first, last):
            x = buffer.draw(8)
            buffer.store(ebm.sample("toy:rings", init=x, n=8, steps=3, seed=i), steps=3)
        return buffer

    keywords = dict(capacity=32, box=(-1, 1), restart_probability=0.2, seed=3)
    whole = run(ebm.ReplayBuffer(2, **keywords), 0, 12)
    half = run(ebm.ReplayBuffer(2, **keywords), 0, 6)
    other = ebm.ReplayBuffer(2, **keywords)
    other.load_state_dict(half.state_dict())
    run(other, 6, 12)
    assert len(whole) == 32 and whole.state_dict()["items"] == other.state_dict()["items"]
    np.testing.assert_array_equal(whole.ages, other.ages)
    with pytest.raises(ebm.errors.UsageError, match="nothing was drawn"):
        whole.store(np.zeros((8, 2)), 1)


def test_two_threads_sample_at_once():
    energy, found = ebm.load("fashion-mnist"), {}

    def work(seed):
        found[seed] = ebm.sample(energy, n=16, steps=20, seed=seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed in (1, 2):
        np.testing.assert_array_equal(found[seed], ebm.sample(energy, n=16, steps=20, seed=seed))


def test_a_child_process_samples_after_fork():
    energy = ebm.load("fashion-mnist")
    expected = ebm.sample(energy, n=16, steps=5, seed=1, threads=1)
    child = os.fork()
    if child == 0:
        same = np.array_equal(ebm.sample(energy, n=16, steps=5, seed=1, threads=1), expected)
        os._exit(0 if same else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("model", ["toy:rings", "fashion-mnist"])
def test_interrupt_ends_a_walk_soon(model):
    program = (f"import ebm\nprint('ready', flush=True)\n"
               f"ebm.sample({model!r}, n=64, steps=10**8, progress=False)\n")
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        time.sleep(1.0)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
        assert child.returncode != 0 and "KeyboardInterrupt" in errors


def test_progress_is_told_and_may_end_the_walk():
    seen = []
    ebm.sample("toy:rings", n=4, steps=1000, burn_in=10,
               progress=lambda phase, fraction, rate: seen.append((phase, fraction)))
    assert seen[0][0] == "burn-in" and seen[-1] == ("", 1.0)

    def stop(phase, fraction, rate):
        raise StopIteration("enough")

    with pytest.raises(StopIteration):
        ebm.sample("toy:rings", n=4, steps=1000, progress=stop)


def test_chains_tell_their_classes():
    walk = ebm.walk("fashion-mnist-classes", n=2, steps=1, class_=[9, "Bag", "none"])
    assert walk.class_names == ["Ankle boot", "Bag", "none"]
    np.testing.assert_array_equal(walk.labels, [9, 9, 8, 8, 10, 10])
    walk = ebm.walk("fashion-mnist-classes", n=1, steps=1, class_="all")
    np.testing.assert_array_equal(walk.labels, np.arange(10))
    walk = ebm.walk("toy:rings", n=2, steps=1)
    assert walk.labels is None and walk.class_names == []


def test_parameters_are_functions_of_draws():
    walk = ebm.samplers.NUTS(step_size=0.3).run("toy:eight-schools", n=4, steps=50, seed=3,
                                                trace=True)
    mu, log_tau, z = walk.draws[:, :, :1], walk.draws[:, :, 1:2], walk.draws[:, :, 2:]
    np.testing.assert_allclose(walk.parameters[:, :, 1:2], np.exp(log_tau), rtol=1e-5)
    np.testing.assert_allclose(walk.parameters[:, :, 2:], mu + np.exp(log_tau) * z, rtol=1e-4,
                               atol=1e-4)
    found = walk.diagnose()
    for name in ("mu", "tau", "theta[8]"):
        column = walk.parameters[:, :, walk.names.index(name)]
        assert found[name]["mean"] == pytest.approx(column.mean(dtype=np.float64), rel=1e-5)


def test_arviz_has_the_draws():
    arviz = pytest.importorskip("arviz", reason="ArviZ is not installed")
    walk = ebm.samplers.NUTS().run("toy:eight-schools", n=4, steps=200, burn_in=200, seed=3,
                                   adapt=True, trace=True)
    data = walk.to_arviz()
    assert data.posterior["theta"].shape == (4, 200, 8)
    at = walk.names.index("theta[3]")
    np.testing.assert_array_equal(data.posterior["theta"].sel(theta_index=3).values,
                                  walk.parameters[:, :, at].T)
    np.testing.assert_array_equal(data.posterior["mu"].values,
                                  walk.draws[:, :, walk.names.index("mu")].T)
    np.testing.assert_array_equal(data.sample_stats["lp"].values, -walk.draw_energies.T)
    np.testing.assert_array_equal(data.sample_stats["energy"].values, walk.hamiltonians.T)
    table, found = arviz.summary(data, round_to="none"), walk.diagnose()
    assert set(table.index) == set(walk.names)
    for name in walk.names:
        assert float(table.loc[name, "mean"]) == pytest.approx(found[name]["mean"], rel=1e-4)
        assert float(table.loc[name, "ess_bulk"]) == pytest.approx(found[name]["ess_bulk"],
                                                                   rel=0.02)
