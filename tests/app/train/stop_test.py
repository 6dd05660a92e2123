#!/usr/bin/env python3
"""How training ends before its last iteration, and where it may go on: signals, the time limit,
other folders and moved data."""
import json
import pathlib
import re
import signal
import subprocess
import time

import command_case
import made_files
import run_ebm

# Their first iterations take hours, or minutes (flow).
ENDLESS = {
    "train": "train --data toy:8gaussians --iterations 9 --set steps=1000000 --set batch_size=8000",
    "gan train": "gan train --data toy:8gaussians --iterations 9 --set critic_steps=1000000",
    "flow train": "flow train --data toy:two-moons#limit=500 --iterations 9 --set batch_size=20000"
                  " --set blocks=30 --set hidden=16",
}
SHORT = "--set steps=2 --set batch_size=16 --set log_every=1"


class StopTest(command_case.CommandTest):
    """Training that is stopped."""

    def start_in_loop(self, arguments: str, out: str = "run") -> subprocess.Popen:
        """A run that is in its iterations."""
        process = self.start(f"{arguments} --out {out}")
        while not (self.folder / out / "metrics.csv").exists():
            if process.poll() is not None:
                self.fail(process.stderr.read())
            time.sleep(0.01)
        return process

    def checkpoints(self, out: str = "run") -> list[int]:
        """Their iterations."""
        return sorted(int(path.name) for path in (self.folder / out / "checkpoints").glob("[0-9]*"))

    def last_row(self, out: str = "run") -> int:
        """The iteration of the last row of metrics.csv, 0 if there is none."""
        rows = self.bytes_of(f"{out}/metrics.csv").decode().splitlines()[1:]
        return int(rows[-1].split(",")[0]) if rows else 0

    def test_a_signal_does_not_wait_for_an_iteration(self) -> None:
        for i, (trainer, words) in enumerate(ENDLESS.items()):
            number = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2)[i]
            with self.subTest(trainer=trainer):
                process = self.start_in_loop(words, f"run{i}")
                process.send_signal(number)
                stdout, stderr = process.communicate()
                self.assertEqual(process.returncode, 128 + number, stderr)
                self.assertEqual(stdout, "interrupted after 0 of 9 iterations; the model is in"
                                 f" run{i}/model.safetensors\ngo on with: ebm {trainer} --resume"
                                 f" --out run{i}\n")
                self.assertEqual(self.checkpoints(f"run{i}"), [0])

    def test_ctrl_c_is_answered_at_once(self) -> None:
        process = self.start_in_loop(ENDLESS["train"])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.stderr.readline(),
                         "ebm: stopping; Ctrl-C again ends at once, without saving\n")
        process.communicate()
        self.assertEqual(process.returncode, 130)

    def test_the_time_limit_counts_from_the_start_and_does_not_wait(self) -> None:
        start = time.monotonic()
        done = self.ebm(f"{ENDLESS['train']} --minutes 0.03 --out run")
        self.assertIn("time limit reached after 0 of 9 iterations", done.stdout)
        self.assertIn("go on with: ebm train --resume --out run\n", done.stdout)
        # Loading LibTorch alone takes some tenths of a second of these 1.8.
        self.assertGreater(time.monotonic() - start, 1.7)
        done = self.ebm(f"train --data toy:8gaussians {SHORT} --minutes 1e-9 --out none")
        self.assertIn("time limit reached after 0 of", done.stdout)

    def test_a_time_limit_says_what_would_fit(self) -> None:
        done = run_ebm.run_well(
            command_case.options.ebm,
            f"train --data toy:8gaussians --iterations 10000000 {SHORT} --set checkpoint_every=10000"
            " --minutes 0.05 --out run --json".split(), self.folder)
        self.assertRegex(done.stderr, r"(?m)^ebm: minutes = 0\.05: is enough for about (\d+) of"
                         r" 10000000 iterations, .*; --iterations \1 would fit$")
        document = json.loads(done.stdout)
        self.assertEqual(document["end"], "minutes")
        self.assertEqual(document["schedule_done"], document["iteration"] / 10000000)

    def test_sigusr1_saves_and_training_goes_on(self) -> None:
        process = self.start_in_loop(
            f"train --data toy:8gaussians --iterations 100000000 {SHORT}"
            " --set checkpoint_every=100000000")
        process.send_signal(signal.SIGUSR1)
        line = ""
        while "SIGUSR1" not in line:
            line = process.stderr.readline()
            self.assertNotEqual(line, "")
        saved = re.fullmatch(r"ebm: saved a checkpoint of iteration (\d+), as asked by SIGUSR1\n",
                             line)
        self.assertEqual(self.checkpoints(), [int(saved[1])])
        while self.last_row() <= int(saved[1]):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual(process.returncode, 143)
        self.assertGreater(self.checkpoints()[-1], int(saved[1]))

    def test_a_run_goes_on_from_another_folder_and_with_moved_data(self) -> None:
        made_files.write_idx_folder(self.folder / "pics", 200, 12)
        made_files.write_idx_folder(self.folder / "others", 100, 12)
        (self.folder / "elsewhere").mkdir()
        self.ebm(f"train --data idx:pics --iterations 2 {SHORT} --out run")
        self.assertIn(f'data = "idx:{self.folder}/pics"'.replace('"', "'"),
                      self.bytes_of("run/config.toml").decode().replace('"', "'"))

        def resume(words: str, folder: pathlib.Path) -> run_ebm.Finished:
            return run_ebm.run(command_case.options.ebm,
                               f"train --resume --out {self.folder}/run {words}".split(), folder)

        done = resume("--iterations 3", self.folder / "elsewhere")
        self.assertEqual(done.code, 0, done.stderr)
        (self.folder / "pics").rename(self.folder / "moved")
        # As given at the start: the same path, if it is there.
        done = resume("--iterations 4", self.folder)
        self.assertEqual((done.code, done.stderr.count("\n")), (66, 1), done.stderr)
        done = resume("--iterations 4 --data idx:../moved", self.folder / "elsewhere")
        self.assertEqual(done.code, 0, done.stderr)
        done = resume("--iterations 5", self.folder)
        self.assertEqual(done.code, 0, done.stderr)
        done = resume("--iterations 6 --data idx:others", self.folder)
        self.assertEqual((done.code, done.stderr.count("\n")), (65, 1), done.stderr)
        self.assertIn("was trained on other data: fingerprint 200x1x12x12-", done.stderr)
        done = resume("--iterations 6 --seed 9", self.folder)
        self.assertEqual(done.code, 64)


if __name__ == "__main__":
    command_case.main(__doc__)
