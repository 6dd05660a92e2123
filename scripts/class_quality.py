#!/usr/bin/env python3
"""Measures the samples of a model with classes, class by class.

    python3 scripts/class_quality.py MODEL --ebm build/release/app/ebm --n 1000 --out quality.json

Draws n samples of each class as `ebm sample MODEL --class all` does, and evaluates those of each
class against the training images of that class (`ebm eval --data SPEC#class=K`), and all of them
against all images. The table has FD-CNN and its anchor, the FD of n test images of that class;
KID, precision, recall, density and coverage; and "right", the share of samples that the classifier
of the shipped features takes for their class (of Fashion-MNIST's test images, 0.921). FD depends on
n: compare those of one n alone. n is at most the number of test images of a class, which the anchor
is made of (1000 of Fashion-MNIST). 1000 samples of ten classes take 4 million chain-steps.
"""
import argparse
import ast
import json
import pathlib
import subprocess
import sys
import tempfile

FIGURES = ("fd", "kid", "precision", "recall", "density", "coverage")


def output_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"class_quality.py: {' '.join(command)}: exit code {done.returncode}")
    return done.stdout


def write_parts(whole, n_classes, folder):
    """Writes the samples of each class, which lie one after the other in `whole`."""
    data = whole.read_bytes()
    start = 10 + int.from_bytes(data[8:10], "little")
    header = ast.literal_eval(data[10:start].decode())
    n = header["shape"][0] // n_classes
    size = (len(data) - start) // n_classes
    paths = []
    for label in range(n_classes):
        part = dict(header, shape=(n, *header["shape"][1:]))
        text = repr(part).encode()
        text += b" " * (-(11 + len(text)) % 64) + b"\n"
        paths.append(folder / f"{label}.npy")
        paths[-1].write_bytes(data[:8] + len(text).to_bytes(2, "little") + text +
                              data[start + label * size:start + (label + 1) * size])
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL")
    parser.add_argument("--ebm", default="build/release/app/ebm", help="the program")
    parser.add_argument("--data", default="fashion-mnist", metavar="SPEC",
                        help="training data with labels, without options [%(default)s]")
    parser.add_argument("--classes", type=int, default=10, metavar="K", help="[%(default)s]")
    parser.add_argument("--n", type=int, default=1000, help="samples of each class [%(default)s]")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", metavar="FILE.npy", type=pathlib.Path,
                        help="of `ebm sample MODEL --class all`, instead of drawing")
    parser.add_argument("--out", metavar="FILE.json", help="all figures of ebm eval")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        whole = args.samples or folder / "all.npy"
        if not args.samples:
            output_of([args.ebm, "sample", args.model, "--class", "all", "--n", str(args.n),
                       "--seed", str(args.seed), "--out", str(whole)])
        found = {}
        sets = [(str(k), p, f"{args.data}#class={k}")
                for k, p in enumerate(write_parts(whole, args.classes, folder))]
        for name, path, spec in sets + [("all", whole, args.data)]:
            n = args.n if name != "all" else min(args.n * args.classes, 10000)
            found[name] = json.loads(output_of([args.ebm, "eval", "--samples", f"npy:{path}",
                                                "--data", spec, "--n", str(n), "--json"]))
    shares = [found[str(k)]["classes"]["counts"][k] / found[str(k)]["n"]
              for k in range(args.classes)]
    print(f"{'class':>8}  {'right':>6} {'anchor':>7} " + " ".join(f"{f:>9}" for f in FIGURES))
    for name, result in found.items():
        share = sum(shares) / len(shares) if name == "all" else shares[int(name)]
        anchor = result["anchors"]["test"]["fd"]
        print(f"{name:>8}  {share:6.3f} {anchor:7.3f} " +
              " ".join(f"{result[f]:9.3f}" for f in FIGURES))
    if args.out:
        pathlib.Path(args.out).write_text(json.dumps(found, indent=1) + "\n")


main()
