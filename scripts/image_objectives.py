#!/usr/bin/env python3
"""Trains every objective on Fashion-MNIST for one processor time and compares the models.

    python3 scripts/image_objectives.py --seconds 600 --runs runs/objectives --pictures grids

For each objective it measures the processor time of an iteration on one thread, trains as many
iterations as fit into --seconds with the whole schedule of the learning rate, and evaluates the
model (`ebm eval --n 2000`): samples by the recipe of the model's file in the shipped features;
where chains can go on, samples after ten times the steps; bits per dimension of test images where
there is a normalised density. All have one network and one batch size, but for contrastive
divergence, which has its own; what else differs from the defaults is SETTINGS below. The runs are
kept. A run that ended by divergence has a row that says so.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

SHARED = {"batch_size": 128, "learning_rate": 2e-3, "lr_schedule": "cosine", "lr_decay_start": 0,
          "lr_final_fraction": 0.02, "ema_decay": 0.999, "sample_every": 0}
SETTINGS = {
    # The recipe `good`.
    "cd": {"batch_size": 64, "steps": 20, "sample_steps": 400},
    "nce": {},
    "dsm": {},
    "dual": {},
    "recovery": {},
    "discrepancy": {},
    # Images alone lie on a surface, where there is no slope to fit.
    "ssm": {"data_noise": 0.1},
    "energy-matching": {"clip_grad_norm": 1.0},
    "equilibrium": {"clip_grad_norm": 1.0},
}
LEVELS = ("dsm", "dual", "recovery")
FIGURES = ("fd", "kid", "precision", "recall", "coverage")
DIVERGED = 71


def run(arguments, *command):
    """The exit code, what was printed, and seconds of processor time."""
    words = [str(word) for word in (arguments.ebm, *command)]
    print(" ".join(words), file=sys.stderr)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, DIVERGED):
        sys.exit(f"image_objectives.py: {' '.join(words)}: exit code {process.returncode}")
    return process.returncode, printed, usage.ru_utime + usage.ru_stime


def train(arguments, objective, iterations, folder):
    keys = SHARED | SETTINGS[objective] | arguments.set
    return run(arguments, "train", "--data", "fashion-mnist", "--objective", objective, "--net",
               arguments.net, "--seed", arguments.seed, "--threads", 1, "--iterations", iterations,
               "--out", folder, *(f"--set={key}={value}" for key, value in keys.items()))


def seconds_of_iteration(arguments, objective):
    """Processor time of an iteration, without that of the start."""
    few, more = 5, 45
    times = []
    for iterations in (few, more):
        folder = arguments.runs / f"{objective}-{iterations}"
        times.append(train(arguments, objective, iterations, folder)[2])
    return (times[1] - times[0]) / (more - few)


def measure(arguments, objective):
    """One row of the table."""
    folder = arguments.runs / objective
    # A measurement that the start of the program disturbed would ask for endless iterations.
    each = max(seconds_of_iteration(arguments, objective), 1e-4)
    iterations = max(1, round(arguments.seconds / each))
    code, _, seconds = train(arguments, objective, iterations, folder)
    row = {"objective": objective, "iterations": iterations, "seconds": seconds,
           "diverged": code == DIVERGED}
    if row["diverged"]:
        return row
    common = ["eval", folder, "--data", "fashion-mnist", "--temperatures", 0, "--seed",
              arguments.seed, "--json"]
    _, text, _ = run(arguments, *common, "--n", arguments.n, "--long-run", 0)
    found = json.loads(text)
    row |= {key: found["samples"]["noise"][key] for key in FIGURES}
    row["steps"] = found["steps"]
    row["ood"] = {name: other["auroc"] for name, other in found["ood"].items()}
    if objective in LEVELS:
        _, text, _ = run(arguments, *common, "--n", arguments.few, "--long-run", 0, "--densities",
                         arguments.few)
        row["densities"] = json.loads(text)["densities"]
    else:
        steps = row["steps"]
        _, text, _ = run(arguments, *common, "--n", arguments.few, "--long-run", 10 * steps)
        long_run = json.loads(text)["long_run"]
        row["long_run"] = dict(zip(long_run["steps"], long_run["fd"]))
        row["ratio"] = row["long_run"][10 * steps] / row["long_run"][steps]
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
        run(arguments, "sample", folder, "--n", 64, "--seed", arguments.seed, "--out",
            arguments.pictures / f"{objective}.png")
    return row


def bits_of(row):
    """By each method that the model has."""
    densities = row.get("densities")
    if not densities:
        return "-"
    return ", ".join(f"{densities[method]['bits_per_dim']:.2f}"
                     for method in ("energy", "flow", "annealed") if densities.get(method))


def table_of(rows):
    """The rows as a table of Markdown."""
    text = ("| objective | iterations | ms each | FD | KID | precision | recall | coverage "
            "| FD after 10 times the steps, times the first | bits/dim |\n"
            "|---|---|---|---|---|---|---|---|---|---|\n")
    for row in rows:
        cells = [f"`{row['objective']}`", str(row["iterations"]),
                 f"{1000 * row['seconds'] / row['iterations']:.1f}"]
        if row["diverged"]:
            cells += ["diverged"] + ["-"] * 6
        else:
            ratio = f"{row['ratio']:.2f}" if "ratio" in row else "-"
            cells += [f"{row['fd']:.2f}", f"{row['kid']:.3f}", f"{row['precision']:.2f}",
                      f"{row['recall']:.2f}", f"{row['coverage']:.2f}", ratio, bits_of(row)]
        text += "| " + " | ".join(cells) + " |\n"
    return text


def setting(text):
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text}: must be KEY=VALUE")
    return key, value


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebm", default="build/release/app/ebm", help="the program")
    parser.add_argument("--objectives", default=",".join(SETTINGS), metavar="LIST")
    parser.add_argument("--seconds", type=float, default=600,
                        help="processor time of each training [%(default)s]")
    parser.add_argument("--net", default="uva-wide", help="[%(default)s]")
    parser.add_argument("--set", type=setting, action="append", default=[], metavar="KEY=VALUE",
                        help="of `ebm train`, for all")
    parser.add_argument("--n", type=int, default=2000, help="samples of FD [%(default)s]")
    parser.add_argument("--few", type=int, default=500,
                        help="chains that go on, and images of a density [%(default)s]")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", metavar="DIR", type=pathlib.Path, required=True,
                        help="a new folder for the runs")
    parser.add_argument("--pictures", metavar="DIR", type=pathlib.Path,
                        help="64 samples of each, as OBJECTIVE.png")
    arguments = parser.parse_args()
    arguments.set = dict(arguments.set)
    names = arguments.objectives.split(",")
    for name in names:
        if name not in SETTINGS:
            parser.error(f"unknown objective '{name}'; known: {', '.join(SETTINGS)}")
    arguments.runs.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in names:
        rows.append(measure(arguments, name))
        (arguments.runs / f"{name}.json").write_text(json.dumps(rows[-1], indent=1) + "\n",
                                                     encoding="utf-8")
    print(table_of(rows), end="")


if __name__ == "__main__":
    main()
