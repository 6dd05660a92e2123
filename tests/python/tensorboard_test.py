"""TensorBoard's own reader finds in a run folder the scalars of metrics.csv, the pictures of
samples/ and the histograms of energies; after an interruption it finds each step once.

    python3 tests/python/tensorboard_test.py EBM

Needs tensorboard; without it this exits with 77, which CTest counts as skipped.
"""
import csv
import math
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest

try:
    from tensorboard.backend.event_processing import event_accumulator
    from tensorboard.backend.event_processing import plugin_event_accumulator
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

EBM = ""
WORDS = ("train --net mlp --seed 1 --set log_every=2 --set sample_every=10 --set checkpoint_every=5"
         " --set batch_size=16 --set steps=2 --set sample_steps=2").split()


def same_float(x: float, y: float) -> bool:
    """Whether two numbers are one in float32, not-a-number included."""
    return struct.pack("<f", x) == struct.pack("<f", y) or (math.isnan(x) and math.isnan(y))


class TensorboardTest(unittest.TestCase):
    """A run of 20 iterations that was stopped for good at 13 and went on from 10."""

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        folder = pathlib.Path(scratch.name)
        pixels = random.Random(0).randbytes(100 * 64)
        images = folder / "images-idx3-ubyte"
        images.write_bytes(struct.pack(">IIII", 0x803, 100, 8, 8) + pixels)
        cls.run_folder = folder / "run"
        for more in (["--data", f"idx:{images}", *WORDS[1:], "--iterations", "13"],
                     ["--resume", "--iterations", "20"]):
            subprocess.run([EBM, "train", "--out", cls.run_folder, *more], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # The checkpoint of the end, as if the run had been killed.
            last = cls.run_folder / "checkpoints/000013"
            if last.exists():
                for path in last.iterdir():
                    path.unlink()
                last.rmdir()
        cls.events = event_accumulator.EventAccumulator(
            str(cls.run_folder), {"scalars": 0, "images": 0, "histograms": 0})
        cls.events.Reload()

    def test_there_is_a_file_for_each_session(self) -> None:
        self.assertEqual(len(list(self.run_folder.glob("events.out.tfevents.*"))), 2)

    def test_scalars_are_those_of_the_metrics(self) -> None:
        with open(self.run_folder / "metrics.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["iteration"] for row in rows], [str(i) for i in range(2, 21, 2)])
        names = [name for name in rows[0] if name != "iteration"]
        self.assertEqual(sorted(self.events.Tags()["scalars"]), sorted(names))
        for name in names:
            found = self.events.Scalars(name)
            self.assertEqual([event.step for event in found], list(range(2, 21, 2)))
            for event, row in zip(found, rows):
                self.assertTrue(same_float(event.value, float(row[name])), (name, event, row))

    def test_images_are_the_pictures_of_the_run(self) -> None:
        self.assertEqual(sorted(self.events.Tags()["images"]), ["samples/buffer", "samples/noise"])
        for kind in ("buffer", "noise"):
            found = self.events.Images(f"samples/{kind}")
            self.assertEqual([event.step for event in found], [10, 20])
            for event in found:
                png = (self.run_folder / f"samples/{kind}_{event.step:06}.png").read_bytes()
                self.assertEqual(event.encoded_image_string, png)
                self.assertEqual((event.width, event.height), struct.unpack(">II", png[16:24]))

    def test_histograms_hold_a_batch_of_energies(self) -> None:
        self.assertEqual(sorted(self.events.Tags()["histograms"]),
                         ["energies/data", "energies/samples"])
        for kind in ("data", "samples"):
            means = self.events.Scalars(f"energy_{kind}")
            found = self.events.Histograms(f"energies/{kind}")
            self.assertEqual([event.step for event in found], list(range(2, 21, 2)))
            for event, mean in zip(found, means):
                histogram = event.histogram_value
                self.assertEqual(histogram.num, 16)
                self.assertEqual(sum(histogram.bucket), 16)
                self.assertAlmostEqual(histogram.sum / 16, mean.value, places=4)
                self.assertEqual(histogram.bucket_limit[-1], histogram.max)

    def test_the_reader_of_the_web_page_takes_everything(self) -> None:
        events = plugin_event_accumulator.EventAccumulator(str(self.run_folder))
        events.Reload()
        for name, plugin in (("loss", "scalars"), ("samples/noise", "images"),
                             ("energies/data", "histograms")):
            self.assertIn(name, events.PluginTagToContent(plugin))
        self.assertEqual([event.step for event in events.Tensors("loss")], list(range(2, 21, 2)))


if __name__ == "__main__":
    EBM = sys.argv.pop(1)
    unittest.main()
