#!/usr/bin/env python3
"""Expressions where a MODEL or --energy is taken: exact moments, files, other commands."""
import json
import math
import re
import shlex

import command_case
import made_files
import run_ebm

A, B = (-0.75, 1.25), (1.5, 0.625)
"""Mean and sd of two normals."""


def toy(normal: tuple[float, float]) -> str:
    """A normal in one dimension."""
    return f"toy:gaussian,dim=1,mean={normal[0]},sd={normal[1]}"


class ExpressionTest(command_case.CommandTest):
    """Sums, differences and mixtures on the command line."""

    def run_words(self, words: str) -> run_ebm.Finished:
        """A command with quotation marks, which has to succeed."""
        return run_ebm.run_well(command_case.options.ebm, shlex.split(words), self.folder)

    def moments(self, words: str) -> tuple[float, float]:
        """Mean and variance of 4000 independent states."""
        self.run_words(f"sample {words} --n 4000 --steps 60 --leapfrog 6 --step-size 0.25"
                       " --sampler hmc --out x.npy")
        _, values = made_files.read_npy(self.folder / "x.npy")
        mean = sum(values) / len(values)
        return mean, sum((x - mean) ** 2 for x in values) / len(values)

    def expect_normal(self, found: tuple[float, float], precision: float, mean: float) -> None:
        """5 standard errors of 4000 draws."""
        variance = 1 / precision
        self.assertAlmostEqual(found[0], mean, delta=5 * math.sqrt(variance / 4000))
        self.assertAlmostEqual(found[1], variance, delta=5 * variance * math.sqrt(2 / 4000))

    def test_product_and_difference_of_normals(self) -> None:
        a, b = A[1] ** -2, B[1] ** -2
        for option in ("--energy", ""):
            self.expect_normal(self.moments(f"{option} '{toy(A)} + {toy(B)}'"), a + b,
                               (a * A[0] + b * B[0]) / (a + b))
            self.expect_normal(self.moments(f"{option} '{toy(B)} - 0.7*{toy(A)}'"), b - 0.7 * a,
                               (b * B[0] - 0.7 * a * A[0]) / (b - 0.7 * a))

    def test_mixture_of_normals(self) -> None:
        mean, variance = self.moments(f"--energy 'mix(0.3*{toy(A)}; 0.7*{toy(B)})'")
        # Shares are weights times normalisers, which are as the sds.
        share = 0.3 * A[1] / (0.3 * A[1] + 0.7 * B[1])
        right = share * A[0] + (1 - share) * B[0]
        second = share * (A[0] ** 2 + A[1] ** 2) + (1 - share) * (B[0] ** 2 + B[1] ** 2)
        self.assertAlmostEqual(mean, right, delta=5 * math.sqrt((second - right ** 2) / 4000))
        self.assertAlmostEqual(variance, second - right ** 2, delta=0.2)

    def test_the_forms_of_a_sum_are_the_same_energy(self) -> None:
        forms = ("toy:sum(gaussian;2*rings)", "toy:gaussian + 2*toy:rings",
                 "sum(toy:gaussian; 2*toy:rings)", "toy:gaussian - -2*(toy:rings)")
        for i, form in enumerate(forms):
            self.run_words(f"sample --energy '{form}' --n 40 --steps 50"
                           f" --step-size 0.0001 --out {i}.npy")
            self.assertEqual(self.bytes_of(f"{i}.npy"), self.bytes_of("0.npy"), form)

    def test_a_walk_can_go_on(self) -> None:
        words = "sample 'mix(toy:rings; toy:gaussian + toy:8gaussians)' --n 20 --thinning 5"
        self.run_words(f"{words} --steps 40 --trace all.npy --out end.npy")
        self.run_words(f"{words} --burn-in 20 --steps 20 --trace rest.npy --out same.npy")
        self.assertEqual(self.bytes_of("end.npy"), self.bytes_of("same.npy"))
        shape, values = made_files.read_npy(self.folder / "all.npy")
        self.assertEqual(shape, (8, 20, 2))
        self.assertEqual(values[160:], made_files.read_npy(self.folder / "rest.npy")[1])

    def test_log_z_of_a_mixture(self) -> None:
        done = self.run_words(f"logz --energy 'mix(0.3*{toy(A)}; 0.7*{toy(B)})' --n 200"
                              " --temperatures 200 --json")
        exact = math.log(math.sqrt(2 * math.pi) * (0.3 * A[1] + 0.7 * B[1]))
        document = json.loads(done.stdout)
        self.assertAlmostEqual(document["exact_log_z"], exact, places=6)
        self.assertAlmostEqual(document["log_z"], exact, delta=0.05)

    def test_a_toy_is_one_wherever_it_stands(self) -> None:
        for words in ("modes {} --n 20 --frames 10 --json", "logz {} --n 20 --temperatures 20",
                      "interpolate {} --from=-1,0 --to=1,0 --steps 10 --out p.npy"):
            found = [self.run_words(words.format(text)).stdout
                     for text in ("toy:8gaussians", "--energy toy:8gaussians")]
            same = [re.sub(r"[\d.e+-]+ ?s\b|\"seconds\".*", "", text) for text in found]
            self.assertEqual(same[0], same[1])

    def test_modes_of_a_mixture(self) -> None:
        done = self.run_words("modes --energy 'mix(toy:gaussian,mean=-3; toy:gaussian,mean=3)'"
                              " --n 40 --frames 20 --json")
        self.assertEqual(len(json.loads(done.stdout)["modules"]), 2)


