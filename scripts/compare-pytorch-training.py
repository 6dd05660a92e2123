#!/usr/bin/env python3
"""Compares ebm with PyTorch: seconds of an iteration of training on Fashion-MNIST, per objective.

    python3 -m venv FOLDER
    FOLDER/bin/pip install torch numpy
    FOLDER/bin/python scripts/compare-pytorch-training.py --ebm build/release/app/ebm

    cd               uva: 60 Langevin steps of 128 chains of a replay buffer, the contrastive loss
                     of 128 data and 128 samples
    all others       uva-wide, 128 items, their defaults: docs/objectives.md has the losses
                     (discrepancy: with 16 points for each item; recovery: chains of 30 steps)

All but cd, nce, recovery and discrepancy differentiate the weights through the gradient at the
input: PyTorch by double backward, which torch.compile does not have. dsm, dual and recovery have a
network E(x, sigma). Each iteration has Adam, clipping and an average of the weights. Before
anything is timed, both programs train for some iterations, and the means of their losses have to
agree; but for cd and recovery, whose loss is a difference near 0. Then all ways take turns, those
of PyTorch in this process and `ebm train` in its own, whose metrics.csv says the seconds between
two iterations. The table has medians over the turns, and how many times as long the best way of
PyTorch takes.
"""
import argparse
import copy
import csv
import gzip
import json
import math
import os
import statistics
import sys
import tempfile
import time

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as error:
    sys.exit(f"compare-pytorch-training.py: {error}; install torch and numpy, as --help says")

from pytorch_nets import NETS, Filmed, run_ebm, show_rows

BATCH, STEPS, CAPACITY, ENERGY_SCALE = 128, 60, 8192, 30.0
LOWEST, HIGHEST = 0.02, 10.0  # levels of noise of dsm and dual
RECOVERY_HIGHEST, RECOVERY_LEVELS, RECOVERY_STEPS, RECOVERY_STEP_SIZE = 5.0, 8, 30, 0.3
POINTS, POINTS_SD = 16, 0.3  # of discrepancy
# Of ebm: all that the two programs could do differently.
SHARED = {"batch_size": BATCH, "lr_schedule": "constant", "beta1": 0.9, "beta2": 0.999,
          "learning_rate": 1e-3, "clip_grad_norm": 1.0, "ema_decay": 0.999, "sample_every": 0,
          "dequantize": "false", "data_noise": 0.005}
OBJECTIVES = {
    "cd": ("uva", {"steps": STEPS, "step_size": 10.0, "noise_scale": 0.005,
                   "clamp_energy_grad": 0.03, "energy_l2": 0.1, "restart_probability": 0.05,
                   "buffer_capacity": CAPACITY}),
    "nce": ("uva-wide", {}),
    "dsm": ("uva-wide", {"noise_sd_min": LOWEST, "noise_sd_max": HIGHEST}),
    "dual": ("uva-wide", {"noise_sd_min": LOWEST, "noise_sd_max": HIGHEST}),
    "recovery": ("uva-wide", {"noise_sd_min": LOWEST, "noise_sd_max": RECOVERY_HIGHEST,
                              "noise_levels": RECOVERY_LEVELS, "step_size": RECOVERY_STEP_SIZE,
                              "sample_steps": RECOVERY_LEVELS * RECOVERY_STEPS}),
    "discrepancy": ("uva-wide", {"noise_sd": POINTS_SD, "perturbations": POINTS}),
    "ssm": ("uva-wide", {"data_noise": 0.1}),
    "energy-matching": ("uva-wide", {"energy_scale": ENERGY_SCALE}),
    "equilibrium": ("uva-wide", {"energy_scale": ENERGY_SCALE}),
}
WITH_LEVELS = ("dsm", "dual", "recovery")
UNCHECKED = ("cd", "recovery")
# Timed ones in a turn: those of cd and recovery walk chains.
ITERATIONS = {name: 6 if name in UNCHECKED else 20 for name in OBJECTIVES}
CHECKED_ITERATIONS, TOLERANCE, ABSOLUTE_TOLERANCE = 300, 0.1, 0.05


def images_of(path):
    """The images of a gzipped idx file in [-1, 1]."""
    pixels = np.frombuffer(gzip.open(path).read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1)


class GaussianNoise:
    """N(mean, covariance) of the first 10,000 images, of which ebm has one, too."""

    def __init__(self, images):
        flat = images[:10000].flatten(1).double()
        flat = flat + torch.rand_like(flat) / 127.5
        covariance = torch.cov(flat.T)
        ridge = 1e-6 * covariance.diagonal().mean()
        self.normal = torch.distributions.MultivariateNormal(
            flat.mean(0), covariance + ridge * torch.eye(flat.shape[1], dtype=torch.double))

    def draw(self):
        return self.normal.sample((BATCH,)).float().reshape(BATCH, 1, 28, 28)

    def log_density(self, x):
        return self.normal.log_prob(x.flatten(1).double()).float()


