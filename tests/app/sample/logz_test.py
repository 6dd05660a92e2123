#!/usr/bin/env python3
"""`ebm logz`: estimates of known values."""
import math
import signal

import command_case
import made_files


class LogZTest(command_case.CommandTest):
    """ebm logz: an estimate of a known value, 4 of its standard errors wide."""

    WELL = "logz --energy toy:double-well,dim=2"
    TRUTH = 2 * 0.3442382

    def test_json_and_the_value_of_the_double_well(self) -> None:
        document = self.json_of(f"{self.WELL} --n 4096 --temperatures 100 --seed 1")
        self.assertEqual(document.keys(),
                         {"target", "dim", "n", "log_z", "se", "mean_log_w", "ess", "acceptance",
                          "temperature", "temperatures", "schedule", "steps", "sampler", "leapfrog",
                          "leapfrog_step_sizes", "base", "seed", "bound", "reverse", "gap",
                          "exact_log_z", "seconds", "simd", "warnings"})
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
