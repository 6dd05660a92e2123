#!/usr/bin/env python3
"""Every network of docs/networks.md is one that `ebm` trains, unless it reads a noise level.

    networks_test.py EBM      a program that was built with LibTorch
"""
import array
import math
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

import pages

sys.path.insert(0, str(pages.ROOT / "tests/app/support"))
import made_files

PROGRAM = None
PAGE = pages.ROOT / "docs/networks.md"
SHORT = ["--iterations", "1", "--threads", "1", "--set", "sample_every=0"]
ENERGY = ["train", "--set", "batch_size=2", "--set", "buffer_capacity=4", "--set", "steps=1",
          "--net"]
GENERATOR = ["gan", "train", "--set", "batch_size=32", "--generator"]


def write_items(path, shape, n=4):
    """Items of a shape as .npy, float32 in [-1, 1]."""
    size = n * math.prod(shape)
    values = array.array("f", (math.sin(0.1 * i) for i in range(size)))
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {(n, *shape)}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header))
                     + header.encode("ascii") + values.tobytes())


class NetworksTest(unittest.TestCase):
    """One iteration of each: an energy of items of its input, or a generator of 1x28x28."""

    def test_every_block_trains(self):
        page = pages.page_of("networks.md", PAGE.read_text(encoding="utf-8"))
        blocks = [block for block in page.blocks if block.language == "toml"]
        self.assertGreaterEqual(len(blocks), 9)
        n_generators = n_classes = n_levels = 0
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            for at, block in enumerate(blocks):
                text = "\n".join(block.lines)
                if "\nnoise_level = true" in text:
                    n_levels += 1
                    continue
                (folder / "net.toml").write_text(text, encoding="utf-8")
                shape = [int(size) for size in
                         re.search(r"input = \[(\d+), (\d+), (\d+)\]", text).groups()]
                is_generator = shape == [64, 1, 1]
                n_generators += is_generator
                classes = re.search("^classes = ([0-9]+)", text, re.MULTILINE)
                n_classes += classes is not None
                data, more = "npy:items.npy", []
                if classes:
                    data, more = f"idx:labelled{at}", ["--set", "condition=class"]
                    made_files.write_idx_folder(folder / f"labelled{at}", 20, shape[1],
                                                int(classes[1]))
                write_items(folder / "items.npy", [1, 28, 28] if is_generator else
                            shape if shape[1:] != [1, 1] else shape[:1])
                done = subprocess.run(
                    [PROGRAM, *(GENERATOR if is_generator else ENERGY), "net.toml", "--data",
                     data, "--out", f"run{at}", *SHORT, *more],
                    cwd=folder, capture_output=True, text=True, check=False)
                self.assertEqual(0, done.returncode, f"line {block.first}: {done.stderr}\n{text}")
        self.assertGreaterEqual(n_generators, 3)
        self.assertGreaterEqual(n_classes, 3)
        self.assertEqual(n_levels, 1)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