def rows_times(factors, x):
    """Each row of x times its factor."""
    return factors.reshape(-1, 1, 1, 1) * x


def squared_norms(x):
    return x.square().flatten(1).sum(1)


class PyTorchTrainer:
    """Trains by one objective in one way to run a network."""

    def __init__(self, objective, images, precision, channels_last):
        self.objective, self.precision = objective, precision
        self.what = "eager" + (", channels_last" if channels_last else "")
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        torch.manual_seed(1)
        net = NETS[OBJECTIVES[objective][0]]()
        net = Filmed(net) if objective in WITH_LEVELS else net
        self.net = net.to(memory_format=self.layout)
        self.images = images
        self.data_sd = images.square().mean().sqrt()
        self.data_noise = OBJECTIVES[objective][1].get("data_noise", SHARED["data_noise"])
        self.average = copy.deepcopy(list(self.net.parameters()))
        self.adam = torch.optim.Adam(self.net.parameters(), SHARED["learning_rate"],
                                     (SHARED["beta1"], SHARED["beta2"]))
        self.loss = getattr(self, objective.replace("-", "_"))
        if objective == "cd":
            self.buffer = torch.rand(CAPACITY, 1, 28, 28) * 2 - 1
        if objective == "nce":
            self.noise = GaussianNoise(images)
            with torch.no_grad():  # where the classifier begins undecided
                density = self.noise.log_density(self.data()).mean()
                self.net[-1].bias -= density + self.energy(self.data()).mean()

    def output(self, *inputs):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.precision == "bf16"):
            return self.net(*inputs).float().flatten()

    def energy(self, x):
        return self.output(x)

    def level_energy(self, x, variances):
        """E(x, sigma) with the log Z of a Gaussian, which only dual needs."""
        wide = variances + self.data_sd**2
        gaussian = squared_norms(x) / (2 * wide) + x[0].numel() / 2 * (2 * math.pi * wide).log()
        scaled = self.rows(rows_times(wide.rsqrt(), x))
        return gaussian + self.data_sd / variances.sqrt() * self.output(scaled, variances.sqrt())

    def rows(self, x):
        return x.contiguous(memory_format=self.layout)

    def data(self):
        x = self.images[torch.randint(len(self.images), (BATCH,))]
        return self.rows(x + self.data_noise * torch.randn_like(x))

    def freeze(self, frozen):
        for parameter in self.net.parameters():
            parameter.requires_grad_(not frozen)

    def samples(self):
        """Persistent chains, walked on."""
        _, keys = OBJECTIVES["cd"]
        at = torch.randperm(CAPACITY)[:BATCH]
        x = self.buffer[at]
        fresh = torch.rand(BATCH) < keys["restart_probability"]
        x[fresh] = torch.rand_like(x[fresh]) * 2 - 1
        x = self.rows(x)
        bound, noise = keys["clamp_energy_grad"], keys["noise_scale"]
        self.freeze(True)
        for _ in range(STEPS):
            x.requires_grad_(True)
            grad, = torch.autograd.grad(self.energy(x).sum(), x)
            with torch.no_grad():
                x = x - keys["step_size"] * grad.clamp(-bound, bound) + noise * torch.randn_like(x)
                x = x.clamp_(-1.0, 1.0)
        self.freeze(False)
        self.buffer[at] = x.contiguous()
        return x

    def recovered(self, start, variances, added):
        """Chains on exp(-E(y, sigma) - |y - start|^2/(2*added)) from start."""
        steps = RECOVERY_STEP_SIZE * variances * added / (variances + added)
        y = start
        self.freeze(True)
        for _ in range(RECOVERY_STEPS):
            y = y.detach().requires_grad_(True)
            grad, = torch.autograd.grad(self.level_energy(y, variances).sum(), y)
            with torch.no_grad():
                grad = grad + rows_times(1 / added, y - start)
                y = y - rows_times(steps, grad) + rows_times((2 * steps).sqrt(),
                                                             torch.randn_like(y))
        self.freeze(False)
        return y

    def cd(self):
        energies = self.energy(torch.cat([self.data(), self.samples()]))
        regularised = OBJECTIVES["cd"][1]["energy_l2"] * energies.square().sum()
        return (energies[:BATCH].sum() - energies[BATCH:].sum() + regularised) / BATCH

    def nce(self):
        x = torch.cat([self.data(), self.noise.draw()])
        logits = -self.energy(self.rows(x)) - self.noise.log_density(x)
        softplus = nn.functional.softplus
        return (softplus(-logits[:BATCH]).sum() + softplus(logits[BATCH:]).sum()) / BATCH

    def noisy(self, highest):
        """Data with noise, the noise and its variances: ln sigma is uniform."""
        data = self.data()
        low, high = math.log(LOWEST), math.log(highest)
        variances = (2 * (low + (high - low) * torch.rand(BATCH))).exp()
        noise = torch.randn_like(data)
        return data + rows_times(variances.sqrt(), noise), noise, variances

    def dsm(self):
        x, noise, variances = self.noisy(HIGHEST)
        x.requires_grad_(True)
        grad, = torch.autograd.grad(self.level_energy(x, variances).sum(), x, create_graph=True)
        return 0.5 * (rows_times(variances.sqrt(), grad) - noise).square().sum() / BATCH

    def dual(self):
        x, noise, variances = self.noisy(HIGHEST)
        x.requires_grad_(True)
        variances.requires_grad_(True)
        grad, slope = torch.autograd.grad(self.level_energy(x, variances).sum(), (x, variances),
                                          create_graph=True)
        size = x[0].numel()
        of_score = squared_norms(grad - rows_times(variances.rsqrt(), noise))
        of_level = slope - (size - squared_norms(noise)) / (2 * variances)
        return (variances / size * of_score + (variances / size * of_level).square()).mean()

    def recovery(self):
        ratio = (RECOVERY_HIGHEST / LOWEST)**(1 / RECOVERY_LEVELS)
        positives, _, variances = self.noisy(RECOVERY_HIGHEST / ratio)
        added = variances * (ratio**2 - 1)
        start = positives + rows_times(added.sqrt(), torch.randn_like(positives))
        negatives = self.recovered(start, variances, added)
        energies = self.level_energy(torch.cat([positives, negatives]), variances.repeat(2))
        return (energies[:BATCH].sum() - energies[BATCH:].sum()) / BATCH

    def discrepancy(self):
        x = self.data()
        moved = x + POINTS_SD * torch.randn_like(x)
        points = moved + POINTS_SD * torch.randn(POINTS, *x.shape)
        energies = self.energy(self.rows(torch.cat([x, points.flatten(0, 1)])))
        differences = energies[:BATCH] - energies[BATCH:].reshape(POINTS, BATCH)
        exponents = torch.cat([torch.zeros(1, BATCH), differences])
        return (exponents.logsumexp(0) - math.log(POINTS)).mean()

    def ssm(self):
        x = self.data().requires_grad_(True)
        vectors = torch.randn_like(x)
        grad, = torch.autograd.grad(self.energy(x).sum(), x, create_graph=True)
        curved, = torch.autograd.grad((grad * vectors).sum(), x, create_graph=True)
        return (0.5 * squared_norms(grad).sum() - (curved * vectors).sum()) / BATCH

    def line_regression(self, factors):
        """The slope along lines from noise to data, at times drawn anew."""
        data = self.data()
        noise, times = torch.randn_like(data), torch.rand(BATCH)
        x = rows_times(1 - times, noise) + rows_times(times, data)
        x = self.rows(x).requires_grad_(True)
        grad, = torch.autograd.grad(ENERGY_SCALE * self.energy(x).sum(), x, create_graph=True)
        return (grad + rows_times(factors(times), data - noise)).square().mean()

    def energy_matching(self):
        return self.line_regression(torch.ones_like)

    def equilibrium(self):
        return self.line_regression(lambda times: 4 * ((1 - times) / 0.2).clamp(max=1))

    def train(self, iterations):
        """Seconds of an iteration, and the losses."""
        losses, start = [], time.perf_counter()
        for _ in range(iterations):
            loss = self.loss()
            self.adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), SHARED["clip_grad_norm"])
            self.adam.step()
            with torch.no_grad():
                torch._foreach_lerp_(self.average, list(self.net.parameters()),
                                     1 - SHARED["ema_decay"])
            losses.append(loss.item())
        return (time.perf_counter() - start) / iterations, losses


