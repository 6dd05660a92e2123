#!/usr/bin/env python3
"""What the commands of `ebm` do when all is well: output files, JSON, determinism, signals."""
import array
import json
import math
import pathlib
import re
import shutil
import signal
import tempfile
import time
import unittest

import command_case
import compare_runs
import made_files
import run_ebm

TRAIN = ("train --data idx:images --net net.toml --iterations 60 --seed 1 --set checkpoint_every=10"
         " --set batch_size=16 --set steps=10 --set sample_every=20 --set sample_steps=4"
         " --set log_every=1 --set buffer_capacity=128")


class HelpTest(command_case.CommandTest):
    """--help and --version."""

    def test_help_shows_defaults(self) -> None:
        shown = {"": [r"sample", r"train", r"score", r"data", r"bench"],
                 "bench": [r"--n\b[^\n]*100000", r"--repetitions\b[^\n]*5"],
                 "data": [r"SPEC", r"--json"],
                 "report": [r"RUN", r"--out", r"--json"],
                 "sample": [r"--n\b[^\n]*64", r"--seed\b[^\n]*0", r"--init\b[^\n]*noise"]}
        if command_case.options.torch:
            shown["train"] = [r"batch_size = 64", r"steps = 20", r"net = 'uva'", r"--resume"]
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
        for group in ("What to walk on", "How far", "Sampler", "Of one sampler"):
            self.assertRegex(text, rf"(?m)^{group}[^\n]*:$")

    def test_version(self) -> None:
        self.assertRegex(self.ebm("--version").stdout, r"^\d+\.\d+\.\d+\n$")


class DataTest(command_case.CommandTest):
    """ebm data."""

    def test_counts_and_classes_of_an_idx_folder(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 50, 12, n_classes=4)
        document = self.json_of("data idx:images")
        self.assertEqual(document.keys(), {"name", "n", "shape", "kind", "is_image", "stored",
                                           "scaled", "classes"})
        self.assertEqual(document["n"], 50)
        self.assertEqual(document["shape"], [1, 12, 12])
        self.assertEqual(document["kind"], "uint8")
        self.assertIs(document["is_image"], True)
        counts = [(each["label"], each["n"]) for each in document["classes"]]
        self.assertEqual(counts, [(0, 13), (1, 13), (2, 12), (3, 12)])
        self.assertGreaterEqual(document["scaled"]["min"], -1.0)
        self.assertLessEqual(document["scaled"]["max"], 1.0)
        table = self.ebm("data idx:images").stdout
        self.assertRegex(table, r"(?m)^items +50$")
        self.assertRegex(table, r"(?m)^classes +4$")

    def test_options_pick_items(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 50, 12, n_classes=4)
        document = self.json_of("data idx:images#class=2,limit=5,size=8")
        self.assertEqual((document["n"], document["shape"]), (5, [1, 8, 8]))
        self.assertEqual([each["label"] for each in document["classes"]], [2])

    def test_picture(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 9, 12)
        self.ebm("data idx:images --out grid.png")
        width, height = made_files.png_size(self.bytes_of("grid.png"))
        self.assertGreaterEqual(min(width, height), 3 * 12)


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
                          "simd"})
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
        stdout, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(stdout, "")
        self.assertIn("nothing was written", stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["x.npy"])
        self.assertEqual(self.bytes_of("x.npy"), b"old")


