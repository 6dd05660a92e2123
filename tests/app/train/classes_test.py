#!/usr/bin/env python3
"""`ebm train` with classes: files of the run, resuming, what does not fit."""
import csv
import json
import struct

import command_case
import made_files
import run_ebm

TRAIN = ("train --data idx:images --net uva --iterations 12 --seed 1 --set condition=class"
         " --set batch_size=24 --set steps=3 --set sample_every=12 --set sample_steps=2"
         " --set log_every=6 --set buffer_capacity=64 --set checkpoint_every=4")


def metadata(path) -> dict:
    """The metadata of a safetensors file."""
    data = path.read_bytes()
    return json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])["__metadata__"]


class ClassesTest(command_case.CommandTest):
    """Runs on images of three classes."""

    def setUp(self) -> None:
        super().setUp()
        made_files.write_idx_folder(self.folder / "images", 90, 28)

    def run_well(self, arguments: str) -> str:
        return run_ebm.run_well(command_case.options.ebm, arguments.split(), self.folder).stdout

    def test_a_run_has_figures_and_a_model_of_its_classes(self) -> None:
        for how in ("film", "projection", "logits"):
            run = self.folder / how
            self.run_well(f"{TRAIN} --set condition_by={how} --set classify_weight=0.1 --out {how}")
            with open(run / "metrics.csv", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            self.assertEqual([row["iteration"] for row in rows], ["6", "12"])
            for name in ("0", "1", "2", "none"):
                self.assertNotEqual(rows[-1][f"age_class_{name}"], "")
                self.assertIn(f"gap_class_{name}", rows[-1])
            self.assertTrue(0.0 <= float(rows[-1]["accuracy"]) <= 1.0)
            self.assertGreater(float(rows[-1]["cross_entropy"]), 0.0)
            self.assertIn("classes = 3", metadata(run / "model.safetensors")["architecture"])
            self.assertIn("classes = 3", (run / "net.toml").read_text(encoding="utf-8"))
            self.assertIn(f'condition_by = "{how}"'.replace('"', "'"),
                          (run / "config.toml").read_text(encoding="utf-8"))
            # A line of eight for each class; 28 pixels are shown as 56, and gaps as 2.
            width, height = made_files.png_size((run / "samples/noise_000012.png").read_bytes())
            self.assertGreaterEqual(width, 8 * 58 + 2)
            self.assertEqual(height, 3 * 58 + 2)

    def test_a_resumed_run_ends_the_same(self) -> None:
        self.run_well(f"{TRAIN} --out whole")
        self.run_well(f"{TRAIN} --out cut --minutes 1e-9")
        self.run_well("train --resume --out cut --minutes 0")
        self.assertEqual((self.folder / "cut/model.safetensors").read_bytes(),
                         (self.folder / "whole/model.safetensors").read_bytes())

    def test_a_model_keeps_its_guidance(self) -> None:
        self.run_well(f"{TRAIN} --set guidance=2.5 --out run")
        self.assertIn("guidance = 2.5", metadata(self.folder / "run/model.safetensors")["sampler"])
        drawn = {}
        for words in ("", " --guidance 2.5", " --guidance 1"):
            done = json.loads(
                self.run_well(f"sample run --class 0,2 --n 3 --out x.npy --json{words}"))
            drawn[words] = (done["guidance"], self.bytes_of("x.npy"))
        self.assertEqual(drawn[""], drawn[" --guidance 2.5"])
        self.assertEqual(drawn[" --guidance 1"][0], 1)
        self.assertNotEqual(drawn[""][1], drawn[" --guidance 1"][1])
        refused = run_ebm.run(command_case.options.ebm,
                              f"{TRAIN} --set guidance=2 --set label_dropout=0 --out no".split(),
                              self.folder)
        self.assertEqual(refused.code, 64)
        self.assertIn("guidance = 2: must be 1 with label_dropout = 0", refused.stderr)


if __name__ == "__main__":
    command_case.main(__doc__)
