#!/usr/bin/env python3
"""The walks of `ebm sample`: every sampler, traces, burn-in, adaptation, diagnostics, walls."""
import json
import math
import pathlib

import command_case
import made_files
import run_ebm

# Every word for --sampler, with what can stand beside it.
SAMPLERS = {
    "langevin": "--sampler langevin",
    "langevin with its noise": "--sampler langevin --noise-scale 0.1",
    "mala": "--sampler mala",
    "hmc": "--sampler hmc --leapfrog 5 --jitter 0.5",
    "nuts": "--sampler nuts --max-tree-depth 6",
    "underdamped": "--sampler underdamped --friction 2",
    "gradient-descent": "--sampler gradient-descent",
    "nesterov": "--sampler nesterov --momentum 0.8",
    "parallel-tempering": "--sampler parallel-tempering --ladder 1,3",
    "parallel-tempering of hmc": "--sampler parallel-tempering --inner hmc --replicas 8"
                                 " --max-temperature 20",
    "parallel-tempering of underdamped": "--sampler parallel-tempering --inner underdamped",
    "gradient-flow": "--sampler gradient-flow --flow-time 0.1 --noise-scale 0.1",
    "annealed": "--sampler annealed --temperature-schedule geometric:5:0.5",
    "annealed hmc": "--sampler annealed --inner hmc --temperature-schedule cosine:3:1"
                    " --step-schedule geometric:0.2:0.05",
}

TOYS = {"double-well,dim=3,height=1.5": 3, "gaussian,dim=4,condition=10": 4, "8gaussians": 2,
        "25gaussians": 2, "rings,sd=0.1": 2, "banana,dim=3": 3, "funnel,dim=3": 3,
        "log-gamma,dim=2,alpha=2,beta=3": 2, "rosenbrock,b=10": 2, "eight-schools": 10,
        "rbm,dim=5,hidden=3,seed=2": 5, "dense-gaussian,dim=6": 6, "mixture,dim=3,sd=0.7": 3,
        "tempered(funnel,dim=4),temperature=3": 4, "sum(2*gaussian,dim=3;mixture,dim=3)": 3,
        "conditional(observation,dim=7,sd=2),at=1.5": 7}


def rows_of(path: pathlib.Path, draw: int) -> bytes:
    """The states of one draw of a trace."""
    (n_draws, n, dim), values = made_files.read_npy(path)
    size = n * dim
    first = draw % n_draws * size
    return values[first:first + size].tobytes()


def values_of(path: pathlib.Path) -> bytes:
    """The values of an .npy file."""
    return made_files.read_npy(path)[1].tobytes()


