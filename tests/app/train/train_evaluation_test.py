#!/usr/bin/env python3
"""`ebm train` with a budget for judging samples: figures in metrics.csv, events, the page; the same
after a signal or a kill in the middle of an evaluation."""
import csv
import math
import pathlib
import re
import shutil
import signal
import struct
import time
import unittest

import command_case
import compare_runs
import event_files
import made_files

FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")
TRAIN = ("train --data idx:images --net net.toml --iterations {iterations} --seed 3"
         " --set batch_size=16 --set steps=4 --set log_every=2 --set sample_every=6"
         " --set checkpoint_every=6 --set buffer_capacity=128 --set sample_steps={steps}"
         " --set eval_n=70 --set eval_budget={budget} --threads {threads} --out {out}")


class TrainEvaluationTest(command_case.CommandTest):
    """Runs on images of 28x28."""

    def setUp(self) -> None:
        super().setUp()
        made_files.write_idx_folder(self.folder / "images", 100, 28)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")

    def train(self, out: str, iterations: int = 18, steps: int = 4, budget: float = 0.75,
              threads: int = 2) -> str:
        """The words of a run that is judged at every 6th iteration: 70·4 / (0.75·16·4) = 5.8."""
        return TRAIN.format(out=out, iterations=iterations, steps=steps, budget=budget,
                            threads=threads)

    def column(self, run: str, name: str) -> dict[int, float]:
        """The values of a column by iteration; empty cells are left out."""
        with open(self.folder / run / "metrics.csv", newline="", encoding="utf-8") as file:
            return {int(row["iteration"]): float(row[name]) for row in csv.DictReader(file)
                    if row[name] != ""}

    def differences(self, one: str, other: str) -> list[str]:
        return compare_runs.differences(self.folder / one, self.folder / other)

    def test_figures_are_in_every_place(self) -> None:
        document = self.json_of(self.train("run", iterations=16))
        fd, buffer = self.column("run", "fd"), self.column("run", "fd_buffer")
        self.assertEqual(list(fd), [6, 12, 16])
        self.assertEqual(list(buffer), [6, 12, 16])
        for value in [*fd.values(), *buffer.values()]:
            self.assertTrue(math.isfinite(value) and value > 0)
        self.assertEqual(document["fd"], fd[16])
        events = event_files.read_values(self.folder / "run")
        for name, values in (("fd", fd), ("fd_buffer", buffer)):
            found = {step: struct.unpack("<f", value)[0]
                     for (key, step), value in events.items() if key == name}
            self.assertEqual(list(found), list(values))
            for step, value in found.items():
                self.assertAlmostEqual(value / values[step], 1, places=6)
        page = self.json_of("report run")
        self.ebm(self.train("unjudged", iterations=16, budget=0))
        without = self.json_of("report unjudged")
        self.assertEqual(page["charts"], without["charts"] + 1)
        self.assertRegex(self.bytes_of("run/report.html").decode(),
                         r">Fréchet distance of features <small>lower is better</small></figcaption>")
        self.assertNotIn(b"fd", self.bytes_of("unjudged/metrics.csv").splitlines()[0])
        config = self.bytes_of("run/config.toml").decode()
        self.assertRegex(config, r"(?m)^reference = \"[0-9a-f]{8}\"$")

    def test_the_progress_shows_the_newest(self) -> None:
        lines = self.ebm(self.train("run")).stderr.splitlines()
        self.assertRegex(lines[-1], r"it 18/18  FD \d")

    def test_same_for_any_number_of_threads(self) -> None:
        for threads in (1, 2, 3):
            self.ebm(self.train(f"run{threads}", threads=threads))
        self.assertEqual(self.differences("run1", "run2"), [])
        self.assertEqual(self.differences("run1", "run3"), [])

    def test_a_longer_run_than_was_meant_is_the_same_as_a_long_one(self) -> None:
        fixed = " --set lr_decay_start=10 --set lr_decay_end=30"
        self.ebm(self.train("whole", iterations=30) + fixed)
        self.ebm(self.train("parts", iterations=16) + fixed)
        self.assertIn(16, self.column("parts", "fd"))
        self.resume("parts --iterations 30")
        self.assertEqual(self.differences("whole", "parts"), [])

    def resume(self, words: str) -> None:
        """Goes on to the end, and may say so."""
        process = self.start(f"train --resume --out {words}")
        _, stderr = process.communicate()
        self.assertEqual(process.returncode, 0, stderr)
        self.assertEqual(len(re.findall(r"(?m)^ebm: ", stderr)), 1, stderr)

    def cut_in_evaluation(self, words: dict[str, int], out: str, number: int) -> int:
        """Sends a signal to a run that has written the checkpoint before its evaluation, and, but
        for a machine that halts us there, is in that. Returns its exit code."""
        for _ in range(5):
            process = self.start_run(self.train(out, **words), out, least=5)
            if process:
                time.sleep(0.15)  # the iteration
                process.send_signal(number)
                process.communicate()
                if process.returncode != 0:
                    return process.returncode
            shutil.rmtree(self.folder / out)
        self.fail("no evaluation was cut; make it longer")

    def test_a_signal_or_a_kill_in_an_evaluation_loses_nothing(self) -> None:
        # Judged at 6: an evaluation takes a second or more.
        words = {"steps": 3000, "budget": 1, "iterations": 6}
        self.ebm(self.train("whole", **words))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            out = f"cut{int(number)}"
            code = self.cut_in_evaluation(words, out, number)
            self.assertEqual(code, -9 if number == signal.SIGKILL else 128 + number)
            self.assertEqual(list(self.column(out, "loss")), [2, 4])
            self.resume(out)
            self.assertEqual(self.differences("whole", out), [], number)

    @unittest.skipUnless(FASHION.exists(), "needs Debian's dataset-fashion-mnist")
    def test_samples_of_fashion_are_better_than_noise(self) -> None:
        self.ebm("train --data fashion-mnist#limit=3000 --iterations 100 --set eval_n=150"
                 " --set sample_steps=60 --set eval_budget=0.15 --set sample_every=0 --out run")
        fd = self.column("run", "fd")
        self.assertEqual(list(fd), [50, 100])
        # Uniform noise has 75 in these features at this n, and 50 iterations come to 52.
        self.assertLess(fd[100], 45)
        self.assertLess(fd[100], fd[50])


if __name__ == "__main__":
    command_case.main(__doc__)
