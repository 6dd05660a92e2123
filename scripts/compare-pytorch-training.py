#!/usr/bin/env python3
"""Compares ebm with PyTorch: seconds of an iteration of training on Fashion-MNIST, per objective.

    python3 -m venv FOLDER
    FOLDER/bin/pip install torch numpy
    FOLDER/bin/python scripts/compare-pytorch-training.py --ebm build/release/app/ebm

    cd               uva: 60 Langevin steps of 128 chains of a replay buffer, the contrastive loss
                     of 128 data and 128 samples
    dsm              uva-wide: denoising score matching at one level, 128 items
    energy-matching  uva-wide: the first phase with independent pairs, 128 items

The last two differentiate the weights through the gradient at the input: PyTorch by double
backward, which torch.compile does not have. Each iteration has Adam, clipping and an average of the
weights. Before anything is timed, both programs train the last two for some iterations, and the
means of their losses have to agree. Then all ways take turns, those of PyTorch in this process and
`ebm train` in its own, whose metrics.csv says the seconds between two iterations. The table has
medians over the turns, and how many times as long the best way of PyTorch takes.
"""
import argparse
import copy
import csv
import gzip
import json
import os
import statistics
import sys
import tempfile
import time

try:
    import numpy as np
    import torch
except ImportError as error:
    sys.exit(f"compare-pytorch-training.py: {error}; install torch and numpy, as --help says")

from pytorch_nets import NETS, run_ebm, show_rows

BATCH, STEPS, CAPACITY, NOISE_SD, ENERGY_SCALE = 128, 60, 8192, 0.3, 30.0
# Of ebm: all that the two programs could do differently.
SHARED = {"batch_size": BATCH, "lr_schedule": "constant", "beta1": 0.9, "beta2": 0.999,
          "learning_rate": 1e-3, "clip_grad_norm": 1.0, "ema_decay": 0.999, "sample_every": 0,
          "dequantize": "false", "data_noise": 0.005}
OBJECTIVES = {
    "cd": ("uva", {"steps": STEPS, "step_size": 10.0, "noise_scale": 0.005,
                   "clamp_energy_grad": 0.03, "energy_l2": 0.1, "restart_probability": 0.05,
                   "buffer_capacity": CAPACITY}),
    "dsm": ("uva-wide", {"noise_sd": NOISE_SD}),
    "energy-matching": ("uva-wide", {"energy_scale": ENERGY_SCALE}),
}
ITERATIONS = {"cd": 6, "dsm": 20, "energy-matching": 20}
CHECKED_ITERATIONS, TOLERANCE = 300, 0.1


def images_of(path):
    """The images of a gzipped idx file in [-1, 1]."""
    pixels = np.frombuffer(gzip.open(path).read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1)


class PyTorchTrainer:
    """Trains by one objective in one way to run a network."""

    def __init__(self, objective, images, precision, channels_last):
        self.objective, self.precision = objective, precision
        self.what = "eager" + (", channels_last" if channels_last else "")
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        torch.manual_seed(1)
        self.net = NETS[OBJECTIVES[objective][0]]().to(memory_format=self.layout)
        self.images = images
        self.average = copy.deepcopy(list(self.net.parameters()))
        self.adam = torch.optim.Adam(self.net.parameters(), SHARED["learning_rate"],
                                     (SHARED["beta1"], SHARED["beta2"]))
        self.buffer = torch.rand(CAPACITY, 1, 28, 28) * 2 - 1

    def energy(self, x):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.precision == "bf16"):
            return self.net(x).float()

    def rows(self, x):
        return x.contiguous(memory_format=self.layout)

    def data(self):
        x = self.images[torch.randint(len(self.images), (BATCH,))]
        return self.rows(x + SHARED["data_noise"] * torch.randn_like(x))

    def samples(self):
        """Persistent chains, walked on."""
        _, keys = OBJECTIVES["cd"]
        at = torch.randperm(CAPACITY)[:BATCH]
        x = self.buffer[at]
        fresh = torch.rand(BATCH) < keys["restart_probability"]
        x[fresh] = torch.rand_like(x[fresh]) * 2 - 1
        x = self.rows(x)
        bound, noise = keys["clamp_energy_grad"], keys["noise_scale"]
        for parameter in self.net.parameters():
            parameter.requires_grad_(False)
        for _ in range(STEPS):
            x.requires_grad_(True)
            grad, = torch.autograd.grad(self.energy(x).sum(), x)
            with torch.no_grad():
                x = x - keys["step_size"] * grad.clamp(-bound, bound) + noise * torch.randn_like(x)
                x = x.clamp_(-1.0, 1.0)
        for parameter in self.net.parameters():
            parameter.requires_grad_(True)
        self.buffer[at] = x.contiguous()
        return x

    def loss(self):
        data = self.data()
        if self.objective == "cd":
            energies = self.energy(torch.cat([data, self.samples()])).flatten()
            regularised = OBJECTIVES["cd"][1]["energy_l2"] * energies.square().sum()
            return (energies[:BATCH].sum() - energies[BATCH:].sum() + regularised) / BATCH
        noise = torch.randn_like(data)
        if self.objective == "dsm":
            x = (data + NOISE_SD * noise).requires_grad_(True)
            grad, = torch.autograd.grad(self.energy(x).sum(), x, create_graph=True)
            return 0.5 * (NOISE_SD * grad - noise).square().sum() / BATCH
        times = torch.rand(BATCH, 1, 1, 1)
        x = self.rows((1 - times) * noise + times * data).requires_grad_(True)
        grad, = torch.autograd.grad(ENERGY_SCALE * self.energy(x).sum(), x, create_graph=True)
        return (grad + data - noise).square().mean()

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
    if not abs(found / expected - 1) < TOLERANCE:
        sys.exit(f"compare-pytorch-training.py: {objective}: losses differ by more than "
                 f"{TOLERANCE:.0%}")


def rows_of(arguments, objective, images):
    if objective != "cd":
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
