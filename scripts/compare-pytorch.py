#!/usr/bin/env python3
"""Compares ebm with PyTorch: chain-steps a second of Langevin dynamics on the same networks
(compare-pytorch-training.py: iterations of training).

    python3 -m venv FOLDER
    FOLDER/bin/pip install torch numpy
    FOLDER/bin/python scripts/compare-pytorch.py --ebm build/release/app/ebm

The networks are presets of ebm, built in PyTorch layer by layer. Before anything is timed, the
weights of each are imported into ebm, and the energies of 16 images have to agree. Then all ways to
run a network take turns, those of PyTorch in this process and those of `ebm bench` in theirs, so
that what slows the machine down for a while hits all alike. The table has medians over the turns,
and what each rate is of the best one of PyTorch.

A step is x <- clamp(x - 10 clamp(dE/dx, 0.03) + 0.005 noise, -1, 1), with frozen weights.
"""
import argparse
import copy
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError as error:
    sys.exit(f"compare-pytorch.py: {error}; install torch and numpy, as --help says")

from pytorch_nets import INPUT, NETS, run_ebm, show_rows, write_safetensors

STEP_SIZE, MAX_GRAD, NOISE = 10.0, 0.03, 0.005
CHAINS = {"uva": "128,512", "mnistnet": "128", "igebm32": "64"}
STEPS = {"uva": 20, "mnistnet": 5, "igebm32": 2}


def checked_net(name, program):
    """The network, in whose place ebm has the same energies, with its norms folded in."""
    torch.manual_seed(1)
    net = NETS[name]()
    net(torch.randn(2, *INPUT[name]))  # power iterations
    net.eval()
    items = torch.rand(16, *INPUT[name]) * 2 - 1
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        path = pathlib.Path(folder)
        write_safetensors(path / "weights.safetensors", net.state_dict())
        np.save(path / "items.npy", items.numpy())
        run_ebm(program, "import", path / "weights.safetensors", "--net", name, "--input",
                ",".join(map(str, INPUT[name])), "--out", path / "model.safetensors")
        run_ebm(program, "score", path / "model.safetensors", "--data", f"npy:{path}/items.npy",
                "--out", path / "energies.npy")
        found = torch.from_numpy(np.load(path / "energies.npy"))
        expected = net(items).flatten()
    error = (found - expected).abs().max().item() / expected.abs().max().item()
    if not error < 1e-4:
        sys.exit(f"compare-pytorch.py: {name}: energies differ by {error:.2g} of the largest")
    for layer in net.modules():
        if hasattr(layer, "weight_orig"):
            nn.utils.remove_spectral_norm(layer)
    return net


class PyTorchWay:
    """One way to run a network by PyTorch."""

    def __init__(self, net, name, compiled, precision, channels_last):
        self.name = name
        # By autocast weights stay float32 and are rounded in each step; or they are bfloat16.
        self.precision = precision.split()[0]
        self.autocast = precision == "bf16"
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        self.what = ("compiled" if compiled else "eager") + (
            ", channels_last" if channels_last else "") + (
            ", weights in bf16" if precision == "bf16 weights" else "")
        self.type = torch.bfloat16 if precision == "bf16 weights" else torch.float32
        net = copy.deepcopy(net).to(self.type).to(memory_format=self.layout)
        self.energy = torch.compile(net) if compiled else net

    def step(self, x):
        x.requires_grad_(True)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            energy = self.energy(x.to(self.type)).float().sum()
        grad, = torch.autograd.grad(energy, x)
        with torch.no_grad():
            x = x - STEP_SIZE * grad.clamp(-MAX_GRAD, MAX_GRAD) + NOISE * torch.randn_like(x)
            return x.clamp_(-1.0, 1.0)

    def rate(self, chains, steps):
        """Chain-steps a second."""
        x = torch.rand(chains, *INPUT[self.name]).contiguous(memory_format=self.layout) * 2 - 1
        start = time.perf_counter()
        for _ in range(steps):
            x = self.step(x)
        return chains * steps / (time.perf_counter() - start)