def train_by_ebm(arguments, objective, precision, iterations, log_every):
    """The rows of metrics.csv."""
    net, keys = OBJECTIVES[objective]
    keys = SHARED | keys | {"log_every": log_every, "checkpoint_every": iterations,
                            "threads": arguments.threads, "precision": precision}
    with tempfile.TemporaryDirectory() as folder:
        run_ebm(arguments.ebm, "train", "--data", "fashion-mnist", "--objective", objective,
                "--net", net, "--iterations", iterations, "--out", f"{folder}/run",
                *(f"--set={key}={value}" for key, value in keys.items()))
        with open(f"{folder}/run/metrics.csv", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def seconds_by_ebm(arguments, objective, precision):
    """Of an iteration, without the start of the program and the first iterations."""
    iterations = 4 * ITERATIONS[objective]
    first, *_, last = train_by_ebm(arguments, objective, precision, iterations, iterations // 4)
    return ((float(last["seconds"]) - float(first["seconds"])) /
            (int(last["iteration"]) - int(first["iteration"])))


def require_equal_losses(arguments, objective, images):
    """Ends the program unless both come to the same loss."""
    _, losses = PyTorchTrainer(objective, images, "f32", False).train(CHECKED_ITERATIONS)
    expected = statistics.mean(losses[CHECKED_ITERATIONS // 2:])
    rows = train_by_ebm(arguments, objective, "f32", CHECKED_ITERATIONS, 1)
    found = statistics.mean(float(row["loss"]) for row in rows[CHECKED_ITERATIONS // 2:])
    print(f"{objective}: mean loss {expected:.5g} by PyTorch, {found:.5g} by ebm", file=sys.stderr)
    if not abs(found - expected) < TOLERANCE * abs(expected) + ABSOLUTE_TOLERANCE:
        sys.exit(f"compare-pytorch-training.py: {objective}: losses differ by more than "
                 f"{TOLERANCE:.0%} and {ABSOLUTE_TOLERANCE}")


def rows_of(arguments, objective, images):
    if objective not in UNCHECKED:
        require_equal_losses(arguments, objective, images)
    ways = [PyTorchTrainer(objective, images, precision, channels_last)
            for precision in ("f32", "bf16") for channels_last in (False, True)]
    seconds = {}
    for turn in range(arguments.repetitions + 1):
        for way in ways:
            key = ("PyTorch " + way.what, way.precision)
            seconds.setdefault(key, []).append(way.train(ITERATIONS[objective])[0])
        for precision in ("f32", "bf16"):
            seconds.setdefault(("ebm", precision), []).append(
                seconds_by_ebm(arguments, objective, precision))
        print(f"{objective}: turn {turn} of {arguments.repetitions}", file=sys.stderr)
    # The first turn warms up.
    medians = {key: statistics.median(values[1:]) for key, values in seconds.items()}
    best = {precision: min(value for (program, of), value in medians.items()
                           if program != "ebm" and of == precision)
            for precision in ("f32", "bf16")}
    return [{"objective": objective, "net": OBJECTIVES[objective][0], "program": program,
             "precision": precision, "threads": arguments.threads, "seconds": value,
             "pytorch_f32_ratio": best["f32"] / value, "pytorch_bf16_ratio": best["bf16"] / value}
            for (program, precision), value in medians.items()]


def table_of(rows):
    """The rows as a table of Markdown."""
    text = ("| objective, net | program | precision | ms an iteration | PyTorch's best in f32 takes "
            "| in bf16 |\n|---|---|---|---|---|---|\n")
    for row in rows:
        text += (f"| `{row['objective']}`, `{row['net']}` | {row['program']} | {row['precision']} "
                 f"| {1000 * row['seconds']:.3g} | {row['pytorch_f32_ratio']:.2f} times "
                 f"| {row['pytorch_bf16_ratio']:.2f} times |\n")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebm", default="build/release/app/ebm", help="the program")
    parser.add_argument("--objectives", default=",".join(OBJECTIVES), help="comma-separated")
    parser.add_argument("--images", help="gzipped idx file that PyTorch trains on",
                        default="/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of either program")
    parser.add_argument("--repetitions", type=int, default=5, help="turns beside the first")
    parser.add_argument("--out", help="FILE.json for the rows")
    arguments = parser.parse_args()
    if arguments.repetitions < 1:
        parser.error("--repetitions has to be 1 or more")
    unknown = set(arguments.objectives.split(",")) - OBJECTIVES.keys()
    if unknown:
        parser.error(f"--objectives {', '.join(sorted(unknown))}: known are "
                     f"{', '.join(OBJECTIVES)}")
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    images = images_of(arguments.images)
    rows = []
    for objective in arguments.objectives.split(","):
        rows += rows_of(arguments, objective, images)
    machine = json.loads(run_ebm(arguments.ebm, "bench", "--net", "uva", "--steps", 1, "--chains",
                                 16, "--repetitions", 1, "--json"))["machine"]
    show_rows(machine, arguments.threads, rows, table_of(rows), arguments.out)


if __name__ == "__main__":
    main()