class SamplersTest(command_case.CommandTest):
    """Every sampler by its name."""

    def test_bits_depend_on_neither_threads_nor_cuts(self) -> None:
        files = {}
        for name, words in SAMPLERS.items():
            with self.subTest(sampler=name):
                # 37 chains fill no whole number of blocks; replicas make several groups of them.
                walk = f"sample --energy toy:banana --n 37 --seed 5 {words}"
                for threads in (1, 2, 3):
                    self.ebm(f"{walk} --steps 60 --threads {threads} --out {threads}.npy")
                shape, values = made_files.read_npy(self.folder / "1.npy")
                self.assertEqual(shape, (37, 2))
                self.assertTrue(all(math.isfinite(x) for x in values))
                self.assertEqual(len(set(values)), 74)
                self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("2.npy"))
                self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("3.npy"))
                self.ebm(f"{walk} --burn-in 23 --steps 37 --out cut.npy")
                self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("cut.npy"))
                self.ebm(f"{walk} --steps 60 --thinning 7 --trace t.npy --out traced.npy")
                self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("traced.npy"))
                files[name] = self.bytes_of("1.npy")
        # Each of them went its own way.
        self.assertEqual(len(set(files.values())), len(SAMPLERS))

    def test_trace_holds_what_shorter_walks_end_with(self) -> None:
        for name, words in SAMPLERS.items():
            if name.startswith("annealed"):
                continue  # its schedules are as long as the walk
            with self.subTest(sampler=name):
                walk = f"sample --energy toy:8gaussians --n 5 --seed 5 {words}"
                self.ebm(f"{walk} --steps 20 --thinning 4 --burn-in 3 --trace t.npy --out x.npy")
                shape, _ = made_files.read_npy(self.folder / "t.npy")
                self.assertEqual(shape, (5, 5, 2))
                self.assertEqual(rows_of(self.folder / "t.npy", -1),
                                 values_of(self.folder / "x.npy"))
                self.ebm(f"{walk} --steps 8 --burn-in 3 --out short.npy")
                self.assertEqual(rows_of(self.folder / "t.npy", 1),
                                 values_of(self.folder / "short.npy"))
                self.assertNotEqual(rows_of(self.folder / "t.npy", 0),
                                    rows_of(self.folder / "t.npy", 1))

    def test_steps_after_the_last_draw_are_made_but_not_traced(self) -> None:
        walk = "sample --energy toy:double-well --n 6"
        self.ebm(f"{walk} --steps 11 --thinning 4 --trace t.npy --out x.npy")
        self.ebm(f"{walk} --steps 8 --out eight.npy")
        self.ebm(f"{walk} --steps 11 --out eleven.npy")
        shape, _ = made_files.read_npy(self.folder / "t.npy")
        self.assertEqual(shape, (2, 6, 1))
        self.assertEqual(rows_of(self.folder / "t.npy", -1), values_of(self.folder / "eight.npy"))
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("eleven.npy"))

    def test_a_trace_alone_is_enough(self) -> None:
        document = self.json_of("sample --energy toy:double-well --n 3 --steps 6 --trace t.npy")
        self.assertEqual(document["trace"], {"file": "t.npy", "draws": 6})
        self.assertNotIn("out", document)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["t.npy"])

    def test_every_toy_can_be_walked_on(self) -> None:
        means = set()
        for toy, dim in TOYS.items():
            with self.subTest(toy=toy):
                document = self.json_of(f"sample --energy toy:{toy} --n 20 --steps 30 --out x.npy"
                                        " --sampler mala --step-size 0.001")
                shape, _ = made_files.read_npy(self.folder / "x.npy")
                self.assertEqual(shape, (20, dim))
                self.assertGreater(document["acceptance"], 0.5)
                means.add(document["energy"]["mean"])
        self.assertEqual(len(means), len(TOYS))

    def test_numbers_are_printed_as_they_were_given(self) -> None:
        """They are computed in float32, where 0.04 is 0.03999999910593033."""
        toy = "--energy toy:double-well"
        walk = "--step-size 0.04 --temperature 0.7"
        for words, keys in (
                (f"sample {toy} --n 3 --steps 6 {walk} --out x.npy", ("step_size", "temperature")),
                (f"sample {toy} --n 3 --steps 6 --sampler hmc {walk} --out x.npy",
                 ("step_size", "temperature")),
                (f"modes {toy} --n 16 --frames 4 {walk}", ("step_size", "temperature")),
                (f"logz {toy} --n 16 --temperatures 8 --temperature 0.7", ("temperature",))):
            document = self.json_of(words)
            self.assertEqual([document[key] for key in keys],
                             [{"step_size": 0.04, "temperature": 0.7}[key] for key in keys], words)
        self.ebm(f"sample {toy} --n 64 --steps 20 --sampler hmc --adapt --adapt-out a.json")
        found = json.loads(self.bytes_of("a.json"))
        for number in (found["step_size"], *found["inverse_mass"]):
            self.assertLessEqual(len(repr(number).replace(".", "").lstrip("0")), 9, found)

    def test_counts_and_swaps_are_reported(self) -> None:
        walk = "sample --energy toy:8gaussians --n 50 --steps 100 --out x.npy --sampler"
        document = self.json_of(f"{walk} hmc --leapfrog 7")
        self.assertEqual(document["gradients"], 50 * (7 * 100 + 1))  # one at the start
        self.assertEqual((document["divergent"], document["non_finite"]), (0, 0))
        self.assertTrue(0.5 < document["acceptance"] <= 1)
        document = self.json_of(f"{walk} parallel-tempering --replicas 4")
        self.assertEqual(document["inner"], "mala")
        self.assertEqual(len(document["swap_rates"]), 3)
        self.assertTrue(all(0.1 < rate < 1 for rate in document["swap_rates"]))
        # Pairs take turns: after one step the middle one had no chance yet.
        document = self.json_of(f"{walk} parallel-tempering --steps 1".replace("--steps 100 ", ""))
        self.assertEqual([rate is None for rate in document["swap_rates"]], [False, True, False])

    def test_replica_exchange_reaches_what_its_sampler_does_not(self) -> None:
        # All start at (1, 0), one of 25 wells. Three of five columns have x < 0.5: of 64 chains 38,
        # and less than a fifth would be 6 standard errors off.
        start = made_files.npy((1, 2), made_files.floats([1.0, 0.0]))
        (self.folder / "s.npy").write_bytes(start)
        walk = ("sample --energy toy:25gaussians --n 64 --steps 3000 --init s.npy --step-size 0.002"
                " --out x.npy --sampler")
        reached = []
        for words in ("mala", "parallel-tempering --replicas 8 --max-temperature 300"):
            self.ebm(f"{walk} {words}")
            _, values = made_files.read_npy(self.folder / "x.npy")
            reached.append(sum(x < 0.5 for x in values[0::2]))
        self.assertEqual(reached[0], 0)
        self.assertGreater(reached[1], 64 / 5)

    def test_annealing_ends_in_modes(self) -> None:
        document = self.json_of("sample --energy toy:double-well --n 100 --steps 2000 --out x.npy"
                                " --sampler annealed --temperature-schedule geometric:2:0.0001")
        self.assertAlmostEqual(document["temperature"], 0.0001, places=7)
        _, values = made_files.read_npy(self.folder / "x.npy")
        # In a well of E'' = 16: sd = sqrt(T / 16) = 0.0025.
        self.assertTrue(all(abs(abs(x) - 1) < 0.0025 * 6 for x in values))
        self.assertTrue(20 < sum(x > 0 for x in values) < 80)

    def test_noise_scale_is_a_temperature(self) -> None:
        # T = s²/(2·0.005) = 0.5, also where replica exchange asks for it.
        walk = "sample --energy toy:double-well --n 200 --steps 50 --step-size 0.005 --out"
        for sampler in ("langevin", "parallel-tempering --inner langevin"):
            with self.subTest(sampler=sampler):
                by_noise = self.json_of(f"{walk} x.npy --sampler {sampler}"
                                        f" --noise-scale {math.sqrt(0.005)}")
                by_temperature = self.json_of(f"{walk} y.npy --sampler {sampler} --temperature 0.5")
                self.assertAlmostEqual(by_noise["temperature"], 0.5, places=6)
                self.assertAlmostEqual(by_temperature["temperature"], 0.5, places=6)
                if "swap_rates" in by_noise:
                    for one, other in zip(by_noise["swap_rates"], by_temperature["swap_rates"]):
                        self.assertAlmostEqual(one, other, delta=0.01)

    def test_descents_have_no_temperature(self) -> None:
        for sampler in ("gradient-descent", "nesterov"):
            document = self.json_of("sample --energy toy:double-well --n 9 --out x.npy --sampler "
                                    + sampler)
            self.assertNotIn("temperature", document)
            self.assertLess(document["energy"]["mean"], 1e-6)


