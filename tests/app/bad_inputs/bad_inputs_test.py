#!/usr/bin/env python3
"""Bad inputs: each ends `ebm` with the right exit code and one line that says what is wrong, and
leaves every file as it was. The rows are in the *_rows.py beside this file; the answers are
printed as a table.
"""
import argparse
import concurrent.futures
import dataclasses
import fcntl
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

import bench_rows
import classify_rows
import config_rows
import data_rows
import eval_rows
import flow_rows
import gan_rows
import import_rows
import interpolate_rows
import logz_rows
import made_files
import model_rows
import modes_rows
import output_rows
import report_rows
import restore_rows
import row
import run_ebm
import sample_rows
import toy_rows
import train_rows
import walk_rows

TABLES = (data_rows, import_rows, sample_rows, logz_rows, bench_rows, model_rows, config_rows,
          walk_rows, toy_rows, report_rows, eval_rows, train_rows, flow_rows, gan_rows, modes_rows,
          interpolate_rows, classify_rows, restore_rows, output_rows)

TRAIN_FAST = ("--iterations 6 --set checkpoint_every=2 --set batch_size=16 --set steps=2 "
              "--set sample_every=0 --set buffer_capacity=64")

Contents = dict[str, bytes | None]


def contents(folder: pathlib.Path) -> Contents:
    """Every path in the folder with its bytes, None for a folder."""
    return {path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
            for path in folder.rglob("*")}


@dataclasses.dataclass
class Answer:
    """What one row got, and what is wrong with that."""
    name: str
    code: str = "-"
    message: str = ""
    faults: list[str] = dataclasses.field(default_factory=list)

    def fault(self, what: str) -> None:
        """Notes that a row is not as it should be."""
        self.faults.append(f"{self.name}: {what}")

    def check(self, done: run_ebm.Finished, code: int, fragment: str, n_warnings: int = 0,
              progress: bool = False) -> None:
        """Whether a program that had to fail did so as the user needs it."""
        lines = done.stderr.splitlines()
        own = [line for line in lines if line.startswith("ebm: ")]
        self.code = str(done.code)
        self.message = own[-1] if own else ""
        if done.code != code:
            self.fault(f"exit {done.code}, expected {code}: {done.stderr}")
        if code == 0:
            if own:
                self.fault(f"complains: {self.message}")
            return
        if len(own) != 1 + n_warnings:
            self.fault(f"{len(own)} lines 'ebm: ...', expected {1 + n_warnings}: {own}")
        if lines and lines[-1] != self.message:
            self.fault(f"the message is not the last line: {lines[-1]!r}")
        if len(lines) != len(own) and not progress:
            self.fault(f"other lines on stderr: {lines}")
        if fragment not in self.message:
            self.fault(f"no {fragment!r} in: {self.message}")
        if done.stdout:
            self.fault(f"stdout is not empty: {done.stdout!r}")

    def check_unchanged(self, before: Contents, after: Contents,
                        may_differ: frozenset[str] = frozenset()) -> None:
        """Whether a folder holds what it held before."""
        for path in sorted((before.keys() | after.keys()) - may_differ):
            if path not in before:
                self.fault(f"left {path} behind")
            elif path not in after:
                self.fault(f"removed {path}")
            elif before[path] != after[path]:
                self.fault(f"changed {path}")


