#!/usr/bin/env python3
"""Lets the n-th call of the system on files fail, for every n of short commands: each either does
its work or ends with exit code 74 and one line that names the file; no file is half written, no
checkpoint is lost, and a training run that failed resumes with the bits of one that did not.

By default every n fails with one error and every few with the others; --full tries all. By hand:

  PYTHONPATH=tests/app/support python3 -B tests/faults/fault_sweep.py build/release/app/ebm \\
      build/release/tests/faults/libebm_fault_layer.so --torch --full
"""
import argparse
import collections
import dataclasses
import errno
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
import zlib

import compare_runs
import made_files
import made_run
import run_ebm

SHORT = "short"
ERRORS = {
    "open": [errno.EMFILE, errno.EIO, errno.EINTR, errno.ENOSPC],
    "read": [errno.EIO, errno.EINTR, SHORT],
    "write": [errno.ENOSPC, errno.EIO, errno.EINTR, SHORT],
    "sync": [errno.EIO, errno.EINTR, errno.ENOSPC],
    "close": [errno.EIO, errno.EINTR],
    "rename": [errno.EIO, errno.ENOSPC],
    "exchange": [errno.EINVAL, errno.EIO],
    "mkdir": [errno.ENOSPC, errno.EIO],
    "unlink": [errno.EIO],
    "opendir": [errno.EMFILE, errno.EIO],
    "lock": [errno.EIO],
    "chmod": [errno.EIO],
    "map": [errno.EIO],
}
"""What each kind of call can fail with; the first one is tried for every n."""
CALLS_TO_CLEAN_UP = {"unlink", "opendir"}
"""Where these fail, something hidden may stay behind."""

SETTINGS = " ".join(f"--set {setting}" for setting in (
    "checkpoint_every=2", "keep_checkpoints=1", "batch_size=8", "steps=2", "sample_every=3",
    "sample_steps=2", "log_every=1", "buffer_capacity=16"))
TRAIN = f"train --data idx:images --net net.toml --iterations 5 --seed 1 {SETTINGS} --out run"
RESUME = "train --resume --out run"


@dataclasses.dataclass(frozen=True)
class Fault:
    """The call that fails."""
    call: str
    number: int
    error: int | str
    lasts: bool = False

    def __str__(self) -> str:
        name = self.error if isinstance(self.error, str) else errno.errorcode[self.error]
        return f"{self.call} {self.number} {name}" + (" and all later" if self.lasts else "")

    def is_transparent(self) -> bool:
        """Whether the program has to go on as if nothing had happened."""
        return self.error in (errno.EINTR, SHORT)

    def environment(self) -> dict[str, str]:
        changes = {"EBM_FAULT_CALL": self.call, "EBM_FAULT_NUMBER": str(self.number),
                   "EBM_FAULT_ERROR": str(self.error)}
        return changes | ({"EBM_FAULT_LASTS": "1"} if self.lasts else {})