class BoxTest(command_case.CommandTest):
    """Walls."""

    def test_chains_stay_inside(self) -> None:
        for words in ("langevin", "langevin --box-rule reflect", "mala", "hmc", "underdamped",
                      "gradient-descent", "nesterov", "parallel-tempering", "annealed"):
            with self.subTest(sampler=words):
                self.ebm("sample --energy toy:gaussian --n 100 --steps 100 --box 0.25,1.5"
                         f" --trace t.npy --out x.npy --sampler {words}")
                _, values = made_files.read_npy(self.folder / "t.npy")
                self.assertGreaterEqual(min(values), 0.25)
                self.assertLessEqual(max(values), 1.5)

    def test_reflecting_samplers_are_exact_at_a_wall(self) -> None:
        # N(0, 1) on [0, 1]: E[x] = (φ(0) − φ(1)) / (Φ(1) − Φ(0)) = 0.459862, sd 0.283, so that
        # 20000 values have a standard error of 0.0020. A uniform density would have 0.5.
        for words in ("mala --step-size 0.05", "hmc"):
            with self.subTest(sampler=words):
                self.ebm("sample --energy toy:gaussian --n 10000 --steps 100 --box 0,1 --out x.npy"
                         f" --sampler {words}")
                _, values = made_files.read_npy(self.folder / "x.npy")
                self.assertAlmostEqual(sum(values) / len(values), 0.459862, delta=0.01)
        self.ebm("sample --energy toy:gaussian --n 10000 --steps 100 --box 0,1 --out x.npy"
                 " --sampler langevin --step-size 0.05")
        _, values = made_files.read_npy(self.folder / "x.npy")
        self.assertGreater(sum(x in (0.0, 1.0) for x in values), 1000)


