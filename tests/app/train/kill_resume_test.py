#!/usr/bin/env python3
"""Kills `ebm train` again and again without warning, resumes it, and compares the run bit by bit
with one that was never stopped; then with one on another number of threads.

By default it makes a small data set and network. For a longer trial by hand, for example:
  kill_resume_test.py build/release/app/ebm --data fashion-mnist#limit=5000 --net uva --kills 10 \\
      --iterations 200 --set sample_every=50
"""
import argparse
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

import compare_runs
import made_files
import run_ebm

SMALL = ["checkpoint_every=3", "batch_size=16", "steps=3", "sample_every=15", "sample_steps=4",
         "log_every=1", "buffer_capacity=256"]


class Trial:
    """The runs of one comparison, all in one folder."""

    def __init__(self, options: argparse.Namespace, folder: pathlib.Path) -> None:
        self.options = options
        self.folder = folder
        self.rng = random.Random(options.seed)
        self.data, self.net = options.data, options.net
        if not self.data:
            made_files.write_idx_folder(folder / "images", 200, 12)
            self.data = f"idx:{folder / 'images'}"
        if not self.net:
            (folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
            self.net = str(folder / "net.toml")
        self.settings = [word for setting in [*SMALL, *options.set] for word in ("--set", setting)]
        last = [setting for setting in [*SMALL, *options.set]
                if setting.startswith("checkpoint_every=")]
        self.checkpoint_every = int(last[-1].split("=")[1])

    def words(self, out: str, threads: int) -> list[str]:
        """The command of a new run."""
        return ["train", "--data", self.data, "--net", self.net, "--iterations",
                str(self.options.iterations), "--seed", "1", "--threads", str(threads),
                *self.settings, "--out", out]

    def train(self, out: str, threads: int) -> float:
        """Trains without a stop. Returns the seconds that took."""
        start = time.monotonic()
        subprocess.run([self.options.ebm, *self.words(out, threads)], cwd=self.folder, check=True,
                       env=run_ebm.environment(), capture_output=True)
        return time.monotonic() - start

    def newest(self, out: str) -> int:
        """Iteration of the newest checkpoint, 0 if there is none."""
        names = [path.name for path in (self.folder / out / "checkpoints").glob("[0-9]*")]
        return max((int(name) for name in names), default=0)

    def train_until(self, words: list[str], out: str, target: int | None,
                    delay: float) -> tuple[str, bool]:
        """Trains until a checkpoint of iteration `target` or later is there and a little longer,
        and kills; without a target, to the end. Returns what it said on stderr, and whether it was
        killed: on a busy machine it may be at its end before that."""
        log = self.folder / "stderr.txt"
        with open(log, "wb") as stderr:
            process = subprocess.Popen([self.options.ebm, *words], cwd=self.folder,
                                       env=run_ebm.environment(), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=stderr)
        resumes = "--resume" in words
        try:
            while process.poll() is None:
                started = not resumes or b"resumed" in log.read_bytes()
                if target is not None and started and self.newest(out) >= target:
                    time.sleep(delay)
                    break
                time.sleep(0.002)
        finally:
            process.kill()  # does nothing if it has ended
            code = process.wait()
        text = log.read_text(encoding="utf-8")
        if code not in (0, -signal.SIGKILL):
            raise AssertionError(f"exit {code}: {text}")
        return text, code != 0

    def check_resumed(self, text: str) -> int:
        """The iteration that a resumed run says it goes on from."""
        found = re.search(r"(?m)^ebm: resumed \S+ from iteration (\d+)$", text)
        if not found or int(found[1]) <= 0:
            raise AssertionError(f"no word of a resumption: {text}")
        return int(found[1])

    def train_with_kills(self, out: str, threads: int, seconds: float) -> None:
        """Kills at random moments, one in each of equal parts of the run."""
        iterations = self.options.iterations
        part = iterations / (self.options.kills + 1)
        per_iteration = seconds / iterations
        words = self.words(out, threads)
        n_killed = 0
        for kill in range(self.options.kills):
            target = max(1, int((kill + 0.7 * self.rng.random()) * part))
            # Up to two checkpoints later, so that the kill may come while one is written.
            delay = min(self.rng.uniform(0, 2) * self.checkpoint_every, 0.2 * part) * per_iteration
            text, killed = self.train_until(words, out, target, delay)
            if kill > 0:
                self.check_resumed(text)
            n_killed += killed
            print(f"{'killed' if killed else 'at its end'}: newest checkpoint {self.newest(out)}, "
                  f"{partial_files(self.folder / out)} partial files", flush=True)
            words = ["train", "--resume", "--out", out, "--threads", str(threads)]
        if n_killed == 0:
            raise AssertionError("no kill came in time; ask for more iterations")
        text, _ = self.train_until(words, out, None, 0.0)
        self.check_resumed(text)


def partial_files(run: pathlib.Path) -> int:
    """How many files or folders a kill left half written."""
    return sum(".partial" in path.name for path in run.rglob(".*"))


def remove_partial_files(run: pathlib.Path) -> None:
    """Those files that a kill left beside the ones they should have replaced, and that no later
    run may touch, as they carry the number of a process."""
    for path in run.glob(".*.partial*"):
        path.unlink()


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ebm", type=lambda text: pathlib.Path(text).resolve(), help="the program")
    parser.add_argument("--data", default="", help="SPEC; default: 200 made-up 12x12 images")
    parser.add_argument("--net", default="", help="preset or FILE.toml; default: a small one")
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
                        help=f"setting of the runs; the default is {', '.join(SMALL)}")
    options = parser.parse_args()
    # The runs are made in a folder of their own.
    if options.net.endswith(".toml"):
        options.net = str(pathlib.Path(options.net).resolve())
    return options


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch).resolve()
        options = parse_options()
        trial = Trial(options, folder)
        seconds = trial.train("whole", threads=2)
        print(f"never stopped: {seconds:.1f} s", flush=True)
        trial.train_with_kills("killed", 2, seconds)
        remove_partial_files(folder / "killed")
        trial.train("one_thread", threads=1)
        faults = [f"killed {options.kills} times: {fault}" for fault in
                  compare_runs.differences(folder / "whole", folder / "killed")]
        faults += [f"one thread: {fault}" for fault in
                   compare_runs.differences(folder / "whole", folder / "one_thread")]
        for fault in faults:
            print(f"FAULT: {fault}")
        if not faults:
            print(f"{len(compare_runs.files_to_compare(folder / 'whole'))} files and folders agree")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
