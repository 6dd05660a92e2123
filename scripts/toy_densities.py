#!/usr/bin/env python3
"""Trains every objective on points of the plane and compares its density with the true one.

    python3 -m venv FOLDER
    FOLDER/bin/pip install numpy matplotlib
    FOLDER/bin/python scripts/toy_densities.py --ebm build/release/app/ebm --picture densities.png

For each objective and toy data set it runs `ebm train --data toy:NAME --objective OBJECTIVE` with
the defaults, or the iterations given, and takes E of the model (of models of many levels at the
lowest one) on a grid of 240 x 240 cells over [-3, 3]^2. The density is exp(-E/T) normalised on the
grid, T that of the model's sampler; the true one is known in closed form or by quadrature. The
table has their total variation,

    TV(p, q) = 1/2 sum over cells of |p - q|,     from 0, equal, to 1, nowhere both,

and that of samples drawn as the model's file says, counted in cells of 0.1 x 0.1, beside which
the row "true" has as many draws of the true density. Objectives whose energy is no density have
samples alone.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

HALF, CELLS, COARSE = 3.0, 240, 60
TOYS = ("8gaussians", "two-moons", "rings", "checkerboard")
# Whether exp(-E/T) is meant as a density of the data.
OBJECTIVES = {"cd": True, "nce": True, "dsm": True, "dual": True, "recovery": True,
              "discrepancy": True, "ssm": True, "energy-matching": False, "equilibrium": False}


def centres():
    """Of the cells, [CELLS^2, 2]; the first coordinate varies fastest, the second falls."""
    middle = (np.arange(CELLS) + 0.5) * (2 * HALF / CELLS) - HALF
    x, y = np.meshgrid(middle, middle[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1)


def normalised(values):
    return values / values.sum()


def gaussians(points, means, sd):
    """The mean over Gaussians of one sd about the means, up to a factor."""
    total = np.zeros(len(points))
    for mean in means:
        total += np.exp(-((points - mean) ** 2).sum(axis=1) / (2 * sd * sd))
    return total


def true_density(toy, points):
    """Mass of each cell, by the midpoint rule: data/toys.cc says how the points are drawn."""
    if toy == "8gaussians":
        angles = np.pi * np.arange(8) / 4
        return normalised(gaussians(points, np.stack([np.cos(angles), np.sin(angles)], 1), 0.15))
    if toy == "two-moons":
        angles = np.pi * (np.arange(400) + 0.5) / 400
        upper = np.stack([np.cos(angles) - 0.5, np.sin(angles) - 0.25], axis=1)
        return normalised(gaussians(points, np.concatenate([upper, -upper]), 0.1))
    if toy == "rings":
        angles = 2 * np.pi * np.arange(800) / 800
        ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        # Each ring has the same number of points, and so of means here.
        return normalised(sum(gaussians(points, radius * ring, 0.05) for radius in (0.5, 1, 1.5, 2)))
    column, row = np.floor(points[:, 0] + 2), np.floor(points[:, 1] + 2)
    inside = (column >= 0) & (column < 4) & (row >= 0) & (row < 4)
    return normalised((inside & (column % 2 == row % 2)).astype(float))


def coarse(mass):
    """Masses in cells of 0.1 x 0.1."""
    fold = CELLS // COARSE
    return mass.reshape(COARSE, fold, COARSE, fold).sum(axis=(1, 3)).ravel()


def counted(points):
    """The share of the points in each of those cells; what lies outside is missing."""
    edges = np.linspace(-HALF, HALF, COARSE + 1)
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=[edges, edges])
    return counts[::-1].ravel() / len(points)


def total_variation(p, q):
    """Half of the sum of differences; mass that either lacks counts as somewhere else."""
    return 0.5 * (np.abs(p - q).sum() + abs(p.sum() - q.sum()))


def output_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"toy_densities.py: {' '.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def measure(args, objective, toy, grid, folder):
    """TV of the density (None if there is none) and of samples, seconds, and masses to draw."""
    run = folder / f"{objective}-{toy}"
    command = [args.ebm, "train", "--data", f"toy:{toy}", "--objective", objective, "--seed",
               str(args.seed), "--threads", str(args.threads), "--out", str(run)]
    if args.iterations:
        command += ["--iterations", str(args.iterations)]
    output_of(command)
    truth = true_density(toy, grid)
    sampled = folder / "samples.npy"
    drawn = json.loads(output_of([args.ebm, "sample", str(run), "--n", str(args.n), "--out",
                                  str(sampled), "--seed", str(args.seed), "--json"]))
    share = counted(np.load(sampled).reshape(args.n, 2))
    of_samples = total_variation(share, coarse(truth))
    if not OBJECTIVES[objective]:
        fold = CELLS // COARSE
        spread = share.reshape(COARSE, COARSE) / fold ** 2
        return None, of_samples, np.repeat(np.repeat(spread, fold, 0), fold, 1)
    energies = folder / "energies.npy"
    output_of([args.ebm, "score", str(run), "--data", f"npy:{folder / 'grid.npy'}", "--out",
               str(energies)])
    energy = np.load(energies).astype(float) / (drawn.get("temperature") or 1.0)
    mass = normalised(np.exp(energy.min() - energy))
    return total_variation(mass, truth), of_samples, mass.reshape(CELLS, CELLS)


def draw(path, names, masses):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(len(TOYS), len(names), squeeze=False,
                                   figsize=(1.35 * len(names), 1.4 * len(TOYS) + 0.3))
    for row, toy in enumerate(TOYS):
        peak = masses["true", toy].max()
        for column, name in enumerate(names):
            axis = axes[row][column]
            axis.imshow(np.minimum(masses[name, toy] / peak, 1.0),
                        cmap="magma", vmin=0, vmax=1, interpolation="nearest")
            axis.set_xticks([])
            axis.set_yticks([])
            if row == 0:
                axis.set_title(name, fontsize=9)
            if column == 0:
                axis.set_ylabel(toy, fontsize=9)
    figure.tight_layout(pad=0.3)
    figure.savefig(path, dpi=100)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebm", default="build/release/app/ebm", help="the program")
    parser.add_argument("--objectives", default=",".join(OBJECTIVES), metavar="LIST")
    parser.add_argument("--iterations", type=int, default=0, help="[the default of ebm train]")
    parser.add_argument("--n", type=int, default=20000, help="samples [%(default)s]")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--runs", metavar="DIR", type=pathlib.Path,
                        help="a new folder for the runs, which are kept")
    parser.add_argument("--picture", metavar="FILE.png", help="the densities, side by side")
    args = parser.parse_args()
    names = args.objectives.split(",")
    for name in names:
        if name not in OBJECTIVES:
            parser.error(f"unknown objective '{name}'; known: {', '.join(OBJECTIVES)}")

    with tempfile.TemporaryDirectory() as temporary:
        folder = args.runs or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        grid = centres()
        np.save(folder / "grid.npy", grid.astype(np.float32))
        random = np.random.default_rng(args.seed)
        masses, rows = {}, {"true": []}
        for toy in TOYS:
            truth = true_density(toy, grid)
            masses["true", toy] = truth.reshape(CELLS, CELLS)
            share = random.multinomial(args.n, normalised(coarse(truth))) / args.n
            rows["true"].append((0.0, total_variation(share, coarse(truth))))
        for name in names:
            rows[name] = []
            for toy in TOYS:
                density, samples, mass = measure(args, name, toy, grid, folder)
                rows[name].append((density, samples))
                masses[name, toy] = mass
                print(f"{name} {toy}: density {density}, samples {samples:.3f}", file=sys.stderr)
    print("| objective | " + " | ".join(TOYS) + " |")
    print("|---|" + "---|" * len(TOYS))
    for name, found in rows.items():
        cells = [f"{'-' if d is None else f'{d:.3f}'}, {s:.3f}" for d, s in found]
        print(f"| `{name}` | " + " | ".join(cells) + " |")
    if args.picture:
        draw(args.picture, ["true"] + names, masses)


if __name__ == "__main__":
    main()