class AdaptTest(command_case.CommandTest):
    """--adapt, --adapt-out and --adapted."""

    WALK = "sample --energy toy:gaussian,dim=3,sd=4,condition=100 --n 32 --steps 50"

    def test_what_is_found_serves_a_later_walk(self) -> None:
        for sampler, target in (("mala", 0.574), ("hmc", 0.8), ("nuts", 0.8)):
            with self.subTest(sampler=sampler):
                document = self.json_of(f"{self.WALK} --sampler {sampler} --adapt --burn-in 600"
                                        " --adapt-out a.json --out x.npy")
                found = document["adapted"]
                self.assertEqual(found.keys(),
                                 {"sampler", "step_size", "inverse_mass", "acceptance"})
                self.assertEqual(document["step_size"], found["step_size"])
                self.assertAlmostEqual(document["acceptance"], target, delta=0.12)
                # Variances from 16 down to 0.16 of 32 chains over hundreds of draws.
                for mass, variance in zip(found["inverse_mass"], (16, 1.6, 0.16)):
                    self.assertTrue(0.6 < mass / variance < 1.6, found)
                saved = json.loads(self.bytes_of("a.json"))
                del found["acceptance"]
                self.assertEqual(saved, found)
                later = f"{self.WALK} --init x.npy --seed 1 --sampler {sampler} --adapted a.json"
                document = self.json_of(f"{later} --out y.npy")
                self.assertEqual(document["step_size"], found["step_size"])
                self.assertAlmostEqual(document["acceptance"], target, delta=0.12)
                # Step size and mass both count.
                others = [found | {"step_size": 0.5 * found["step_size"]},
                          found | {"inverse_mass": [1, 1, 1]}]
                for other in others:
                    (self.folder / "a.json").write_text(json.dumps(other), encoding="utf-8")
                    # Without the mass steps are too large, and a line says so.
                    run_ebm.run_well(command_case.options.ebm, f"{later} --out z.npy".split(),
                                     self.folder)
                    self.assertNotEqual(self.bytes_of("y.npy"), self.bytes_of("z.npy"))

    def test_found_for_the_sampler_inside(self) -> None:
        self.ebm(f"{self.WALK} --sampler mala --adapt --burn-in 200 --adapt-out a.json --out x.npy")
        found = json.loads(self.bytes_of("a.json"))
        document = self.json_of(f"{self.WALK} --sampler parallel-tempering --adapted a.json"
                                " --out y.npy")
        self.assertEqual((document["inner"], document["step_size"]), ("mala", found["step_size"]))

    def test_a_given_step_size_wins(self) -> None:
        self.ebm(f"{self.WALK} --sampler hmc --adapt --burn-in 50 --adapt-out a.json --out x.npy")
        document = self.json_of(f"{self.WALK} --sampler hmc --adapted a.json --step-size 0.25"
                                " --out y.npy")
        self.assertEqual(document["step_size"], 0.25)

    def test_text_names_what_was_found(self) -> None:
        text = self.ebm(f"{self.WALK} --sampler hmc --adapt --out x.npy").stdout
        self.assertRegex(text, r"(?m)^adapted in 1000 steps: step_size [\d.]+ "
                               r"\(acceptance 0\.\d+\), inverse mass( [\d.]+){3}$")

    def test_does_not_depend_on_threads(self) -> None:
        for threads in (1, 2, 3):
            self.ebm(f"{self.WALK} --sampler nuts --adapt --burn-in 100 --threads {threads}"
                     f" --adapt-out {threads}.json --out {threads}.npy")
        for ending in ("json", "npy"):
            self.assertEqual(self.bytes_of(f"1.{ending}"), self.bytes_of(f"2.{ending}"))
            self.assertEqual(self.bytes_of(f"1.{ending}"), self.bytes_of(f"3.{ending}"))


