#!/usr/bin/env python3
"""`ebm sample` of the analytic energies: files, starts, JSON and stationary moments."""
import array
import math
import signal

import command_case
import made_files


class SampleTest(command_case.CommandTest):
    """ebm sample from the analytic energies."""

    def test_npy_has_float32_rows_and_does_not_depend_on_threads(self) -> None:
        words = "sample --energy toy:double-well --n 1000 --steps 50"
        for threads in (1, 2, 3):
            self.ebm(f"{words} --threads {threads} --out {threads}.npy")
        shape, values = made_files.read_npy(self.folder / "1.npy")
        self.assertEqual(shape, (1000, 1))
        self.assertTrue(all(math.isfinite(x) for x in values))
        self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("2.npy"))
        self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("3.npy"))
        self.ebm(f"{words} --seed 1 --out other.npy")
        self.assertNotEqual(self.bytes_of("1.npy"), self.bytes_of("other.npy"))

    def test_json(self) -> None:
        document = self.json_of("sample --energy toy:double-well --n 100 --steps 20"
                                " --temperature 0.5 --out x.npy")
        self.assertEqual(document.keys(),
                         {"out", "n", "sampler", "steps", "burn_in", "thinning", "step_size",
                          "noise_scale", "temperature", "energy", "seconds", "chain_steps_per_s",
                          "simd", "warnings"})
        self.assertEqual(document["warnings"], [])
        self.assertEqual((document["sampler"], document["burn_in"], document["thinning"]),
                         ("langevin", 0, 1))
        self.assertEqual((document["out"], document["n"], document["steps"]), ("x.npy", 100, 20))
        self.assertAlmostEqual(document["temperature"], 0.5, places=5)
        self.assertAlmostEqual(document["noise_scale"] ** 2, 2 * document["step_size"] * 0.5,
                               places=6)
        # E = 2 (x² − 1)² of what is in the file.
        _, values = made_files.read_npy(self.folder / "x.npy")
        mean = sum(2 * (x * x - 1) ** 2 for x in values) / len(values)
        self.assertAlmostEqual(document["energy"]["mean"], mean, places=4)

    def test_picture_of_a_plane(self) -> None:
        self.ebm("sample --energy toy:8gaussians --n 500 --steps 20 --out x.png")
        self.assertGreater(min(made_files.png_size(self.bytes_of("x.png"))), 1)

    def test_zero_steps_from_a_file_give_back_the_file(self) -> None:
        self.ebm("sample --energy toy:8gaussians --n 33 --steps 20 --out x.npy")
        self.ebm("sample --energy toy:8gaussians --n 33 --steps 0 --init x.npy --out same.npy")
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("same.npy"))
        self.ebm("sample --energy toy:8gaussians --n 33 --steps 1 --init x.npy --out moved.npy")
        self.assertNotEqual(self.bytes_of("x.npy"), self.bytes_of("moved.npy"))

    def test_more_chains_than_rows_of_a_file_take_them_again(self) -> None:
        rows = [0.5, -0.25, 1.5]
        (self.folder / "x.npy").write_bytes(made_files.npy((3, 1), made_files.floats(rows)))
        self.ebm("sample --energy toy:double-well --n 7 --steps 0 --init x.npy --out y.npy")
        shape, values = made_files.read_npy(self.folder / "y.npy")
        self.assertEqual((shape, list(values)), ((7, 1), (rows * 3)[:7]))

    def test_start_from_data(self) -> None:
        self.ebm("sample --energy toy:8gaussians --init data --data toy:8gaussians#limit=50"
                 " --n 100 --steps 0 --out x.npy")
        shape, values = made_files.read_npy(self.folder / "x.npy")
        self.assertEqual(shape, (100, 2))
        self.assertEqual(values[:100], values[100:])
        # The data lie on the unit circle with sd 0.15; N(0, I) has a mean radius of 1.25.
        radius = sum(math.hypot(values[2 * i], values[2 * i + 1]) for i in range(50)) / 50
        self.assertAlmostEqual(radius, 1.0, delta=0.12)

    def test_interrupt_ends_a_long_walk_and_writes_nothing(self) -> None:
        (self.folder / "x.npy").write_bytes(b"old")
        process = self.start("sample --energy toy:double-well --n 16 --steps 100000000 --out x.npy")
        self.assertRegex(process.stderr.readline(), r"^sample ")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate()
        self.assertEqual(process.returncode, 130)
        self.assertEqual(stdout, "")
        self.assertIn("nothing was written", stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["x.npy"])
        self.assertEqual(self.bytes_of("x.npy"), b"old")


class UlaTest(command_case.CommandTest):
    """Langevin dynamics without a Metropolis step at step_size 0.01 on E = 2 (x² − 1)², T = 1, has
    the stationary moments E[x²] = 0.84126 and E[x⁴] = 0.97496, found by iterating its transition
    kernel on a grid; from N(0, 1) they are reached to six digits within 300 steps. The exact
    moments of exp(−E) are 0.85214 and 0.97714.

    The chains are independent, so MCSE = sd / √n, and |mean − target| < 5 MCSE has to hold. With a
    temperature of 1.1 the moments are 0.83397 and 0.98094: at n = 262144 that is 7 MCSE off in x²
    and 2.8 in x⁴. Their difference, which the virial theorem ties to T (E[8(x⁴ − x²)] = T but for
    the step size), is 0.13370 against 0.14698, 11 MCSE off. With n = 16384 nothing would be seen."""

    N = 262144
    TARGETS = {"x^2": 0.84126, "x^4": 0.97496, "x^4 - x^2": 0.97496 - 0.84126}

    def sample(self, rest: str) -> None:
        """As the check prescribes, but for what `rest` says."""
        self.ebm(f"sample --energy toy:double-well --n {self.N} --steps 400 --step-size 0.01"
                 f" --seed 3 {rest}")

    def errors(self, name: str) -> dict[str, float]:
        """(mean − target) / MCSE of every moment."""
        shape, values = made_files.read_npy(self.folder / name)
        self.assertEqual(shape, (self.N, 1))
        squares = array.array("d", (x * x for x in values))
        moments = {"x^2": squares, "x^4": array.array("d", (s * s for s in squares)),
                   "x^4 - x^2": array.array("d", (s * s - s for s in squares))}
        errors = {}
        for moment, found in moments.items():
            mean = math.fsum(found) / self.N
            variance = math.fsum((v - mean) ** 2 for v in found) / (self.N - 1)
            errors[moment] = (mean - self.TARGETS[moment]) / math.sqrt(variance / self.N)
        return errors

    def test_stationary_moments(self) -> None:
        self.sample("--temperature 1 --threads 1 --out one.npy")
        self.sample("--temperature 1 --threads 2 --out two.npy")
        self.assertEqual(self.bytes_of("one.npy"), self.bytes_of("two.npy"))
        errors = self.errors("one.npy")
        self.assertTrue(all(abs(error) < 5 for error in errors.values()), errors)

    def test_a_wrong_temperature_is_found(self) -> None:
        self.sample("--temperature 1.1 --out x.npy")
        errors = self.errors("x.npy")
        self.assertLess(errors["x^2"], -5)
        self.assertGreater(errors["x^4 - x^2"], 5)


if __name__ == "__main__":
    command_case.main(__doc__)