def ebm_rate(program, name, chains, steps, threads, precision):
    """Chain-steps a second of a run of `ebm bench`, and its description of the machine."""
    document = json.loads(run_ebm(
        program, "bench", "--net", name, "--chains", chains, "--steps", steps, "--threads", threads,
        "--precision", precision, "--repetitions", 1, "--json"))
    row, = document["rows"]
    return row["chain_steps_per_s"], document["machine"]


def rows_of(name, chains, arguments):
    """The rows of one network and number of chains."""
    net = checked_net(name, arguments.ebm)
    ways = []
    for compiled in (False, True):
        if compiled and not arguments.compile:
            continue
        for precision in ("f32", "bf16", "bf16 weights"):
            for channels_last in (False, True):
                ways.append(PyTorchWay(net, name, compiled, precision, channels_last))
    steps = arguments.steps or STEPS[name]
    rates = {}
    for turn in range(arguments.repetitions + 1):
        for way in list(ways):
            try:
                rate = way.rate(chains, steps)
            except Exception as error:  # noqa: BLE001 - whatever the compiler of PyTorch throws
                print(f"{name}: {way.what}, {way.precision} is left out: "
                      f"{str(error).splitlines()[0]}", file=sys.stderr)
                ways.remove(way)
                continue
            rates.setdefault(("PyTorch", way.what, way.precision), []).append(rate)
        for precision in ("f32", "bf16"):
            rate, machine = ebm_rate(arguments.ebm, name, chains, steps, arguments.threads,
                                     precision)
            rates.setdefault(("ebm", "", precision), []).append(rate)
        print(f"{name}, {chains} chains: turn {turn} of {arguments.repetitions}", file=sys.stderr)
    # The first turn warms up.
    medians = {key: statistics.median(values[1:]) for key, values in rates.items()}
    best = max(rate for (program, _, _), rate in medians.items() if program == "PyTorch")
    return [{"net": name, "chains": chains, "threads": arguments.threads, "program": program,
             "how": how, "precision": precision, "chain_steps_per_s": rate,
             "ratio_to_best_pytorch": rate / best}
            for (program, how, precision), rate in medians.items()], machine


def table_of(rows):
    """The rows as a table of Markdown."""
    text = "| net | chains | program | precision | chain-steps/s | of PyTorch's best |\n"
    text += "|---|---|---|---|---|---|\n"
    for row in rows:
        program = row["program"] + (f", {row['how']}" if row["how"] else "")
        text += (f"| `{row['net']}` | {row['chains']} | {program} | {row['precision']} | "
                 f"{row['chain_steps_per_s']:.3g} | {row['ratio_to_best_pytorch']:.2f} |\n")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ebm", default="build/release/app/ebm", help="the program")
    parser.add_argument("--nets", default="uva,mnistnet,igebm32", help="comma-separated")
    parser.add_argument("--chains", help="comma-separated, for all nets (default: per net)")
    parser.add_argument("--steps", type=int, help="of a turn (default: per net)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of either program")
    parser.add_argument("--repetitions", type=int, default=5, help="turns beside the first")
    parser.add_argument("--no-compile", dest="compile", action="store_false",
                        help="leave out torch.compile, which takes minutes and a C++ compiler")
    parser.add_argument("--out", help="FILE.json for the rows")
    arguments = parser.parse_args()
    if arguments.repetitions < 1:
        parser.error("--repetitions has to be 1 or more")
    unknown = set(arguments.nets.split(",")) - NETS.keys()
    if unknown:
        parser.error(f"--nets {', '.join(sorted(unknown))}: known are {', '.join(NETS)}")
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    rows, machine = [], {}
    for name in arguments.nets.split(","):
        for chains in (arguments.chains or CHAINS[name]).split(","):
            found, machine = rows_of(name, int(chains), arguments)
            rows += found
    show_rows(machine, arguments.threads, rows, table_of(rows), arguments.out)


if __name__ == "__main__":
    main()
