#!/usr/bin/env python3
"""How training ends before its last iteration, and where it may go on: signals, the time limit,
other folders and moved data."""
import json
import os
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
            " --set sample_every=0 --minutes 0.1 --out run --json".split(), self.folder)
        self.assertRegex(done.stderr, r"(?m)^ebm: minutes = 0\.1: is enough for about (\d+) of"
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

    def test_signals_do_no_harm_to_what_libraries_compute(self) -> None:
        """oneDNN's product of float matrices, of which a flow's gradient makes use, has no stack to
        put a handler on: where one ran on a thread that computes, this took a second to break the
        heap."""
        made_files.write_idx_folder(self.folder / "pics", 200, 12)
        process = self.start_in_loop("flow train --data idx:pics --iterations 1000000"
                                     " --set blocks=2 --set batch_size=256 --threads 2")
        end = time.monotonic() + 8.0
        while time.monotonic() < end and process.poll() is None:
            process.send_signal(signal.SIGUSR1)
            time.sleep(0.0002)
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate()
        self.assertEqual(process.returncode, 143, stderr[-500:])

    def test_the_job_of_the_page_on_training_queues_itself_until_the_run_is_complete(self) -> None:
        """A shell plays sbatch: it runs the script of the page, with programs in the place of srun
        and scontrol, and sends the signal that --signal names to what srun started."""
        page = pathlib.Path(__file__).resolve().parents[3] / "docs/train.md"
        script = re.search(r"(?ms)^```sh\n(#!/bin/sh\n#SBATCH .*?)^```$",
                           page.read_text(encoding="utf-8"))[1]
        name = re.search(r"--signal=(\w+)@", script)[1]
        for old, new in (("runs/big", "run"), ("ebm train good --data images:photos#size=32",
                         f"{command_case.options.ebm} train --data toy:8gaussians {SHORT}"
                         " --iterations 1500 --set checkpoint_every=1500"
                         " --set learning_rate=1e-6")):
            self.assertEqual(script.count(old), 1)
            script = script.replace(old, new)
        (self.folder / "job.sh").write_text(script, encoding="utf-8")
        (self.folder / "bin").mkdir()
        for program, text in (("srun", 'echo $$ > pid; exec "$@"'),
                              ("scontrol", 'echo "$@" >> requests')):
            path = self.folder / "bin" / program
            path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            path.chmod(0o755)
        environment = run_ebm.environment(SLURM_JOB_ID="17",
                                          PATH=f"{self.folder}/bin:{os.environ['PATH']}")
        codes = []
        while codes[-1:] != [0]:
            rows = self.last_row() if codes else 0
            # As a job that is queued again, of which there is one at a time.
            with subprocess.Popen(["sh", "job.sh"], cwd=self.folder, env=environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True) as job:
                while len(codes) < 2 and job.poll() is None:
                    metrics = self.folder / "run/metrics.csv"
                    if metrics.exists() and self.last_row() > rows + 3:
                        pid = int((self.folder / "pid").read_text(encoding="utf-8"))
                        os.kill(pid, getattr(signal, f"SIG{name}"))
                        break
                    time.sleep(0.01)
                _, stderr = job.communicate()
            codes.append(job.returncode)
            self.assertIn(codes[-1], (0, 140), stderr)
        self.assertEqual(codes, [140, 140, 0])
        self.assertEqual(self.bytes_of("requests"), b"requeue 17\n" * 2)
        self.assertEqual(self.last_row(), 1500)

    def test_roll_backs_are_warnings_in_the_document(self) -> None:
        # With so few steps, which are too long, the chains cannot follow the network for long.
        done = run_ebm.run_well(
            command_case.options.ebm,
            "train --data toy:8gaussians --iterations 1000 --set steps=2 --set batch_size=16"
            " --set step_size=0.0078125 --set noise_scale=0.125 --out run --json".split(), self.folder)
        lines = [line for line in done.stderr.splitlines() if line.startswith("ebm: ")]
        self.assertRegex(lines[0], r"^ebm: diverged at iteration \d+: .*; back to iteration \d+ with"
                         r" new noise and 1/2 of the learning rate$")
        self.assertEqual(["ebm: " + line for line in json.loads(done.stdout)["warnings"]], lines)

    def test_lost_rows_of_metrics_are_one_warning(self) -> None:
        train = f"train --data toy:8gaussians#limit=500 {SHORT} --out run"
        self.ebm(f"{train} --iterations 4 --set log_every=2".replace("--set log_every=1", ""))
        metrics = self.folder / "run/metrics.csv"
        whole = metrics.read_text(encoding="utf-8")

        def resume(iterations: int) -> tuple[list[str], list[str]]:
            """The lines on stderr but the progress, and the warnings of the document."""
            done = run_ebm.run_well(command_case.options.ebm,
                                    f"train --resume --out run --iterations {iterations}"
                                    " --json".split(), self.folder)
            lines = [line for line in done.stderr.splitlines() if line.startswith("ebm: ")]
            return lines, json.loads(done.stdout)["warnings"]

        resumed = "ebm: resumed run from iteration "
        self.assertEqual(resume(5), ([resumed + "4"], []))
        lost = "run/metrics.csv: has lost its rows of iterations {} to 4; it goes on without them"
        lines = whole.splitlines(True)
        metrics.write_text(lines[0] + lines[2], encoding="utf-8")
        line = lost.format(2).replace(" to 4", " to 2")
        self.assertEqual(resume(5), ([resumed + "5", "ebm: " + line], [line]))
        for n_lines, first in ((2, 4), (1, 2), (0, 2)):
            with self.subTest(lines=n_lines):
                metrics.write_text("".join(whole.splitlines(True)[:n_lines]), encoding="utf-8")
                line = lost.format(first)
                self.assertEqual(resume(5), ([resumed + "5", "ebm: " + line], [line]))
        metrics.unlink()
        line = lost.format(2)
        self.assertEqual(resume(6), ([resumed + "5", "ebm: " + line], [line]))
        self.assertEqual(metrics.read_text(encoding="utf-8").count("\n"), 2)

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
        self.assertIn("; if the data have moved, give --data", done.stderr)
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
