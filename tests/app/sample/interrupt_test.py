#!/usr/bin/env python3
"""A walk of `ebm sample` that is interrupted, and what it shows on a terminal."""
import os
import pty
import re
import signal
import subprocess

import command_case
import run_ebm


class InterruptTest(command_case.CommandTest):
    """A signal ends a walk soon and leaves nothing half done."""

    def interrupt(self, words: str, phase: str = "") -> None:
        """Interrupts a walk that has begun; it may not leave any file."""
        process = self.start(f"sample --energy toy:double-well --n 16 {words}")
        self.assertRegex(process.stderr.readline(), rf"^sample .*{phase}")
        process.send_signal(signal.SIGINT)
        # To its end it would walk for hours.
        stdout, stderr = process.communicate()
        self.assertEqual((process.returncode, stdout), (130, ""))
        own = [line for line in stderr.splitlines() if line.startswith("ebm: ")]
        self.assertEqual(own, ["ebm: stopped by signal 2; nothing was written"])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_with_a_trace(self) -> None:
        self.interrupt("--steps 100000000 --thinning 10 --trace t.npy --out x.npy")

    def test_between_draws_that_are_far_apart(self) -> None:
        self.interrupt(f"--steps {10**14} --thinning {10**13} --trace t.npy")

    def test_during_burn_in(self) -> None:
        self.interrupt(f"--steps 10 --burn-in {10**14} --trace t.npy", "phase burn-in")

    def test_during_adaptation(self) -> None:
        self.interrupt(f"--steps 10 --sampler hmc --adapt --burn-in {10**9} --adapt-out a.json"
                       " --out x.npy", "phase adapt")

    def test_divergence_leaves_no_trace(self) -> None:
        done = run_ebm.run(command_case.options.ebm,
                           "sample --energy toy:double-well --n 1000 --steps 100 --step-size 0.1"
                           " --trace t.npy --out x.npy".split(), self.folder)
        self.assertEqual(done.code, 71)
        self.assertEqual(list(self.folder.iterdir()), [])


class TerminalTest(command_case.CommandTest):
    """On a terminal, where progress is a bar that is drawn again and again."""

    def lines_of(self, words: str) -> tuple[int, list[str]]:
        """Exit code, and the lines as they stand on the terminal in the end."""
        try:
            terminal, end = pty.openpty()
        except OSError as error:
            self.skipTest(f"no pseudo-terminal here: {error}")
        self.addCleanup(os.close, terminal)
        with subprocess.Popen([command_case.options.ebm, *words.split()], cwd=self.folder,
                              env=run_ebm.environment(TERM="xterm"), stdin=end, stdout=end,
                              stderr=end) as process:
            os.close(end)
            text = b""
            try:
                while piece := os.read(terminal, 65536):
                    text += piece
            except OSError:
                pass  # the other end was closed
        lines = text.decode().replace("\r\n", "\n").splitlines(keepends=False)
        return process.returncode, [re.sub(r".*\r\x1b\[K", "", line) for line in lines if line]

    def test_a_walk_ends_with_a_full_bar_and_its_report(self) -> None:
        code, lines = self.lines_of("sample --energy toy:double-well --steps 100 --out x.npy")
        self.assertEqual(code, 0)
        bars = [line for line in lines if "[" in line]
        self.assertRegex(bars[-1], r"\[#+\] 100%")
        self.assertRegex(lines[-1], r"^64 samples in x.npy: 100 steps of langevin")

    def test_an_error_stands_on_a_line_of_its_own(self) -> None:
        for words, code, message in (
                ("--step-size 0.2 --n 1000 --steps 1000", 71, "ebm: chain "),
                (f"--trace y.npy --steps {10**15}", 74, "ebm: cannot write y.npy: needs"),
                ("--sampler nutz", 64, "ebm: sampler = nutz: did you mean nuts?")):
            with self.subTest(words=words):
                found, lines = self.lines_of(f"sample --energy toy:double-well --out x.npy {words}")
                self.assertEqual(found, code)
                self.assertTrue(lines[-1].startswith(message), lines)
                self.assertEqual(sum("ebm: " in line for line in lines), 1)


if __name__ == "__main__":
    command_case.main(__doc__)
