#!/usr/bin/env python3
"""--help and --version of `ebm`."""
import re

import command_case


class HelpTest(command_case.CommandTest):
    """--help and --version."""

    def test_help_shows_defaults(self) -> None:
        shown = {"": [r"sample", r"train", r"score", r"data", r"bench"],
                 "bench": [r"--n\b[^\n]*100000", r"--repetitions\b[^\n]*5"],
                 "data": [r"SPEC", r"--json"],
                 "report": [r"RUN", r"--out", r"--json"],
                 "sample": [r"--n\b[^\n]*64", r"--seed\b[^\n]*0", r"--init\b[^\n]*noise"]}
        if command_case.options.torch:
            shown["train"] = [r"batch_size\b[^\n]*\b64\b", r"(?m)^ +steps\b[^\n]*\b20\b",
                              r"(?m)^ +net\b[^\n]*'uva'", r"--resume"]
            shown["score"] = [r"--threads\b[^\n]*0"]
        for command, patterns in shown.items():
            with self.subTest(command=command):
                done = self.ebm(f"{command} --help")
                self.assertEqual(done.stderr, "")
                for pattern in patterns:
                    self.assertRegex(done.stdout, pattern)

    def test_help_fits_a_terminal(self) -> None:
        for command in ("", "sample", "logz", "bench", "data", "report"):
            for line in self.ebm(f"{command} --help").stdout.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_help_lists_samplers_and_toys(self) -> None:
        text = self.ebm("sample --help").stdout
        samplers = re.search(r"--sampler NAME ([^[]*)\[langevin\]", text)
        self.assertIsNotNone(samplers, text)
        self.assertEqual(samplers[1].replace(",", " ").split(),
                         ["langevin", "mala", "hmc", "nuts", "underdamped", "gradient-descent",
                          "nesterov", "parallel-tempering", "annealed"])
        toys = re.findall(r"(?m)^  ([\w-]+) +\S[^\n]*\n {17}dim=\d+", text.split("Toys: ")[1])
        self.assertEqual(toys, ["double-well", "gaussian", "dense-gaussian", "mixture", "8gaussians",
                                "25gaussians", "rings", "banana", "funnel", "log-gamma",
                                "rosenbrock", "eight-schools", "rbm", "observation"])
        for form in ("conditional(TOY)", "tempered(TOY)", "sum(W*TOY;W*TOY;...)"):
            self.assertIn(f"\n  {form}", text)
        for group in ("Energy and starts", "Steps and output", "Sampler",
                      "Options of single samplers"):
            self.assertRegex(text, rf"(?m)^{group}[^\n]*:$")

    def test_version(self) -> None:
        self.assertRegex(self.ebm("--version").stdout, r"^\d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    command_case.main(__doc__)