class ModelExpressionTest(command_case.CommandTest):
    """Expressions of trained models."""

    def run_words(self, words: str) -> run_ebm.Finished:
        """A command with quotation marks, which has to succeed."""
        return run_ebm.run_well(command_case.options.ebm, shlex.split(words), self.folder)

    def energies(self, model: str) -> list[float]:
        """What `ebm score` writes of 20 images."""
        self.run_words(f"score '{model}' --data fashion-mnist#split=test,limit=20 --out e.npy")
        return list(made_files.read_npy(self.folder / "e.npy")[1])

    def test_scores_add_up_and_temperatures_are_stated(self) -> None:
        done = self.run_words("sample 'fashion-mnist - 0.25*toy:gaussian,dim=784' --n 2 --steps 4"
                              " --out x.npy --json")
        terms = json.loads(done.stdout)["terms"]
        self.assertEqual([(t["model"], t["weight"]) for t in terms],
                         [("fashion-mnist", 1), ("toy:gaussian,dim=784", -0.25)])
        self.assertAlmostEqual(terms[0]["temperature"], 1.25e-6, delta=1e-12)
        self.assertEqual(terms[1]["temperature"], 1)
        lines = [line for line in done.stderr.splitlines() if line.startswith("ebm: ")]
        self.assertEqual(len(lines), 1)
        self.assertIn("fashion-mnist 1.25e-06, toy:gaussian,dim=784 1;", lines[0])
        self.assertEqual(made_files.read_npy(self.folder / "x.npy")[0], (2, 1, 28, 28))

    def test_scores_of_expressions(self) -> None:
        one = self.energies("fashion-mnist")
        for text, right in (("fashion-mnist + fashion-mnist", [2 * e for e in one]),
                            ("0.5*fashion-mnist", [0.5 * e for e in one]),
                            # Two equal halves: −T ln(2·exp(−E/T)).
                            ("mix(fashion-mnist; fashion-mnist)",
                             [e - 1.25e-6 * math.log(2) for e in one])):
            for found, wanted in zip(self.energies(text), right, strict=True):
                self.assertAlmostEqual(found, wanted, delta=2e-6 * (1 + abs(wanted)), msg=text)

    def test_a_folder_named_like_an_expression(self) -> None:
        shipped = run_ebm.run_well(command_case.options.ebm, ["score", "fashion-mnist", "--data",
                                   "fashion-mnist#split=test,limit=20", "--out", "a.npy"],
                                   self.folder)
        self.assertIn("a.npy", shipped.stdout)
        model = next((command_case.options.ebm.parent.parent / "share/ebm/models")
                     .glob("fashion-mnist.safetensors"))
        (self.folder / "a + 0.5*b").write_bytes(model.read_bytes())
        self.energies("a + 0.5*b")
        self.assertEqual(self.bytes_of("e.npy"), self.bytes_of("a.npy"))


if __name__ == "__main__":
    command_case.main(__doc__)
