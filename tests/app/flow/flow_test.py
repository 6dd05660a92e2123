#!/usr/bin/env python3
"""ebm flow: what its commands print and write."""
import math
import pathlib
import shutil
import signal
import tempfile

import command_case
import compare_runs
import made_files
import run_ebm

TRAIN = ("flow train --data {data} --iterations {n} --set log_every=2 --set sample_every=4"
         " --set checkpoint_every=2 --set blocks=2 --set hidden=8 --seed 5 --threads {threads}"
         " --out {out}")


class FlowTest(command_case.CommandTest):
    """ebm flow."""

    trained: pathlib.Path
    """Run folder of a small flow on 8 Gaussians."""

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.trained = pathlib.Path(scratch.name) / "run"
        arguments = TRAIN.format(data="toy:8gaussians#limit=400", n=8, threads=2, out=cls.trained)
        run_ebm.run_well(command_case.options.ebm, arguments.split(), cls.trained.parent)

    def copy_trained(self) -> None:
        """The run folder `run`."""
        shutil.copytree(self.trained, self.folder / "run")

    def train(self, out: str, data: str = "toy:8gaussians#limit=400", n: int = 8,
              threads: int = 2) -> None:
        """A small flow in a run folder."""
        self.ebm(TRAIN.format(data=data, n=n, threads=threads, out=out))

    def test_a_run_folder_is_complete_and_the_same_for_any_number_of_threads(self) -> None:
        document = self.json_of(TRAIN.format(data="toy:8gaussians#limit=400", n=8, threads=1,
                                             out="one"))
        self.assertEqual(document["iteration"], 8)
        self.assertEqual(document["picture"], "one/samples/flow_000008.png")
        for name in ("config.toml", "metrics.csv", "model.safetensors",
                     "samples/flow_000004.png"):
            self.assertTrue((self.folder / "one" / name).exists(), name)
        self.train("three", threads=3)
        self.assertEqual(compare_runs.differences(self.folder / "one", self.folder / "three"), [])
        self.assertEqual(self.json_of("report one")["rows"], 4)

    def test_a_killed_run_goes_on_as_if_it_had_not_been(self) -> None:
        self.train("whole", n=40)
        arguments = TRAIN.format(data="toy:8gaussians#limit=400", n=40, threads=2, out="cut")
        for _ in range(5):
            process = self.start_run(arguments, "cut", least=6)
            if process:
                process.send_signal(signal.SIGKILL)
                process.wait()
                break
            shutil.rmtree(self.folder / "cut")
        self.assertIsNotNone(process, "it was never killed in time")
        text = self.start("flow train --resume --out cut").communicate()[1]
        self.assertRegex(text, r"resumed cut from iteration [1-9]")
        self.assertEqual(compare_runs.differences(self.folder / "whole", self.folder / "cut"), [])

    def test_samples_come_back_from_where_they_were_sent(self) -> None:
        self.copy_trained()
        document = self.json_of("flow sample run --n 100 --seed 3 --out x.npy")
        self.assertGreater(document.pop("iterations"), 1)
        self.assertEqual(document, {"n": 100, "out": "x.npy", "warnings": []})
        self.assertEqual(made_files.read_npy(self.folder / "x.npy")[0], (100, 2))
        self.ebm("flow sample run --n 100 --seed 3 --threads 1 --out y.npy")
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("y.npy"))
        self.ebm("flow sample run --temperature 0.5 --out z.png")
        self.assertEqual(made_files.png_size(self.bytes_of("z.png")), (512, 512))
        trip = self.json_of("flow invert run --data npy:x.npy --n 50")
        self.assertEqual(trip["n"], 50)
        self.assertLess(trip["max_error"], 1e-5)
        self.assertEqual(len(trip["blocks"]), 2)
        for block in trip["blocks"]:
            self.assertLessEqual(block["iterations"], block["bound_iterations"])
            self.assertLess(block["lipschitz"], 0.7291)
        self.assertIn("there and back in single precision",
                      self.ebm("flow invert run --data npy:x.npy --precision single").stdout)

    def test_scores_are_densities(self) -> None:
        self.copy_trained()
        # A grid of step 0.1: Σ p·0.01 = 1.
        side = [-8 + 0.1 * i for i in range(161)]
        rows = [value for x in side for y in side for value in (x, y)]
        (self.folder / "grid.npy").write_bytes(
            made_files.npy((161 * 161, 2), made_files.floats(rows)))
        document = self.json_of("flow score run --data npy:grid.npy --log-det exact --out e.npy")
        self.assertEqual(document["n"], 161 * 161)
        energies = made_files.read_npy(self.folder / "e.npy")[1]
        self.assertAlmostEqual(sum(math.exp(-e) for e in energies) * 0.01, 1.0, delta=1e-3)
        self.assertAlmostEqual(document["log_density"], -sum(energies) / len(energies), places=3)
        # Without --data, of what the flow was trained on.
        self.assertEqual(self.json_of("flow score run --n 30")["n"], 30)
        self.assertEqual(self.json_of("flow invert run --n 20")["n"], 20)
        series = self.json_of("flow score run --data npy:grid.npy --n 500 --terms 9"
                              " --log-det series")
        self.assertEqual(series["n"], 500)
        self.assertGreater(series["truncation_bound"], 0)
        for arguments, message in (
                ("--terms 9", "terms: is for --log-det series or roulette; auto is exact"),
                ("--log-det series --roulette 0.5",
                 "roulette: is for --log-det roulette; series here")):
            done = run_ebm.run(command_case.options.ebm,
                               f"flow score run --data npy:grid.npy {arguments}".split(),
                               self.folder)
            self.assertEqual((done.code, done.stdout), (64, ""))
            self.assertIn(message, done.stderr)

    def test_a_flow_is_noise_to_tell_data_from(self) -> None:
        self.copy_trained()
        arguments = ("train --data toy:8gaussians#limit=400 --objective nce --iterations 6 --seed 2"
                     " --set log_every=2 --set sample_every=3 --set sample_steps=9"
                     " --set checkpoint_every=3 --threads {}"
                     " --out {}")
        self.ebm(arguments.format(1, "one") + " --set noise=run")
        self.ebm(arguments.format(2, "two") + " --set noise=run")
        self.assertEqual(compare_runs.differences(self.folder / "one", self.folder / "two"), [])
        self.ebm(arguments.format(2, "plain"))
        self.assertNotEqual(self.bytes_of("plain/model.safetensors"),
                            self.bytes_of("one/model.safetensors"))
        self.assertIn("images_per_s", self.bytes_of("one/metrics.csv").decode())

    def test_noise_learns_and_goes_on_as_it_was(self) -> None:
        self.copy_trained()
        arguments = ("train --data toy:8gaussians#limit=400 --objective nce --seed 2"
                     " --iterations {} --set log_every=2 --set sample_every=0"
                     " --set checkpoint_every=2 --set noise=first --set noise_learning_rate=1e-3"
                     " --set lr_schedule=constant --threads {} --out {}")
        shutil.copytree(self.folder / "run", self.folder / "first")
        self.ebm(arguments.format(6, 1, "whole"))
        self.ebm(arguments.format(4, 2, "cut"))
        # The flow that it began with is not needed any more.
        shutil.rmtree(self.folder / "first")
        self.assertIn("resumed cut from iteration 4",
                      self.start("train --resume --iterations 6 --out cut").communicate()[1])
        for name in ("model.safetensors", "noise.safetensors"):
            self.assertEqual(self.bytes_of(f"whole/{name}"), self.bytes_of(f"cut/{name}"))
        self.assertNotEqual(self.bytes_of("whole/noise.safetensors"),
                            self.bytes_of("run/model.safetensors"))
        self.assertEqual(
            self.json_of("flow sample whole/noise.safetensors --n 5 --out x.npy")["n"], 5)
        # A damaged flow is told.
        for checkpoint in (self.folder / "cut/checkpoints").iterdir():
            (checkpoint / "noise.safetensors").unlink()
        done = run_ebm.run(command_case.options.ebm,
                           "train --resume --iterations 8 --out cut".split(), self.folder)
        self.assertEqual(done.code, 65)
        self.assertIn("noise.safetensors", done.stderr)

    def test_a_flow_can_be_tilted(self) -> None:
        self.copy_trained()
        # At T = 1/4: noise² / (2·step).
        arguments = ("train --data toy:8gaussians#limit=400 --iterations 4 --seed 2"
                     " --set log_every=2 --set steps=3 --set batch_size=32"
                     " --set checkpoint_every=2 --set sample_every=0"
                     " --set step_size=0.125 --set noise_scale=0.25 --set learning_rate=1e-30")
        for out, more in (("one", "--set base=run --threads 1"), ("two", "--set base=run"),
                          ("plain", "")):
            self.ebm(f"{arguments} --out {out} {more}")
        self.assertEqual(self.bytes_of("one/model.safetensors"),
                         self.bytes_of("two/model.safetensors"))
        # Weights that do not move: E of the tilted model is that of the other one + T·E of the
        # flow.
        energies = {}
        for model in ("one", "plain", "run"):
            self.ebm(f"score {model} --data toy:8gaussians#limit=100 --out {model}.npy")
            energies[model] = made_files.read_npy(self.folder / f"{model}.npy")[1]
        for tilted, plain, flow in zip(*energies.values()):
            self.assertAlmostEqual(tilted, plain + flow / 4, delta=1e-5 * (1 + abs(tilted)))
        # And that of a flow is -ln p.
        self.ebm("flow score run --data toy:8gaussians#limit=100 --log-det exact --out f.npy")
        for score, flow in zip(made_files.read_npy(self.folder / "f.npy")[1], energies["run"]):
            self.assertAlmostEqual(score, flow, delta=1e-4)
        self.assertEqual(self.json_of("sample one --n 8 --steps 3 --out x.npy")["n"], 8)
        # Training goes on with the flow of its checkpoint; the file is no longer needed.
        fixed = " --set lr_decay_start=2 --set lr_decay_end=6"
        self.ebm(arguments.replace("--iterations 4", "--iterations 6")
                 + f" --out whole --set base=run {fixed}")
        self.ebm(f"{arguments} --out parts --set base=run {fixed}")
        shutil.rmtree(self.folder / "run")
        self.assertEqual(self.start("train --resume --out parts --iterations 6").wait(), 0)
        for name in ("model", "checkpoints/000006/replay"):
            self.assertEqual(self.bytes_of(f"whole/{name}.safetensors"),
                             self.bytes_of(f"parts/{name}.safetensors"), name)

    def test_a_flow_is_an_energy_to_walk_on(self) -> None:
        self.copy_trained()
        document = self.json_of("sample run --sampler mala --step-size 0.1 --n 32 --steps 9"
                                " --out x.npy")
        self.assertGreater(document["acceptance"], 0.5)
        self.assertEqual(made_files.read_npy(self.folder / "x.npy")[0], (32, 2))
        modes = self.json_of("modes run --n 20 --frames 3 --lag 2 --descent-steps 9 --paths 0")
        self.assertGreaterEqual(len(modes["modules"]), 1)

    def test_images_have_bits(self) -> None:
        self.train("run", data="fashion-mnist#limit=200", n=4)
        arguments = "flow score run --data fashion-mnist#split=test --n 40 --terms 4"
        document = self.json_of(f"{arguments} --out e.csv")
        self.assertAlmostEqual(
            document["bits_per_dim"], 7 - document["log_density"] / (784 * math.log(2)), places=9)
        self.assertLess(document["bits_per_dim"], 10)
        lines = self.bytes_of("e.csv").decode().splitlines()
        self.assertEqual(lines[0], "item,label,energy")
        self.assertEqual(len(lines), 41)
        roulette = self.json_of(f"{arguments} --log-det roulette")
        self.assertAlmostEqual(roulette["bits_per_dim"], document["bits_per_dim"], delta=0.05)
        self.assertIn("bits per dimension (SE", self.ebm(arguments).stdout)
        judged = self.json_of("eval run --data fashion-mnist#limit=300 --n 70 --steps 1"
                              " --long-run 0 --temperatures 0")
        self.assertGreater(judged["fd"], judged["anchors"]["test"]["fd"])
        # Of Langevin at T = 1: sqrt(2·0.01).
        self.assertAlmostEqual(judged["noise_scale"], math.sqrt(0.02), places=6)
        trip = self.json_of("flow invert run --data fashion-mnist --n 3")
        self.assertLess(trip["max_error"], 1e-5)


if __name__ == "__main__":
    command_case.main(__doc__)