class BenchTest(command_case.CommandTest):
    """ebm bench. What it measures hangs on the machine; how it tells it does not."""

    WORDS = "bench --n 100,37 --steps 5 --repetitions 2"
    ROW = ["energy", "dim", "sampler", "chains", "steps", "threads", "backend", "repetitions",
           "chain_steps_per_s", "chain_steps_per_s_min", "chain_steps_per_s_max",
           "chain_steps_per_s_sd", "gradients_per_s", "ms"]

    def test_json_has_a_row_for_every_combination(self) -> None:
        document = self.json_of(f"{self.WORDS} --energy toy:double-well,dim=3 --threads 1,2"
                                " --energy toy:8gaussians --sampler langevin,hmc")
        self.assertEqual(document.keys(), {"machine", "rows"})
        self.assertEqual(document["machine"].keys(),
                         {"cpu", "cores", "simd", "memory_bytes", "fma_peak_gflops"})
        self.assertEqual(document["machine"]["fma_peak_gflops"].keys(), {"1", "2"})
        rows = document["rows"]
        found = [(row["energy"], row["dim"], row["sampler"], row["chains"], row["threads"])
                 for row in rows]
        self.assertEqual(found, [(energy, dim, sampler, n, threads)
                                 for energy, dim in (("toy:double-well,dim=3", 3),
                                                     ("toy:8gaussians", 2))
                                 for sampler in ("langevin", "hmc")
                                 for n in (100, 37)
                                 for threads in (1, 2)])
        for row in rows:
            self.assertEqual(row.keys(), set(self.ROW))
            self.assertEqual((row["steps"], row["backend"], row["repetitions"]),
                             (5, "analytic", 2))
            self.assertLess(0, row["chain_steps_per_s_min"])
            self.assertLessEqual(row["chain_steps_per_s_min"], row["chain_steps_per_s"])
            self.assertLessEqual(row["chain_steps_per_s"], row["chain_steps_per_s_max"])

    def test_gradients_are_counted_where_a_step_takes_several(self) -> None:
        rows = self.json_of(f"{self.WORDS} --sampler langevin,hmc --leapfrog 7")["rows"]
        for row in rows:
            # HMC evaluates its start too, once in the 5 steps.
            expected = 1 if row["sampler"] == "langevin" else 7 + 1 / 5
            self.assertAlmostEqual(row["gradients_per_s"] / row["chain_steps_per_s"], expected)

    def test_csv_has_a_line_for_every_row(self) -> None:
        lines = self.ebm(f"{self.WORDS} --format csv --threads 1,2").stdout.splitlines()
        self.assertEqual(lines[0], ",".join(self.ROW))
        self.assertEqual(len(lines), 1 + 4)
        for line in lines[1:]:
            self.assertRegex(line, r'^"toy:double-well",1,langevin,(100|37),5,[12],analytic,2,')
            self.assertEqual(line.count(","), len(self.ROW) - 1)

    def test_table_names_the_machine(self) -> None:
        table = self.ebm(f"{self.WORDS} --threads 1").stdout
        self.assertRegex(table, r"(?m)^cpu +.*, \d+ cores, ")
        self.assertRegex(table, r"(?m)^simd +\w+$")
        self.assertRegex(table, r"(?m)^fma peak +[\d.e+]+ GFLOP/s in float32 on 1 thread$")
        self.assertRegex(table, r"(?m)^energy +dim +sampler +n +steps +threads +chain-steps/s ")
        rate = r"\d\.\d\de\d+ ± \d+\.\d\de\d+"
        self.assertRegex(table, rf"(?m)^toy:double-well +1  langevin +100 +5 +1 +{rate} ")

    def test_every_sampler_can_be_measured(self) -> None:
        samplers = ("langevin,mala,hmc,nuts,underdamped,gradient-descent,nesterov,"
                    "parallel-tempering,annealed")
        rows = self.json_of(f"bench --n 32 --steps 3 --repetitions 1 --sampler {samplers}")["rows"]
        self.assertEqual([row["sampler"] for row in rows], samplers.split(","))

    def test_interrupt_prints_nothing(self) -> None:
        process = self.start("bench --n 16 --steps 1000000000")
        self.assertRegex(process.stderr.readline(), r"^bench ")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(stdout, "")
        self.assertIn("nothing was printed", stderr)


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
                          "exact_log_z", "seconds", "simd"})
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

    def test_interrupt_ends_it_without_an_estimate(self) -> None:
        process = self.start(f"{self.WELL} --n 100000 --temperatures 1000000 --json")
        self.assertRegex(process.stderr.readline(), r"^logz ")
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 143)
        self.assertEqual(stdout, "")
        self.assertIn("there is no estimate", stderr)