class DiagnoseTest(command_case.CommandTest):
    """--diagnose."""

    WALK = "sample --energy toy:gaussian --n 16 --steps 400 --diagnose --sampler"

    def test_json(self) -> None:
        document = self.json_of(f"{self.WALK} hmc --step-size 0.3 --leapfrog 5")["diagnostics"]
        self.assertEqual(document.keys(),
                         {"n_chains", "n_draws", "seconds", "rows", "rows_left_out", "e_bfmi",
                          "acceptance", "divergent", "warnings"})
        self.assertEqual((document["n_chains"], document["n_draws"]), (16, 400))
        self.assertEqual([row["name"] for row in document["rows"]], ["energy", "x[0]", "x[1]"])
        self.assertEqual(document["rows"][1].keys(),
                         {"name", "mean", "mcse", "sd", "q5", "q50", "q95", "ess_bulk", "ess_tail",
                          "ess_bulk_per_s", "rhat", "lag1"})
        self.assertEqual(document["warnings"], [])
        for row in document["rows"][1:]:
            self.assertLess(abs(row["mean"]), 5 * row["mcse"])
            self.assertAlmostEqual(row["sd"], 1, delta=0.1)

    def test_diagnosis_is_that_of_the_trace(self) -> None:
        document = self.json_of(f"{self.WALK} mala --step-size 0.3 --thinning 8 --burn-in 20"
                                " --trace t.npy")["diagnostics"]
        shape, values = made_files.read_npy(self.folder / "t.npy")
        self.assertEqual(shape, (50, 16, 2))
        self.assertEqual(document["n_draws"], 50)
        self.assertNotIn("e_bfmi", document)
        for d in (0, 1):
            x = values[d::2]
            self.assertAlmostEqual(document["rows"][1 + d]["mean"], sum(x) / len(x), places=5)
        energies = [0.5 * (values[i] ** 2 + values[i + 1] ** 2) for i in range(0, len(values), 2)]
        self.assertAlmostEqual(document["rows"][0]["mean"], sum(energies) / len(energies), places=4)

    def test_table_and_warnings(self) -> None:
        text = self.ebm(f"{self.WALK} hmc --step-size 0.001").stdout
        self.assertRegex(text, r"(?m)^16 chains x 400 draws in ")
        self.assertRegex(text, r"(?m)^ +Mean +MCSE +StdDev +5% +50% +95% +ESS_bulk +ESS_tail "
                               r"+ESS_bulk/s +R_hat +lag_1$")
        for row in ("energy", r"x\[0\]", r"x\[1\]"):
            self.assertRegex(text, rf"(?m)^{row}( +-?[\d.e+]+){{11}}$")
        self.assertRegex(text, r"(?m)^E-BFMI \S+, acceptance \S+, 0 divergent steps$")
        self.assertRegex(text, r"(?m)^warning: R-hat of 3 of 3 scalars is above 1.01")

    def test_few_draws_say_so(self) -> None:
        document = self.json_of("sample --energy toy:double-well --n 4 --steps 3 --diagnose")
        self.assertEqual(len(document["diagnostics"]["warnings"]), 1)
        self.assertIn("3 draws per chain are too few", document["diagnostics"]["warnings"][0])


if __name__ == "__main__":
    command_case.main(__doc__)
