#!/usr/bin/env python3
"""`ebm bench` of the analytic energies."""
import csv
import json
import signal

import command_case
import made_files


class BenchTest(command_case.CommandTest):
    """ebm bench. What it measures hangs on the machine; how it tells it does not."""

    WORDS = "bench --n 100,37 --steps 5 --repetitions 2"
    ROW = ["energy", "dim", "sampler", "chains", "steps", "threads", "backend", "repetitions",
           "chain_steps_per_s", "chain_steps_per_s_min", "chain_steps_per_s_max",
           "chain_steps_per_s_sd", "gradients_per_s", "ms"]
    COLUMNS = [*ROW, "gflops", "peak_fraction", "precision", "cpu", "cores", "simd", "version"]

    def test_json_has_a_row_for_every_combination(self) -> None:
        document = self.json_of(f"{self.WORDS} --energy toy:double-well,dim=3 --threads 1,2"
                                " --energy toy:8gaussians --sampler langevin,hmc")
        self.assertEqual(document.keys(), {"machine", "rows"})
        self.assertEqual(document["machine"].keys(),
                         {"cpu", "cores", "simd", "memory_bytes", "version", "fma_peak_gflops"})
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
        text = self.ebm(f"{self.WORDS} --format csv --threads 1,2").stdout
        lines = text.splitlines()
        self.assertEqual(lines[0], ",".join(self.COLUMNS))
        self.assertEqual(len(lines), 1 + 4)
        for line in lines[1:]:
            self.assertRegex(line, r'^"toy:double-well",1,langevin,(100|37),5,[12],analytic,2,')
        for row in csv.reader(lines):
            self.assertEqual(len(row), len(self.COLUMNS))

    def test_files_have_the_machine_in_every_row(self) -> None:
        version = self.ebm("--version").stdout.strip()
        table = self.ebm(f"{self.WORDS} --threads 1 --out rows.csv").stdout
        self.assertRegex(table, r"(?m)^toy:double-well ")  # the table is printed all the same
        self.ebm(f"{self.WORDS} --threads 1 --out rows.json")
        machine = json.loads(self.bytes_of("rows.json"))["machine"]
        with open(self.folder / "rows.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 2)
        for row in rows:
            self.assertEqual(list(row), self.COLUMNS)
            self.assertEqual((row["cpu"], row["cores"], row["simd"], row["version"]),
                             (machine["cpu"], str(machine["cores"]), machine["simd"], version))
            self.assertEqual((row["gflops"], row["peak_fraction"]), ("", ""))  # of networks

    def test_files_of_networks_and_of_their_layers(self) -> None:
        self.ebm("bench --net mlp --n 16 --steps 2 --repetitions 1 --threads 1 --out rows.csv")
        with open(self.folder / "rows.csv", encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file))
        self.assertGreater(float(row["gflops"]), 0)
        self.assertGreater(float(row["peak_fraction"]), 0)
        self.ebm("bench --net mlp --layers --repetitions 1 --out layers.csv")
        with open(self.folder / "layers.csv", encoding="utf-8", newline="") as file:
            layers = list(csv.DictReader(file))
        self.assertEqual(list(layers[0]), ["net", "precision", "layer", "flops", "forward_us",
                                           "backward_us", "cpu", "cores", "simd", "version"])
        self.assertEqual({each["version"] for each in layers}, {row["version"]})

    def test_precisions_have_rows_and_peaks_of_their_own(self) -> None:
        words = "bench --net mlp --n 16 --steps 2 --repetitions 1 --threads 1"
        document = self.json_of(f"{words} --precision f32,bf16")
        machine = document["machine"]
        self.assertIn(machine["bf16_unit"], ("AMX_BF16", "AVX512_BF16", "F32"))
        self.assertEqual([row["precision"] for row in document["rows"]], ["f32", "bf16"])
        for row, peak in zip(document["rows"], ("fma_peak_gflops", "bf16_peak_gflops")):
            self.assertAlmostEqual(row["peak_fraction"], row["gflops"] / machine[peak]["1"])
        self.assertNotIn("bf16_unit", self.json_of(words)["machine"])
        table = self.ebm(f"{words} --precision f32,bf16").stdout
        self.assertRegex(table, r"(?m)^bf16 peak +[\d.e+]+ GFLOP/s in bfloat16 by \w+ on 1 thread$")
        self.assertRegex(table, r"(?m)^mlp .* compiled +bf16 ")
        layers = self.json_of("bench --net mlp --layers --repetitions 1 --precision bf16,f32")
        self.assertEqual({row["precision"] for row in layers["rows"]}, {"f32", "bf16"})

    def test_plot_is_a_picture_of_what_was_swept(self) -> None:
        self.ebm(f"{self.WORDS} --threads 1,2 --plot rates.png")
        width, height = made_files.png_size(self.bytes_of("rates.png"))
        self.assertEqual(width, 1400)  # over threads and over chains
        self.assertGreater(height, 480)
        self.ebm(f"{self.WORDS} --threads 1 --plot one.png")
        self.assertEqual(made_files.png_size(self.bytes_of("one.png"))[0], 700)

    def test_two_files_are_compared_row_by_row(self) -> None:
        self.ebm(f"{self.WORDS} --threads 1,2 --out a.json")
        self.ebm(f"{self.WORDS} --threads 2 --sampler langevin,mala --out b.json")
        rates = [{(row["sampler"], row["chains"], row["threads"]): row["chain_steps_per_s"]
                  for row in json.loads(self.bytes_of(name))["rows"]}
                 for name in ("a.json", "b.json")]
        document = self.json_of("bench --compare a.json b.json")
        self.assertEqual((document["only_in_a"], document["only_in_b"]), (2, 2))
        self.assertEqual([(row["chains"], row["threads"]) for row in document["rows"]],
                         [(100, 2), (37, 2)])
        for row in document["rows"]:
            a, b = (each["langevin", row["chains"], row["threads"]] for each in rates)
            self.assertAlmostEqual(row["ratio"], b / a)
        table = self.ebm("bench --compare a.json b.json").stdout
        self.assertRegex(table, r"(?m)^toy:double-well, langevin, analytic +100 +5 +2 ")
        self.assertRegex(table, r"(?m)^rows only in A: 2; only in B: 2$")

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
                    "parallel-tempering,annealed,gradient-flow")
        rows = self.json_of(f"bench --n 32 --steps 3 --repetitions 1 --sampler {samplers}")["rows"]
        self.assertEqual([row["sampler"] for row in rows], samplers.split(","))

    def test_interrupt_prints_nothing(self) -> None:
        process = self.start("bench --n 16 --steps 1000000000")
        self.assertRegex(process.stderr.readline(), r"^bench ")
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate()
        self.assertEqual(process.returncode, 130)
        self.assertEqual(stdout, "")
        self.assertIn("nothing was written", stderr)


if __name__ == "__main__":
    command_case.main(__doc__)