class Checker:
    """Runs the rows in a scratch folder."""

    def __init__(self, ebm: pathlib.Path, scratch: pathlib.Path) -> None:
        self.ebm = ebm
        self.scratch = scratch
        self.trained = scratch / "trained"
        self.trained.mkdir()

    def train_models(self) -> None:
        """The runs that rows may copy."""
        made_files.write_idx_folder(self.trained / "images", 40, 12)
        made_files.write_idx_folder(self.trained / "gone", 40, 28)
        (self.trained / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        for words in (f"train --data toy:8gaussians#limit=500 --net mlp {TRAIN_FAST} --out run",
                      f"train --data idx:images --net net.toml {TRAIN_FAST} --out image_run",
                      f"train --data idx:gone --net net.toml {TRAIN_FAST} --out orphan_run"):
            run_ebm.run_well(self.ebm, words.split(), self.trained)
        shutil.rmtree(self.trained / "gone")

    def check_row(self, bad: row.Row) -> Answer:
        """Runs a row in a folder of its own."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        for name, data in bad.files.items():
            path = folder / name
            if name.endswith("/"):
                path.mkdir(parents=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        for name in bad.uses:
            shutil.copytree(self.trained / name, folder / name)
        if bad.spoil:
            bad.spoil(folder)
        before = contents(folder)
        done = run_ebm.run(self.ebm, shlex.split(bad.command), folder, **bad.environment)
        answer = Answer(bad.name)
        answer.check(done, bad.code, bad.fragment, bad.n_warnings, bad.progress)
        answer.check_unchanged(before, contents(folder))
        shutil.rmtree(folder)
        return answer

    def check_full_output(self) -> Answer:
        """What a command prints may find no room either."""
        answer = Answer("full disk: stdout")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([self.ebm, "data", "toy:rings", "--json"], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=600, check=False)
        answer.check(run_ebm.Finished(done.returncode, "", done.stderr), 74,
                     "standard output: No space left")
        return answer

    def check_busy_folder(self) -> Answer:
        """Two processes must not train in one folder."""
        folder = self.scratch / "busy"
        shutil.copytree(self.trained / "run", folder / "run")
        before = contents(folder)
        with open(folder / "run/.lock", "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            words = "train --resume --out run --iterations 20"
            done = run_ebm.run(self.ebm, words.split(), folder)
        answer = Answer("train: another process is in the folder")
        answer.check(done, 74, "another process trains")
        answer.check_unchanged(before, contents(folder))
        return answer

    def check_full_disk(self) -> list[Answer]:
        """On a tiny file system: results do not fit, and what was there stays as it was."""
        answers = [Answer("full disk: sample"), Answer("full disk: train")]
        disk = self.scratch / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(disk)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
            for answer in answers:
                answer.message = "skipped: needs root and the right to mount a tmpfs"
            return answers
        try:
            self.fill_with_samples(answers[0], disk)
            self.fill_with_checkpoints(answers[1], disk)
        finally:
            subprocess.run(["umount", str(disk)], check=True)
        return answers

    def leave_free(self, disk: pathlib.Path, n_bytes: int) -> None:
        """Fills a disk with a file, but for so much."""
        status = os.statvfs(disk)
        (disk / "filler").write_bytes(bytes(status.f_bavail * status.f_bsize - n_bytes))

    def fill_with_samples(self, answer: Answer, disk: pathlib.Path) -> None:
        """`ebm sample` over a file that was there."""
        self.leave_free(disk, 64 << 10)
        sample = "sample --energy toy:double-well --steps 0 --out x.npy --n"
        run_ebm.run_well(self.ebm, f"{sample} 100".split(), disk)
        before = contents(disk)
        done = run_ebm.run(self.ebm, f"{sample} 100000".split(), disk)
        answer.check(done, 74, "cannot write x.npy: No space left", progress=True)
        answer.check_unchanged(before, contents(disk))
        # Nor does a name of the program's own choice stay behind, with nothing in it.
        status = os.statvfs(disk)
        (disk / "rest").write_bytes(bytes(status.f_bavail * status.f_bsize))
        before = contents(disk)
        done = run_ebm.run(self.ebm, "sample --energy toy:rings --steps 0".split(), disk)
        answer.check(done, 74, "No space left", progress=True)
        answer.check_unchanged(before, contents(disk))
        (disk / "rest").unlink()
        (disk / "filler").unlink()

    def fill_with_checkpoints(self, answer: Answer, disk: pathlib.Path) -> None:
        """`ebm train` that finds no room for its next checkpoint, and goes on when there is."""
        shutil.copytree(self.trained / "run", disk / "run")
        self.leave_free(disk, 64 << 10)
        before = contents(disk)
        words = "train --resume --out run --iterations 20".split()
        done = run_ebm.run(self.ebm, words, disk)
        answer.check(done, 74, "No space left", n_warnings=1, progress=True)
        # The length asked for last may be there already; the checkpoints and the model may not.
        answer.check_unchanged(before, contents(disk), frozenset({"run/config.toml"}))
        (disk / "filler").unlink()
        done = run_ebm.run(self.ebm, words, disk)
        if done.code != 0:
            answer.fault(f"does not go on when there is room again: {done.stderr}")


def print_table(answers: list[Answer]) -> None:
    """To be read or pasted."""
    width = max(len(answer.name) for answer in answers)
    for answer in answers:
        print(f"{answer.name:{width}}  {answer.code:>3}  {answer.message}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ebm", type=pathlib.Path, help="the program")
    parser.add_argument("--torch", action="store_true", help="it was built with LibTorch")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    options = parser.parse_args()
    rows = [each for table in TABLES for each in table.all_rows() if options.only in each.name]
    possible = [each for each in rows if options.torch or not each.needs_torch]
    with tempfile.TemporaryDirectory() as scratch:
        checker = Checker(options.ebm.resolve(), pathlib.Path(scratch).resolve())
        checker.train_models()
        # Each row waits for a program to start and for a disk: two of them share the time.
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            answers = list(pool.map(checker.check_row, possible))
        if not options.only:
            answers.append(checker.check_full_output())
            answers.append(checker.check_busy_folder())
            answers += checker.check_full_disk()
    print_table(answers)
    faults = [fault for answer in answers for fault in answer.faults]
    print(f"{len(answers)} rows, {len(rows) - len(possible)} left out as they need LibTorch, "
          f"{len(faults)} faults")
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
