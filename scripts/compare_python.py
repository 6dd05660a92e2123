#!/usr/bin/env python3
"""Samplers of this package beside BlackJAX, torchebm and ebmkit, on the same densities.

    PYTHONPATH=build/py/python python3 scripts/compare_python.py [--scale 1.0] [--turns 5]

NUTS: effective samples a second (the least of all parameters, bulk, by ebm.diagnose) of the draws
after adaptation and compilation, of 16 chains. Langevin: chain-steps a second after compilation.
Each library has a process of its own (ebmkit, too, is imported as `ebm`), they take turns, and the
table has medians. What is not installed is left out.
"""
import argparse
import json
import math
import statistics
import subprocess
import sys
import time

CHAINS = 16
EFFECTS = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]
SDS = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]


def eight_schools(x, xp, array):
    spread = xp.exp(x[..., 1])[..., None]
    residual = (x[..., :1] + spread * x[..., 2:] - array(EFFECTS)) / array(SDS)
    prior = (0.1 * x[..., 0]) ** 2 + (x[..., 1] - 5.0) ** 2 + (x[..., 2:] ** 2).sum(-1)
    return 0.5 * (prior + (residual**2).sum(-1))


def funnel(x, xp, array):
    v = x[..., 0]
    return v**2 / 18 + 0.5 * xp.exp(-v) * (x[..., 1:] ** 2).sum(-1) + 0.5 * (x.shape[-1] - 1) * v


def gaussian(x, xp, array):
    return 0.5 * (x**2).sum(-1)


# Name: toy of this package, numbers in a state, the same density in JAX and PyTorch.
POSTERIORS = {"eight-schools": ("toy:eight-schools", 10, eight_schools),
              "funnel": ("toy:funnel,dim=5,sd=3", 5, funnel),
              "gaussian": ("toy:gaussian,dim=50", 50, gaussian)}
TOYS = {"gaussian": ("toy:gaussian,dim=2", 2, gaussian),
        "funnel": ("toy:funnel,dim=2,sd=3", 2, funnel)}
LIBRARIES = {"nuts": ("ebm", "blackjax"), "langevin": ("ebm", "torchebm", "ebmkit")}
STEP_SIZE = 0.01


def nuts_of_ebm(name, scale):
    import ebm

    model, dim, _ = POSTERIORS[name]
    steps = int(1000 * scale)

    def draw(seed):
        walk = ebm.samplers.NUTS().run(model, n=CHAINS, steps=steps, burn_in=steps, adapt=True,
                                       seed=seed, trace=True)
        return walk.draws, walk.seconds

    return draw


def nuts_of_blackjax(name, scale):
    import blackjax
    import jax
    import numpy as np

    _, dim, energy = POSTERIORS[name]
    steps = int(1000 * scale)

    def log_density(x):
        return -energy(x, jax.numpy, jax.numpy.asarray)

    @jax.jit
    def warm(key):
        first, *keys = jax.random.split(key, CHAINS + 1)
        adaptation = blackjax.window_adaptation(blackjax.nuts, log_density)
        start = jax.random.normal(first, (CHAINS, dim))
        (states, found), _ = jax.vmap(
            lambda k, x: adaptation.run(k, x, num_steps=steps))(jax.numpy.stack(keys), start)
        return states, found

    @jax.jit
    def run(key, states, found):
        def one(key, state, found):
            step = blackjax.nuts(log_density, **found).step

            def advance(state, key):
                state, _ = step(key, state)
                return state, state.position

            return jax.lax.scan(advance, state, jax.random.split(key, steps))[1]

        return jax.vmap(one)(jax.random.split(key, CHAINS), states, found)

    def draw(seed):
        adapt, go = jax.random.split(jax.random.PRNGKey(seed))
        states, found = jax.block_until_ready(warm(adapt))
        start = time.perf_counter()
        draws = jax.block_until_ready(run(go, states, found))
        return np.asarray(draws).swapaxes(0, 1), time.perf_counter() - start

    return draw


def langevin_of_ebm(name, n, steps):
    import ebm

    energy = ebm.load(TOYS[name][0])
    return lambda seed: ebm.sample(energy, n=n, steps=steps, seed=seed, sampler="langevin",
                                   step_size=STEP_SIZE)


def torch_energy(name):
    import torch

    return lambda x: TOYS[name][2](x, torch, torch.tensor)


def langevin_of_torchebm(name, n, steps):
    import torch
    import torchebm.core
    import torchebm.samplers

    class Model(torchebm.core.BaseModel):
        def forward(self, x):
            return torch_energy(name)(x)

    sampler = torchebm.samplers.LangevinDynamics(Model(), step_size=STEP_SIZE)
    return lambda seed: sampler.sample(x=torch.randn(n, TOYS[name][1]), n_steps=steps)


def langevin_of_ebmkit(name, n, steps):
    import ebm
    import torch

    sampler = ebm.LangevinDynamics(step_size=STEP_SIZE, steps=steps)
    return lambda seed: sampler.sample(torch_energy(name), torch.randn(n, TOYS[name][1]))


def work(kind, library, name, scale):
    """One line of JSON for each line of input, which is a seed."""
    if library == "ebmkit":  # not this package, which has the same name
        sys.path[:] = [each for each in sys.path if not each.endswith("build/py/python")]
    make = globals()[f"{kind}_of_{library}"]
    n, steps = 1024, int(1000 * scale)
    call = make(name, scale) if kind == "nuts" else make(name, n, steps)
    call(0)  # compiles
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        found = call(int(line))
        seconds = time.perf_counter() - start
        if kind == "langevin":
            print(json.dumps(n * steps / seconds), flush=True)
            continue
        import ebm
        rows = ebm.diagnose(found[0]).rows
        least = min(row["ess_bulk"] for row in rows if row["name"] != "energy")
        print(json.dumps(least / found[1]), flush=True)


def start(kind, library, name, scale):
    child = subprocess.Popen([sys.executable, __file__, "--work", kind, library, name,
                              "--scale", str(scale)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if child.stdout.readline().strip() == "ready":
        return child
    print(f"{kind:9} {name:14} {library:9} left out: "
          f"{child.communicate()[1].strip().splitlines()[-1]}")
    return None


def require_same_densities():
    """Of the toys here and in this package, up to a constant."""
    import ebm
    import numpy as np

    for model, dim, energy in (*POSTERIORS.values(), *TOYS.values()):
        x = np.random.default_rng(0).normal(size=(20, dim))
        difference = ebm.load(model)(x) - energy(x, np, np.asarray)
        assert np.ptp(difference) < 1e-3 * max(1.0, abs(energy(x, np, np.asarray)).max()), model


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="of the numbers of steps")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        return work(*given.work, given.scale)
    require_same_densities()
    for kind, names in (("nuts", POSTERIORS), ("langevin", TOYS)):
        for name in names:
            children = {library: start(kind, library, name, given.scale)
                        for library in LIBRARIES[kind]}
            figures = {library: [] for library, child in children.items() if child}
            for seed in range(1, given.turns + 1):
                for library, row in figures.items():
                    child = children[library]
                    child.stdin.write(f"{seed}\n")
                    child.stdin.flush()
                    row.append(json.loads(child.stdout.readline() or "NaN"))
            unit = "ESS/s" if kind == "nuts" else "chain-steps/s"
            for library, row in figures.items():
                children[library].stdin.close()
                children[library].wait()
                middle = statistics.median(row) if row else math.nan
                print(f"{kind:9} {name:14} {library:9} {middle:12.4g} {unit}"
                      f"  ({min(row):.3g} to {max(row):.3g})", flush=True)
    return None


if __name__ == "__main__":
    main()
