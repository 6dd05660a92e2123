#!/usr/bin/env python3
"""Disturbs training runs at random moments, resumes them, and compares each bit by bit with a run
that nothing disturbed: `ebm train`, `ebm gan train` and `ebm flow train`, in rounds.

Every second round kills (SIGKILL). The others take turns: SIGTERM, SIGHUP, SIGUSR2, SIGINT twice,
SIGUSR1 (which only saves), and SIGSTOP with a second process on the run folder, then SIGCONT.
scripts/soak.sh runs it for as many rounds as one likes.
"""
import argparse
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import compare_runs
import run_ebm

SHARED = ("--seed 3 --threads 2 --set batch_size=32 --set log_every=1 --set sample_every=9"
          " --set checkpoint_every=7")
TRAINERS = {
    "train": f"train --data toy:8gaussians#limit=500 --iterations 60 {SHARED} --set steps=8"
             " --set buffer_capacity=256 --set sample_steps=20",
    "gan train": f"gan train --data toy:8gaussians#limit=500 --iterations 60 {SHARED}"
                 " --set critic_steps=2",
    "flow train": f"flow train --data toy:two-moons#limit=500 --iterations 40 {SHARED}"
                  " --set blocks=2 --set hidden=16",
}
OTHERS = ("SIGTERM", "SIGHUP", "SIGUSR2", "SIGINT twice", "SIGUSR1", "SIGSTOP")
# Exit codes of a session that was disturbed; each may also have reached its end before.
CODES = {"SIGKILL": {-9}, "SIGTERM": {143}, "SIGHUP": {129}, "SIGUSR2": {140},
         "SIGINT twice": {130}, "SIGUSR1": set(), "SIGSTOP": set()}
# Before the program answers signals they end it as they end any.
EARLY = {"SIGTERM": -15, "SIGHUP": -1, "SIGUSR2": -12, "SIGINT twice": -2, "SIGUSR1": -10}


class Fault(Exception):
    """A run that did not do what it should."""


class Soak:
    """The rounds of one trainer."""

    def __init__(self, ebm: pathlib.Path, trainer: str, folder: pathlib.Path,
                 rng: random.Random) -> None:
        self.ebm, self.trainer, self.folder, self.rng = ebm, trainer, folder, rng
        self.words = TRAINERS[trainer].split()
        start = time.monotonic()
        code, text = self.finish(self.start([*self.words, "--out", "whole"]))
        self.seconds = time.monotonic() - start
        if code != 0:
            raise Fault(f"the undisturbed run: exit {code}: {text}")

    def start(self, words: list[str]) -> subprocess.Popen:
        """The program, its messages in a file that cannot fill up as a pipe does."""
        with open(self.folder / "stderr.txt", "wb") as stderr:
            return subprocess.Popen([self.ebm, *words], cwd=self.folder,
                                    env=run_ebm.environment(), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=stderr)

    def finish(self, process: subprocess.Popen) -> tuple[int, str]:
        """Exit code and messages at its end."""
        try:
            code = process.wait(timeout=1800)
        finally:
            process.kill()
        return code, (self.folder / "stderr.txt").read_text(encoding="utf-8", errors="replace")

    def resume_words(self, out: str) -> list[str]:
        """What goes on with a run, or begins it anew if it had not begun."""
        if (self.folder / out / "config.toml").exists():
            return [*self.trainer.split(), "--resume", "--out", out]
        return [*self.words, "--out", out]

    def refuse_second(self, out: str) -> None:
        """A second process on the folder of a run has to be refused in one line."""
        if not (self.folder / out / "config.toml").exists():
            return
        done = run_ebm.run(self.ebm, [*self.trainer.split(), "--resume", "--out", out], self.folder)
        if done.code != 74 or "another process trains in this folder" not in done.stderr \
                or done.stderr.count("\n") != 1:
            raise Fault(f"a second process: exit {done.code}: {done.stderr}")

    def disturb(self, process: subprocess.Popen, kind: str, out: str) -> None:
        """Does it to a process that may have ended."""
        if kind == "SIGSTOP":
            process.send_signal(signal.SIGSTOP)
            if process.poll() is None:
                self.refuse_second(out)
            process.send_signal(signal.SIGCONT)
            return
        process.send_signal(getattr(signal, kind.split()[0]))
        if kind == "SIGINT twice":
            time.sleep(self.rng.choice((0.0, 0.02, 0.2)))
            process.send_signal(signal.SIGINT)

    def round(self, kind: str, out: str) -> int:
        """Disturbs a run up to three times, finishes it and compares. Returns how often the
        disturbance came in time."""
        n_disturbed = 0
        for _ in range(self.rng.randint(1, 3)):
            process = self.start(self.resume_words(out))
            time.sleep(self.rng.uniform(0.0, 1.1 * self.seconds))
            in_time = process.poll() is None
            self.disturb(process, kind, out)
            code, text = self.finish(process)
            allowed = CODES[kind] | {0, EARLY.get(kind, 0)}
            if code not in allowed:
                raise Fault(f"{kind}: exit {code}: {text}")
            # The program may say several lines, but nothing of another library.
            if re.search(r"(?m)^(terminate|Segm|.*exception)", text):
                raise Fault(f"{kind}: {text}")
            n_disturbed += in_time
            if code == 0:
                break
        code, text = self.finish(self.start(self.resume_words(out)))
        if code != 0:
            raise Fault(f"resumed after {kind}: exit {code}: {text}")
        found = compare_runs.differences(self.folder / "whole", self.folder / out)
        if found:
            raise Fault(f"{kind}: " + "; ".join(found))
        return n_disturbed


def soak(ebm: pathlib.Path, trainer: str, rounds: int, seed: int) -> int:
    """All rounds of one trainer, with a line a round that went wrong. Returns how many did."""
    n_equal = n_disturbed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch).resolve()
        trial = Soak(ebm, trainer, folder, random.Random(f"{seed} {trainer}"))
        for i in range(rounds):
            kind = "SIGKILL" if i % 2 == 0 else OTHERS[i // 2 % len(OTHERS)]
            try:
                n_disturbed += trial.round(kind, f"run{i}")
                n_equal += 1
            except Fault as fault:
                print(f"FAULT: {trainer}, round {i}: {fault}", flush=True)
            shutil.rmtree(folder / f"run{i}", ignore_errors=True)
    print(f"{trainer}: {n_equal} of {rounds} runs equal the undisturbed one; {n_disturbed} sessions"
          " were disturbed before their end", flush=True)
    return rounds - n_equal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ebm", type=lambda text: pathlib.Path(text).resolve(), help="the program")
    parser.add_argument("--rounds", type=int, default=2, help="of each trainer")
    parser.add_argument("--trainer", choices=list(TRAINERS), action="append",
                        help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    options = parser.parse_args()
    faults = sum(soak(options.ebm, trainer, options.rounds, options.seed)
                 for trainer in options.trainer or TRAINERS)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