class ModelTest(command_case.CommandTest):
    """Commands on a trained model."""

    trained: tempfile.TemporaryDirectory

    @classmethod
    def setUpClass(cls) -> None:
        if not command_case.options.torch:
            raise unittest.SkipTest("needs a build with LibTorch")
        cls.trained = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.trained.cleanup)
        folder = pathlib.Path(cls.trained.name)
        made_files.write_idx_folder(folder / "images", 100, 12)
        (folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        done = run_ebm.run_well(command_case.options.ebm, f"{TRAIN} --out run --json".split(),
                                folder)
        cls.train_stdout = done.stdout
        cls.train_stderr = done.stderr

    def setUp(self) -> None:
        super().setUp()
        for name in ("images", "net.toml", "run"):
            (self.folder / name).symlink_to(pathlib.Path(self.trained.name) / name)

    def test_train_json(self) -> None:
        document = json.loads(self.train_stdout)
        self.assertEqual(document, {"run": "run", "model": "run/model.safetensors", "iteration": 60,
                                    "end": "iterations", "picture": "run/samples/noise_000060.png"})
        for line in self.train_stderr.splitlines():
            self.assertRegex(line, r"^train +\d+%")

    def test_run_folder(self) -> None:
        run = self.folder / "run"
        self.assertIn("seed = 1\n", (run / "config.toml").read_text(encoding="utf-8"))
        rows = compare_runs.metrics_without_timing(run)
        self.assertEqual([row["iteration"] for row in rows], [str(i) for i in range(1, 61)])
        self.assertEqual(sorted(path.name for path in (run / "checkpoints").iterdir()),
                         ["000040", "000050", "000060"])
        pictures = sorted(path.name for path in (run / "samples").iterdir())
        self.assertEqual(pictures, [f"{kind}_0000{i}.png" for kind in ("buffer", "noise")
                                    for i in (20, 40, 60)])

    def test_samples_do_not_depend_on_threads(self) -> None:
        for backend in ("compiled", "torch"):
            for threads in (1, 2, 3, 7):
                self.ebm(f"sample run --n 113 --steps 5 --backend {backend} --threads {threads}"
                         f" --out {threads}.npy")
                self.assertEqual(self.bytes_of("1.npy"), self.bytes_of(f"{threads}.npy"), threads)

    def test_samples_are_images_in_the_box(self) -> None:
        words = "sample run --n 20 --steps 5"
        self.ebm(f"{words} --out x.npy")
        shape, values = made_files.read_npy(self.folder / "x.npy")
        self.assertEqual(shape, (20, 1, 12, 12))
        self.assertTrue(all(-1.0 <= x <= 1.0 for x in values))
        self.ebm(f"{words} --out x.png")
        self.assertGreaterEqual(min(made_files.png_size(self.bytes_of("x.png"))), 4 * 12)

    def test_log_z_of_a_model_is_that_on_its_box(self) -> None:
        self.ebm("sample run --n 16 --steps 5 --out x.npy")
        document = self.json_of("logz run --n 32 --temperatures 10 --reverse x.npy")
        self.assertEqual(document["reverse"]["n"], 16)
        self.assertEqual((document["dim"], document["base"]["box"]), (144, [-1, 1]))
        self.assertEqual(document["temperature"], 1)
        self.assertTrue(math.isfinite(document["log_z"]))

    def test_start_from_the_replay_buffer(self) -> None:
        self.ebm("sample run --init replay --n 40 --steps 0 --out x.npy")
        saved = made_files.read_safetensors(
            self.folder / "run/checkpoints/000060/replay.safetensors")
        dtype, shape, items = saved["items"]
        self.assertEqual((dtype, shape), ("F32", [128, 144]))
        _, values = made_files.read_npy(self.folder / "x.npy")
        self.assertEqual(values.tobytes(), items[:40 * 144 * 4])

    def test_score_csv_and_npy_agree_and_are_in_order(self) -> None:
        # Noise, and the same images backwards.
        self.ebm("sample run --n 30 --steps 0 --out x.npy")
        _, values = made_files.read_npy(self.folder / "x.npy")
        backwards = b"".join(values[144 * i:144 * (i + 1)].tobytes() for i in reversed(range(30)))
        (self.folder / "y.npy").write_bytes(made_files.npy((30, 1, 12, 12), backwards))
        document = self.json_of("score run --data npy:x.npy --out e.npy")
        self.assertEqual(document.keys(), {"out", "n", "energy"})
        shape, energies = made_files.read_npy(self.folder / "e.npy")
        self.assertEqual(shape, (30,))
        self.assertEqual(len(set(energies)), 30)
        self.assertAlmostEqual(document["energy"]["mean"], sum(energies) / 30, places=5)
        self.assertEqual(document["energy"]["min"], min(energies))
        self.ebm("score run --data npy:y.npy --out f.npy --threads 1")
        self.assertEqual(made_files.read_npy(self.folder / "f.npy")[1], energies[::-1])
        self.ebm("score run --data npy:x.npy --out e.csv")
        lines = self.bytes_of("e.csv").decode().splitlines()
        self.assertEqual(lines[0], "item,energy")
        self.assertEqual([int(line.split(",")[0]) for line in lines[1:]], list(range(30)))
        # float32 in its shortest form, which gives back the same bits.
        found = array.array("f", (float(line.split(",")[1]) for line in lines[1:]))
        self.assertEqual(found, energies)

    def test_score_csv_has_labels(self) -> None:
        self.ebm("score run --data idx:images#limit=5 --out e.csv")
        lines = self.bytes_of("e.csv").decode().splitlines()
        self.assertEqual(lines[0], "item,label,energy")
        self.assertEqual([line.split(",")[1] for line in lines[1:]], list("01201"))

    def test_run_checkpoint_and_file_are_one_model(self) -> None:
        energies = []
        for model in ("run", "run/checkpoints/000060", "run/model.safetensors"):
            self.ebm(f"score {model} --data idx:images --out e.npy")
            energies.append(self.bytes_of("e.npy"))
        self.assertEqual(energies[0], energies[1])
        self.assertEqual(energies[0], energies[2])
        self.ebm("score run/checkpoints/000040 --data idx:images --out e.npy")
        self.assertNotEqual(energies[0], self.bytes_of("e.npy"))

    def test_terminate_saves_and_resume_gives_the_same_bits(self) -> None:
        for _ in range(3):  # on a busy machine it may be at its end before the signal comes
            process = self.start(f"{TRAIN} --out stopped")
            while not (self.folder / "stopped/checkpoints/000010").exists():
                self.assertIsNone(process.poll(), "ended before its first checkpoint")
                time.sleep(0.002)
            process.terminate()
            process.communicate(timeout=60)
            if process.returncode != 0:
                break
            shutil.rmtree(self.folder / "stopped")
        self.assertEqual(process.returncode, 143)
        checkpoints = sorted(path.name for path in (self.folder / "stopped/checkpoints").iterdir())
        self.assertNotIn("000060", checkpoints)
        done = run_ebm.run_well(command_case.options.ebm, "train --resume --out stopped".split(), self.folder)
        resumed = re.search(r"(?m)^ebm: resumed stopped from iteration (\d+)$", done.stderr)
        self.assertIsNotNone(resumed, done.stderr)
        self.assertEqual(int(resumed[1]), int(checkpoints[-1]))
        self.assertEqual(compare_runs.differences(self.folder / "run", self.folder / "stopped"), [])

    def test_damaged_newest_checkpoint_gives_way_to_the_one_before(self) -> None:
        words = "train --data toy:8gaussians#limit=50 --net mlp --out toy --iterations 4"
        self.ebm(f"{words} --set checkpoint_every=2 --set batch_size=16 --set steps=2")
        self.ebm("sample toy/checkpoints/000002 --n 8 --out x.npy")
        path = self.folder / "toy/checkpoints/000004/model.safetensors"
        path.write_bytes(path.read_bytes()[:-1])
        done = run_ebm.run_well(command_case.options.ebm, "sample toy --n 8 --out y.npy".split(), self.folder)
        self.assertIn("000004/model.safetensors is damaged", done.stderr)
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("y.npy"))


if __name__ == "__main__":
    command_case.main(__doc__)
