#!/usr/bin/env python3
"""`ebm logz`: estimates of known values."""
import math
import signal

import command_case
import made_files
import run_ebm


class LogZTest(command_case.CommandTest):
    """ebm logz: an estimate of a known value, 4 of its standard errors wide."""

    WELL = "logz --energy toy:double-well,dim=2"
    TRUTH = 2 * 0.3442382

    def test_json_and_the_value_of_the_double_well(self) -> None:
        document = self.json_of(f"{self.WELL} --n 4096 --temperatures 100 --seed 1")
        self.assertEqual(document.keys(),
                         {"target", "dim", "n", "log_z", "se", "mean_log_w", "ess", "acceptance",
                          "temperature", "temperatures", "path", "schedule", "steps", "sampler",
                          "leapfrog", "leapfrog_step_sizes", "base", "seed", "bound", "reverse",
                          "gap", "exact_log_z", "seconds", "simd", "warnings"})
        self.assertEqual(document["warnings"], [])
        self.assertEqual((document["n"], document["temperature"]), (4096, 1))
        self.assertLess(document["se"], 0.01)
        self.assertAlmostEqual(document["log_z"], self.TRUTH, delta=4 * document["se"])
        self.assertAlmostEqual(document["base"]["log_z"], math.log(2 * math.pi), places=6)
        self.assertLess(document["base"]["log_z"] + document["mean_log_w"], document["log_z"])
        self.assertIsNone(document["reverse"])
        self.assertIn("lower bound", document["bound"])

    def test_mala_on_a_box(self) -> None:
        # Beyond ±3 the density is below e⁻¹²⁸.
        document = self.json_of(f"{self.WELL} --n 4096 --temperatures 100 --sampler mala"
                                " --box -3,3")
        self.assertEqual(document["base"], {"box": [-3, 3], "log_z": 2 * math.log(6)})
        self.assertLess(document["se"], 0.03)
        self.assertAlmostEqual(document["log_z"], self.TRUTH, delta=4 * document["se"])

    def test_reverse_and_threads(self) -> None:
        rows = [sign * (1 - 0.01 * i) for i in range(40) for sign in (1, -1)]
        (self.folder / "x.npy").write_bytes(made_files.npy((40, 2), made_files.floats(rows)))
        words = f"{self.WELL} --n 100 --temperatures 20 --reverse x.npy"
        documents = [self.json_of(f"{words} --threads {threads}") for threads in (1, 2, 3)]
        for document in documents:
            del document["seconds"]
        self.assertEqual(documents[0], documents[1])
        self.assertEqual(documents[0], documents[2])
        reverse = documents[0]["reverse"]
        self.assertEqual((reverse["n"], reverse["file"]), (40, "x.npy"))
        self.assertAlmostEqual(documents[0]["gap"], reverse["log_z"] - documents[0]["log_z"])
        self.assertIn("exact draws", reverse["bound"])
        table = self.ebm(words).stdout
        for pattern in (r"(?m)^temperature +T = 1$", r"(?m)^forward +log Z = ", "lower bound",
                        r"(?m)^reverse +log Z = ", "upper bound only if", r"(?m)^gap +-?\d"):
            self.assertRegex(table, pattern)

    def test_an_estimate_of_few_effective_chains_is_a_warning(self) -> None:
        words = "logz --energy toy:gaussian,dim=200 --n 16 --temperatures 2 --base-sd 3"
        document = self.json_of(words, warns=r"log Z: the effective sample size of the forward run is"
                                r" \d\.\d of 16 chains, so that its error is unknown")
        self.assertLess(document["ess"], 5)

    def test_a_model_of_noise_levels_is_annealed_along_them(self) -> None:
        # Both paths against the integral of exp(-E) on a grid of the plane.
        self.ebm("train --data toy:two-moons --objective dsm --iterations 300 --out run")
        side, width = 121, 6.0
        points = [width * (i / (side - 1) - 0.5) for i in range(side)]
        grid = [value for y in points for x in points for value in (x, y)]
        (self.folder / "grid.npy").write_bytes(
            made_files.npy((side * side, 2), made_files.floats(grid)))
        self.ebm("score run --data npy:grid.npy --out energies.csv")
        rows = (self.folder / "energies.csv").read_text().split()[1:]
        cell = (width / (side - 1)) ** 2
        truth = math.log(cell * sum(math.exp(-float(row.split(",")[-1])) for row in rows))
        document = self.json_of("logz run --n 2048 --temperatures 1000")
        self.assertEqual((document["path"], document["acceptance"]), ("noise", None))
        self.assertEqual((document["levels"], document["level_max"]), (1000, 10))
        self.assertAlmostEqual(document["level_min"], 0.02, places=6)
        self.assertTrue({"temperatures", "schedule", "steps", "sampler"}.isdisjoint(document))
        self.assertLess(document["se"], 0.1)
        self.assertAlmostEqual(document["log_z"], truth, delta=4 * document["se"] + 0.01)
        self.assertRegex(self.ebm("logz run --n 64 --temperatures 300").stdout,
                         r"(?m)^path +300 levels of noise from 10 to 0.02, with steps of the")
        by_beta = self.json_of("logz run --n 2048 --temperatures 500 --path beta")
        self.assertEqual((by_beta["path"], by_beta["schedule"]), ("beta", "sigmoidal"))
        self.assertNotIn("levels", by_beta)
        self.assertAlmostEqual(by_beta["log_z"], truth, delta=4 * by_beta["se"] + 0.01)
        # Draws with noise of the lowest level, nearly; three numbers of threads.
        self.ebm("sample run --n 512 --out drawn.npy")
        found = []
        for threads in (1, 2, 3):
            both = self.json_of("logz run --n 70 --temperatures 300 --base-sd 11 --reverse drawn.npy"
                                f" --threads {threads}")
            del both["seconds"]
            found.append(both)
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])
        self.assertEqual((found[0]["base"]["sd"], found[0]["reverse"]["n"]), (11, 512))
        self.assertAlmostEqual(found[0]["gap"],
                               found[0]["reverse"]["log_z"] - found[0]["log_z"])
        done = run_ebm.run(command_case.options.ebm, "logz run --precision bf16".split(),
                           self.folder)
        self.assertEqual(done.code, 64)
        self.assertIn("precision = bf16: rounds the differences", done.stderr)
        for words in ("--box -1,1", "--temperature 1", "--steps 2", "--sampler hmc",
                      "--schedule linear", "--leapfrog 3", "--base gaussian"):
            done = run_ebm.run(command_case.options.ebm, f"logz run {words}".split(), self.folder)
            self.assertEqual(done.code, 64)
            self.assertIn(f"{words[2:].split()[0]}: is for a path by beta", done.stderr)

    def test_interrupt_ends_it_without_an_estimate(self) -> None:
        process = self.start(f"{self.WELL} --n 100000 --temperatures 1000000 --json")
        self.assertRegex(process.stderr.readline(), r"^logz ")
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate()
        self.assertEqual(process.returncode, 143)
        self.assertEqual(stdout, "")
        self.assertIn("nothing was written", stderr)


if __name__ == "__main__":
    command_case.main(__doc__)