def is_hidden(path: pathlib.Path, root: pathlib.Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def is_file(path: str, folder: pathlib.Path) -> bool:
    """Whether a call was on a file: std::filesystem opens folders, and does not try again."""
    return not (folder / path).is_dir()


class Command:
    """A command whose results are files of its folder."""
    needs_torch = False
    steps = [1, 1]  # of n, for the first error and for the others

    def __init__(self, name: str, arguments: str, outputs: tuple[str, ...] = ()) -> None:
        self.name, self.arguments, self.outputs = name, arguments, outputs

    def prepare(self, folder: pathlib.Path, sweep: "Sweep") -> None:
        """Inputs, and older files in the place of the results."""
        del sweep
        for name in self.outputs:
            (folder / name).write_bytes(b"old")

    def result(self, folder: pathlib.Path) -> object:
        """What has to be the same each time."""
        return [(folder / name).read_bytes() for name in self.outputs]

    def faults_after(self, folder: pathlib.Path, reference: pathlib.Path, log: list[str],
                     sweep: "Sweep") -> list[str]:
        """What is wrong after a failure."""
        del log, sweep
        return [f"{name} is neither old nor new" for name in self.outputs
                if (folder / name).read_bytes() not in (b"old", (reference / name).read_bytes())]


class Evaluation(Command):
    """`ebm eval` of a trained model; seconds differ."""
    needs_torch = True
    steps = [11, 37]

    def prepare(self, folder: pathlib.Path, sweep: "Sweep") -> None:
        super().prepare(folder, sweep)
        for name in ("images", "net.toml", "run"):
            source = sweep.trained_large() / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            else:
                shutil.copy(source, folder / name)

    def result(self, folder: pathlib.Path) -> object:
        document = json.loads((folder / self.outputs[0]).read_bytes())
        return re.sub(r'"(seconds|\w+_per_s)": [^,}]*', "", json.dumps(document))

    def faults_after(self, folder: pathlib.Path, reference: pathlib.Path, log: list[str],
                     sweep: "Sweep") -> list[str]:
        old = (folder / self.outputs[0]).read_bytes() == b"old"
        return [] if old or self.result(folder) == self.result(reference) else ["half a file"]


class Data(Command):
    """`ebm data` of a small set of images."""

    def prepare(self, folder: pathlib.Path, sweep: "Sweep") -> None:
        made_files.write_idx_folder(folder / "images", 12, 6)
        super().prepare(folder, sweep)


class Report(Command):
    """`ebm report` of a made-up run."""

    def prepare(self, folder: pathlib.Path, sweep: "Sweep") -> None:
        made_run.write(folder / "run", eval_json=b'{"fd": 12.5}')
        super().prepare(folder, sweep)


class Training(Command):
    """`ebm train` from the start, or resumed from a half run."""

    def __init__(self, name: str, arguments: str, resumes: bool, steps: list[int]) -> None:
        super().__init__(name, arguments)
        self.resumes, self.steps = resumes, steps

    def prepare(self, folder: pathlib.Path, sweep: "Sweep") -> None:
        made_files.write_idx_folder(folder / "images", 12, 6)
        (folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        if self.resumes:
            arguments = TRAIN.replace("--iterations 5", "--iterations 3")
            run_ebm.run_well(sweep.options.ebm, arguments.split(), folder)

    def result(self, folder: pathlib.Path) -> object:
        return compare_runs.files_to_compare(folder / "run")

    def faults_after(self, folder: pathlib.Path, reference: pathlib.Path, log: list[str],
                     sweep: "Sweep") -> list[str]:
        run = folder / "run"
        found = damaged_files(run, reference / "run")
        # A checkpoint is there once its folder has its name.
        made = [int(line.rsplit("/", 1)[1]) for line in log[:-2]  # the last two are of the fault
                if re.fullmatch(r"(rename|exchange) .*/checkpoints/\d+", line)]
        kept = [int(path.name) for path in run.glob("checkpoints/[0-9]*")]
        if made and max(made) > max(kept, default=0):
            found.append(f"checkpoint {max(made)} is lost; there are {kept}")
        arguments = RESUME if (run / "config.toml").exists() else self.arguments
        if self.resumes:
            arguments = self.arguments
        done = run_ebm.run(sweep.options.ebm, arguments.split(), folder)
        if done.code != 0:
            return [*found, f"does not resume: {done.stderr}"]
        if self.resumes and not re.search("resumed run from iteration", done.stderr):
            found.append("began anew")
        return found + compare_runs.differences(reference / "run", run)


def damaged_files(run: pathlib.Path, reference: pathlib.Path) -> list[str]:
    """Files of a run that are half written."""
    found = []
    for path in sorted(run.rglob("*")):
        name = path.relative_to(run).as_posix()
        if path.is_dir() or is_hidden(path, run):
            continue
        if path.name == "manifest.json":
            for file, entry in json.loads(path.read_bytes())["files"].items():
                content = (path.parent / file).read_bytes()
                if entry != {"bytes": len(content), "crc32": zlib.crc32(content)}:
                    found.append(f"{path.parent / file} is not what its manifest says")
        elif path.name == "metrics.csv":
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            if any(line.count(",") != lines[0].count(",") or line[-1] != "\n" for line in lines):
                found.append(f"{name} has a part of a row")
        elif path.suffix == ".png" and path.read_bytes() != (reference / name).read_bytes():
            found.append(f"{name} is damaged")
        elif path.name == "model.safetensors" and len(path.parents) - len(run.parents) == 1:
            known = [(reference / name).read_bytes()]
            if len(path.read_bytes()) not in [len(content) for content in known]:
                found.append(f"{name} is damaged")
    return found


class Sweep:
    """All faults of all commands."""

    def __init__(self, options: argparse.Namespace, scratch: pathlib.Path) -> None:
        self.options, self.scratch = options, scratch
        self.log = scratch / "log"
        self.faults: list[str] = []

    def trained_large(self) -> pathlib.Path:
        """The folder of a small model of 28x28 images, which have features."""
        folder = self.scratch / "large"
        if not folder.exists():
            made_files.write_idx_folder(folder / "images", 240, 28)
            (folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
            run_ebm.run_well(self.options.ebm, TRAIN.split(), folder)
        return folder

    def run(self, command: Command, folder: pathlib.Path, fault: Fault | None) -> run_ebm.Finished:
        self.log.unlink(missing_ok=True)
        changes = {} if fault is None else fault.environment()
        return run_ebm.run(self.options.ebm, command.arguments.split(), folder, None,
                           LD_PRELOAD=str(self.options.layer), EBM_FAULT_FOLDER=str(folder),
                           EBM_FAULT_LOG=str(self.log), **changes)

    def read_log(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()

    def sweep(self, command: Command) -> None:
        start = time.monotonic()
        template, folder = self.scratch / f"{command.name}-inputs", self.scratch / command.name
        reference = self.scratch / f"{command.name}-reference"
        template.mkdir()
        command.prepare(template, self)
        shutil.copytree(template, folder)
        done = self.run(command, folder, None)
        if done.code != 0:
            raise AssertionError(f"{command.name}: exit {done.code}: {done.stderr}")
        counts = collections.Counter(line.split(" ", 1)[0] for line in self.read_log())
        unknown = counts.keys() - ERRORS.keys()
        if unknown:
            raise AssertionError(f"{command.name}: no errors of {unknown}")
        folder.rename(reference)
        faults = self.faults_of(command, counts)
        n_failed = 0
        for fault in faults:
            shutil.copytree(template, folder)
            code = self.try_fault(command, folder, reference, fault)
            n_failed += code == 74
            shutil.rmtree(folder)
        print(f"{command.name}: {sum(counts.values())} calls ("
              + ", ".join(f"{n} {call}" for call, n in sorted(counts.items()))
              + f"), {len(faults)} faults tried, {n_failed} with exit 74, "
              f"{time.monotonic() - start:.0f} s", flush=True)

    def faults_of(self, command: Command, counts: collections.Counter[str]) -> list[Fault]:
        """Every n for the first error of a kind, and some for the others."""
        first_step, other_step = [1, 1] if self.options.full else command.steps
        faults = []
        for call, n_calls in sorted(counts.items()):
            for error in ERRORS[call]:
                step = first_step if error == ERRORS[call][0] else other_step
                # Not always from the first one on, which is that of an input or a lock.
                begin = 1 + (len(faults) * 7) % step
                faults += [Fault(call, n, error) for n in range(begin, n_calls + 1, step)]
        # A disk that is full stays full.
        faults += [Fault("write", n, errno.ENOSPC, lasts=True)
                   for n in range(1, counts["write"] + 1, max(other_step, first_step))]
        number, n_parts = (int(text) for text in self.options.part.split("/"))
        return faults[number - 1::n_parts]

    def try_fault(self, command: Command, folder: pathlib.Path, reference: pathlib.Path,
                  fault: Fault) -> int:
        done = self.run(command, folder, fault)
        log = self.read_log()
        failed = [line.split(" ", 2)[2] for line in log if line.startswith("fault ")]
        found = []
        if not failed:
            # What was read before it is not always in the same order.
            found.append("the call did not come")
        elif done.code == 0:
            if command.result(folder) != command.result(reference):
                found.append("exit 0 and another result")
        elif done.code == 74 and not (fault.is_transparent() and is_file(failed[0], folder)):
            first = next(i for i, line in enumerate(log) if line.startswith("fault "))
            found += self.wrong_message(done.stderr, failed[0], folder, log[:first])
            leftovers = [path.name for path in folder.rglob(".*")
                         if ".partial" in path.name or ".removed" in path.name]
            # The next run removes it.
            cleans_up = fault.call in CALLS_TO_CLEAN_UP or ".removed" in failed[0]
            if leftovers and not cleans_up:
                found.append(f"leaves {leftovers}")
            found += command.faults_after(folder, reference, log[:first + 1], self)
        else:
            found.append(f"exit {done.code}: {done.stderr.strip()}")
        self.faults += [f"{command.name}: {fault} ({', '.join(failed[:1])}): {text}"
                        for text in found]
        for text in self.faults[len(self.faults) - len(found):]:
            print(f"FAULT: {text}", flush=True)
        return done.code

    def wrong_message(self, stderr: str, path: str, folder: pathlib.Path,
                      log: list[str]) -> list[str]:
        """Of an error on `path` after the calls of `log`."""
        lines = [line for line in stderr.splitlines() if line.startswith("ebm: ")]
        final = pathlib.PurePath(re.sub(r"/\.([^/]*)\.(partial|removed)[0-9a-f]*", r"/\1", path))
        # The file, or the folder that it is in: of a checkpoint as a whole, say.
        names = [final.name, final.parent.name] if final.parent != folder else [final.name]
        # A folder is synced for the file that has got its name in it.
        names += [line.rsplit("/", 1)[1] for line in log if line.startswith("rename ")][-1:]
        if not lines or not any(name in lines[-1] for name in names):
            return [f"no line names {final}: {stderr.strip()}"]
        if len(lines) > 1 and not all("resumed" in line or "left out" in line
                                      for line in lines[:-1]):
            return [f"more than a line: {lines}"]
        return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ebm", type=lambda text: pathlib.Path(text).resolve(), help="the program")
    parser.add_argument("layer", type=lambda text: pathlib.Path(text).resolve(),
                        help="the library to preload")
    parser.add_argument("--torch", action="store_true", help="it was built with LibTorch")
    parser.add_argument("--full", action="store_true", help="every n with every error")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="the K-th of N shares of them")
    parser.add_argument("--only", default="", help="commands whose name begins so")
    options = parser.parse_args()
    sample = "sample --energy toy:double-well --n 20 --steps 4 --step-size 0.1"
    commands = [
        Command("sample", f"{sample} --out x.npy", ("x.npy",)),
        Command("sample-trace", f"{sample} --out x.npy --trace t.npy --energy-trace e.npy"
                " --thinning 2", ("x.npy", "t.npy", "e.npy")),
        Data("data", "data idx:images --out x.png", ("x.png",)),
        Report("report", "report run --out page.html", ("page.html",)),
        Evaluation("eval", "eval run --data idx:images --n 70 --temperatures 0 --long-run 0"
                   " --out eval.json --json", ("eval.json",)),
        Training("train", TRAIN, False, [17, 67]),
        Training("resume", "train --resume --out run --iterations 5", True, [23, 71]),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        sweep = Sweep(options, pathlib.Path(scratch).resolve())
        os.environ["OMP_WAIT_POLICY"] = "passive"
        for command in commands:
            if command.name.startswith(options.only) and (options.torch or not command.needs_torch):
                sweep.sweep(command)
    print(f"{len(sweep.faults)} faults of the program")
    return 1 if sweep.faults else 0


if __name__ == "__main__":
    sys.exit(main())
